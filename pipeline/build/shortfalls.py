"""Which aims of its recipe a finished set misses, since its videos are too few or too similar."""

from collections import Counter
from collections.abc import Iterator, Mapping

from pipeline.build.recipe import Recipe
from pipeline.dataset.finished_set import FinishedSet
from pipeline.dataset.overview import overview

_LEAST_PAIRS = 10
"""Below this many pairs a predicate is not reported."""
_ONE_SIDED = 0.9
"""Share of a predicate's pairs from which on one true value counts as a habit."""


def shortfalls(opened: FinishedSet) -> Iterator[str]:
    """One line per missed aim. Raises DatasetError if the set is damaged."""
    found, config = overview(opened), Recipe.of(opened.manifest).finalise
    total = found.rows["pairs"]
    if not total:
        return
    for predicate, count in found.counts["predicate"].items():
        if count > config.max_predicate_share * total + 1:
            aim = f"aim: at most {config.max_predicate_share:.0%}"
            yield f"{_words(predicate)} is in {count / total:.0%} of the pairs ({aim})"
    for axis, count in found.counts["axis"].items():
        if count < config.min_axis_share * total - 1:
            yield f"{_words(axis)} is {count / total:.0%} of the pairs (aim: at least {config.min_axis_share:.0%})"
    yield from _one_sided(opened, found.counts["predicate"])


def _one_sided(opened: FinishedSet, pairs: Mapping[str, int]) -> Iterator[str]:
    """Predicates with one value that is nearly always the true one, so that a model can answer without looking."""
    true: Counter[tuple[str, str]] = Counter()
    for part in opened.tables("pairs", ("chosen_claim.predicate", "chosen_claim.value")):
        claims = part.column("chosen_claim").to_pylist()
        true.update((claim["predicate"], claim["value"]) for claim in claims if claim and claim["value"])
    for (predicate, value), count in sorted(true.items()):
        if pairs[predicate] >= _LEAST_PAIRS and count >= _ONE_SIDED * pairs[predicate]:
            yield (
                f"{_words(predicate)}: '{value}' is the true answer in {count} of {pairs[predicate]} pairs; "
                "add videos in which another answer is true"
            )


def _words(name: str) -> str:
    return name.replace("_", " ")
