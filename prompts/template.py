"""A text with named gaps that is filled strictly: a gap left open, or a filling left over, is an error."""

import hashlib
import re
from collections.abc import Iterable
from string import Formatter

from schemas.record import Record


class Template(Record):
    """One sentence, or two, with gaps written as {name}."""

    text: str
    """The wording; what a gap stands for is said where the wording is kept."""

    @property
    def gaps(self) -> frozenset[str]:
        """Names of the gaps; ValueError for a gap without a name or with a format."""
        found = set()
        for _, name, spec, conversion in Formatter().parse(self.text):
            if name is None:
                continue
            if not name.isidentifier() or spec or conversion:
                raise ValueError(f"a gap must be a plain {{name}}, got {{{name}}} in {self.text!r}")
            found.add(name)
        return frozenset(found)

    @property
    def digest(self) -> str:
        """First 16 hex digits of the SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    def fill(self, **fillings: str) -> str:
        """The text with every gap filled, each sentence opened by a capital.

        ValueError where a gap has no filling, or a filling no gap.
        """
        if fillings.keys() != self.gaps:
            raise ValueError(
                f"{self.text!r} takes {sorted(self.gaps)}, got {sorted(fillings)}: "
                f"missing {sorted(self.gaps - fillings.keys())}, unused {sorted(fillings.keys() - self.gaps)}"
            )
        return _capitalised(self.text.format(**fillings))


def _capitalised(text: str) -> str:
    return re.sub(r"(^|[.?!] )([a-z])", lambda match: match[1] + match[2].upper(), text)


def gaps_of_all(templates: Iterable[Template]) -> frozenset[str]:
    """The gaps that templates of one use must share; ValueError where they differ."""
    templates = tuple(templates)
    gaps = {template.gaps for template in templates}
    if len(gaps) != 1:
        raise ValueError(f"wordings of one use must have the same gaps, got {[t.text for t in templates]}")
    return gaps.pop()
