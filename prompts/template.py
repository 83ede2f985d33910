"""A text with named gaps. A gap without a filling, or a filling without a gap, is an error."""

import hashlib
import re
from collections.abc import Iterable
from string import Formatter
from typing import NamedTuple

from schemas.record import Record
from schemas.text_span import TextSpan


class Template(Record):
    """One or two sentences with gaps written as {name}."""

    text: str
    """The wording. The meaning of each gap is documented beside the stored wordings."""

    @property
    def gaps(self) -> frozenset[str]:
        """The names of the gaps. ValueError if a gap has no name, or a format."""
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
        """The text with every gap filled. Each sentence starts with a capital letter.

        ValueError if a gap has no filling, or a filling has no gap.
        """
        return self.filled(**fillings).text

    def filled(self, **fillings: str) -> "Filled":
        """The same, with the places of what was filled in."""
        if fillings.keys() != self.gaps:
            raise ValueError(
                f"{self.text!r} takes {sorted(self.gaps)}, got {sorted(fillings)}: "
                f"missing {sorted(self.gaps - fillings.keys())}, unused {sorted(fillings.keys() - self.gaps)}"
            )
        text, parts = "", []
        for plain, name, _, _ in Formatter().parse(self.text):
            text += plain
            if name is not None and fillings[name]:
                parts.append(TextSpan(start=len(text), end=len(text) + len(fillings[name])))
                text += fillings[name]
        return Filled(_capitalised(text), tuple(parts))


class Filled(NamedTuple):
    """A text that was made of a template."""

    text: str
    parts: tuple[TextSpan, ...]
    """What was filled in, in order of the text."""


def _capitalised(text: str) -> str:
    return re.sub(r"(^|[.?!] )([a-z])", lambda match: match[1] + match[2].upper(), text)


def gaps_of_all(templates: Iterable[Template]) -> frozenset[str]:
    """The gaps that all templates for one purpose share. ValueError if they differ."""
    templates = tuple(templates)
    gaps = {template.gaps for template in templates}
    if len(gaps) != 1:
        raise ValueError(f"wordings for one purpose must have the same gaps, got {[t.text for t in templates]}")
    return gaps.pop()
