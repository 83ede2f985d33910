"""Audits groups: the scores of three blind readers on the whole set and its parts, with a shuffled control."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # scikit-learn brings it, without stubs

from pipeline.audit.habits import Bias, Duplicates, duplicates, length_bias, negation_bias
from pipeline.audit.verdict import SLICE, WHOLE, Ceiling, Outcome, judge, judge_even, worst
from pipeline.blind_readers.groups import BlindGroup, Indices, Pairing, exchanged_by_twin, pairing_of
from pipeline.blind_readers.readers import BlindReader, Reader
from pipeline.stats.bootstrap import Share, share_over_videos
from schemas.claim import Axis
from schemas.pair import ANNOTATED, RejectedKind
from schemas.record import Record
from stages.seeding import rng_for

ALL = "all"
SHUFFLED = "shuffled"
TWINS = "twins"
Mask = NDArray[np.bool_]


class ReaderScore(Record):
    """How often one reader finds the chosen answer in one part of the set."""

    reader: Reader
    """What the reader reads."""
    part: str
    """`all`, an axis, a kind of rejection, `annotated` (pairs whose truth rests on annotations; they are in no other
    part), `twins` (pairs that a counterfactual twin has with chosen and rejected
    exchanged) or `shuffled` (the whole set with a random answer of each group as the chosen one)."""
    accuracy: float
    """Share of pairs in which chosen scores above rejected, a tie counting one half."""
    low: float
    """Lower end of its 95 % interval, by bootstrap over videos."""
    high: float
    """Upper end of that interval."""
    pairs: int
    """Number of pairs."""
    videos: int
    """Number of videos with those pairs."""
    outcome: Outcome
    """Pass, fail or not enough; the shuffled control has one too, which does not count."""


class AuditReport(Record):
    """What `vidpref audit` finds."""

    pairs: int
    """Number of pairs."""
    groups: int
    """Number of groups."""
    videos: int
    """Number of videos with those pairs."""
    scores: tuple[ReaderScore, ...]
    """One per reader and part; none if there are fewer than two videos."""
    length: Bias
    """Length in characters."""
    negation: Bias
    """Words that deny or contrast."""
    duplicates: Duplicates
    """Repeated rows."""
    outcome: Outcome
    """Fail if one score fails, else not enough if one has too few videos, else pass."""


def audit(groups: Sequence[BlindGroup], seed: int = 0) -> AuditReport:
    """Score the groups with all three readers; the same groups and seed give the same report.

    Raises ValueError if there is no group.
    """
    if not groups:
        raise ValueError("an audit needs at least one group")
    truth = pairing_of(groups, np.zeros(len(groups), dtype=np.int64))
    chance = pairing_of(groups, _random_truth(groups, seed))
    scores: list[ReaderScore] = []
    videos = len({group.video_id for group in groups})
    with threadpool_limits(1):  # one thread: faster for so few rows, and the same sums on every machine
        for reader in Reader if videos >= 2 else ():
            scores += _scores(reader, groups, truth, chance, seed)
    rng = rng_for(seed, "audit", "habits")
    return AuditReport(
        pairs=len(truth.group),
        groups=len(groups),
        videos=videos,
        scores=tuple(scores),
        length=length_bias(groups, rng),
        negation=negation_bias(groups, rng),
        duplicates=duplicates(groups),
        outcome=worst([score.outcome for score in scores if score.part != SHUFFLED]),
    )


def _scores(
    reader: Reader, groups: Sequence[BlindGroup], truth: Pairing, chance: Pairing, seed: int
) -> Iterator[ReaderScore]:
    blind_reader = BlindReader(reader, groups)
    for pairing, parts in ((truth, list(_parts(groups, truth))), (chance, [_shuffled(chance)])):
        wins = blind_reader.wins(pairing, rng_for(seed, "audit", f"{reader} ties"))
        video_P = blind_reader.video_of_group[pairing.group]
        for part, mask, ceiling in parts:
            rng = rng_for(seed, "audit", f"{reader} {part}")
            share = share_over_videos(wins.halves[mask], video_P[mask], rng, wins.drawn[mask])
            yield _score(reader, part, share, judge_even(share) if part == TWINS else judge(share, ceiling))


def _shuffled(pairing: Pairing) -> tuple[str, Mask, Ceiling]:
    return SHUFFLED, np.ones(len(pairing.group), dtype=np.bool_), WHOLE


def _parts(groups: Sequence[BlindGroup], pairing: Pairing) -> Iterator[tuple[str, Mask, Ceiling]]:
    """Every part of the set that has pairs: its name, a mask of its pairs, and its ceiling."""
    axes = np.array([group.axis.value for group in groups])[pairing.group]
    kinds = np.array([kind.value for group in groups for kind in group.kinds])
    annotated = np.array([group.is_annotated for group in groups])[pairing.group]
    if not annotated.all():
        yield ALL, ~annotated, WHOLE
    for of_pair, names in ((axes, Axis), (kinds, RejectedKind)):
        for name in names:
            mask = (of_pair == name.value) & ~annotated
            if mask.any():
                yield name.value, mask, SLICE
    if annotated.any():
        yield ANNOTATED, annotated, SLICE
    if (twins := exchanged_by_twin(groups)).any():
        yield TWINS, twins, WHOLE


def _score(reader: Reader, part: str, share: Share, outcome: Outcome) -> ReaderScore:
    return ReaderScore(
        reader=reader,
        part=part,
        accuracy=round(share.point, 4),
        low=round(share.low, 4),
        high=round(share.high, 4),
        pairs=share.pairs,
        videos=share.videos,
        outcome=outcome,
    )


def _random_truth(groups: Sequence[BlindGroup], seed: int) -> Indices:
    rng = rng_for(seed, "audit", "shuffled")
    return np.array([rng.integers(len(group.texts)) for group in groups], dtype=np.int64)
