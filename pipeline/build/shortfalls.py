"""What a finished set falls short of: aims of its recipe that too few, or too similar, videos could not reach."""

from collections import Counter
from collections.abc import Iterator, Mapping

from pipeline.dataset.finished_set import FinishedSet
from pipeline.dataset.overview import overview
from pipeline.finalise.settings import FinaliseConfig

_TELLING_PAIRS = 10
"""Of fewer pairs of a predicate nothing is said."""
_ONE_SIDED = 0.9


def shortfalls(opened: FinishedSet) -> Iterator[str]:
    """A line for each. DatasetError where the set is damaged."""
    found, config = overview(opened), FinaliseConfig.model_validate(opened.manifest.recipe.get("finalise", {}))
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
    """Predicates of which nearly always one value is the true one: who has read the set need not look."""
    true: Counter[tuple[str, str]] = Counter()
    for part in opened.tables("pairs", ("chosen_claim.predicate", "chosen_claim.value")):
        claims = part.column("chosen_claim").to_pylist()
        true.update((claim["predicate"], claim["value"]) for claim in claims if claim and claim["value"])
    for (predicate, value), count in sorted(true.items()):
        if pairs[predicate] >= _TELLING_PAIRS and count >= _ONE_SIDED * pairs[predicate]:
            yield (
                f"of {_words(predicate)}, '{value}' is the true answer in {count} of {pairs[predicate]} pairs: "
                "videos in which another one is true are missing"
            )


def _words(name: str) -> str:
    return name.replace("_", " ")
