"""What a set consists of: pairs by predicate, axis and kind."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from schemas.claim import ABOUT_EDITS, Axis, Claim, Predicate
from schemas.pair import Pair, RejectedKind


@dataclass(frozen=True)
class PredicateCount:
    """How often one predicate occurs."""

    chosen_pairs: int
    chosen_clips: int
    rejected_pairs: int
    rejected_clips: int


@dataclass(frozen=True)
class Counts:
    """Statistics of a set."""

    pairs: int
    median_per_clip: float
    """Over all clips, those without pairs included."""
    axes: dict[Axis, float]
    """Share of pairs."""
    irrelevant: float
    """Share of pairs."""
    predicates: dict[Predicate, PredicateCount]
    largest: float
    """Share of pairs that the commonest predicate, or kind of planted edit, has as chosen, or as rejected."""
    grids_with_absent: float
    """Share of the groups about whole scenes that have an irrelevant answer: edits name no thing."""


def count(pairs: Sequence[Pair], clips: int) -> Counts:
    """Statistics of the pairs of `clips` clips."""
    per_clip = Counter(pair.clip_id for pair in pairs)
    numbers = [*per_clip.values(), *[0] * (clips - len(per_clip))]
    total = max(1, len(pairs))
    whole = [p for p in pairs if p.shown.segment_id is None]
    of_the_scene = [p for p in whole if not any(claim.predicate in ABOUT_EDITS for claim in p.chosen_claims)]
    groups = {pair.group_id for pair in of_the_scene}
    with_absent = {pair.group_id for pair in of_the_scene if pair.rejected_kind is RejectedKind.IRRELEVANT}
    themes = (
        Counter(theme for pair in pairs for theme in {_theme(claim) for claim in pair.chosen_claims}),
        Counter(theme for pair in pairs for theme in {_theme(claim) for claim in pair.rejected_claims}),
    )
    predicates = {predicate: _count_of(predicate, pairs) for predicate in Predicate}
    return Counts(
        pairs=len(pairs),
        median_per_clip=median(numbers),
        axes={axis: sum(pair.axis is axis for pair in pairs) / total for axis in Axis},
        irrelevant=sum(pair.rejected_kind is RejectedKind.IRRELEVANT for pair in pairs) / total,
        predicates=predicates,
        largest=max((count for role in themes for count in role.values()), default=0) / total,
        grids_with_absent=len(with_absent) / max(1, len(groups)),
    )


def _theme(claim: Claim) -> str:
    is_of_kind = claim.predicate in ABOUT_EDITS and claim.predicate is not Predicate.PARTS_ORDERED
    return str(claim.value) if is_of_kind else claim.predicate.value


def _count_of(predicate: Predicate, pairs: Sequence[Pair]) -> PredicateCount:
    chosen = [p.clip_id for p in pairs if predicate in {claim.predicate for claim in p.chosen_claims}]
    rejected = [p.clip_id for p in pairs if predicate in {claim.predicate for claim in p.rejected_claims}]
    return PredicateCount(len(chosen), len(set(chosen)), len(rejected), len(set(rejected)))
