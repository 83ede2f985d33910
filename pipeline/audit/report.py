"""Groups become an audit: three readers over the whole set, each axis and each kind, with a shuffled control."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # scikit-learn brings it, without stubs

from pipeline.audit.habits import Bias, Duplicates, duplicates, length_bias, negation_bias
from pipeline.audit.verdict import SLICE, WHOLE, Ceiling, Outcome, judge, judge_even, worst
from pipeline.blind_readers.groups import BlindGroup, Indices, Pairing, pairing_of, turned_round
from pipeline.blind_readers.readers import BlindReader, Reader
from pipeline.stats.bootstrap import Share, share_over_videos
from schemas.claim import Axis
from schemas.pair import RejectedKind
from schemas.record import Record
from stages.seeding import rng_for

ALL = "all"
SHUFFLED = "shuffled"
TWINS = "twins"
Mask = NDArray[np.bool_]


class ReaderScore(Record):
    """How often one reader tells chosen from rejected in one part of the set."""

    reader: Reader
    """Who reads."""
    part: str
    """`all`, an axis, a kind of rejection, `twins`: the pairs that a counterfactual twin turns round, or `shuffled`:
    the whole set with a random answer of each group as true."""
    accuracy: float
    """Share of pairs where chosen scores above rejected, ties one half."""
    low: float
    """Lower end of the 95 % interval, by bootstrap over videos."""
    high: float
    """Upper end."""
    pairs: int
    """Pairs read."""
    videos: int
    """Videos that they are of."""
    outcome: Outcome
    """Pass, fail or not enough; of the shuffled control too, though it does not count."""


class AuditReport(Record):
    """What `vidpref audit` finds."""

    pairs: int
    """Pairs read."""
    groups: int
    """Groups read."""
    videos: int
    """Videos that they are of."""
    scores: tuple[ReaderScore, ...]
    """One per reader and part; none where there are fewer than two videos."""
    length: Bias
    """Length in characters."""
    negation: Bias
    """Words that deny or contrast."""
    duplicates: Duplicates
    """Repeated rows."""
    outcome: Outcome
    """Fail where one reading fails, else not enough where one has too few videos, else pass."""


def audit(groups: Sequence[BlindGroup], seed: int = 0) -> AuditReport:
    """Read the groups with all three readers; the same groups and seed give the same report.

    ValueError for no group.
    """
    if not groups:
        raise ValueError("an audit needs at least one group")
    truth = pairing_of(groups, np.zeros(len(groups), dtype=np.int64))
    chance = pairing_of(groups, _random_truth(groups, seed))
    scores: list[ReaderScore] = []
    videos = len({group.video_id for group in groups})
    with threadpool_limits(1):  # one thread: quicker for so little, and the same sums everywhere
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
    reading = BlindReader(reader, groups)
    for pairing, parts in ((truth, list(_parts(groups, truth))), (chance, [_shuffled(chance)])):
        wins = reading.wins(pairing, rng_for(seed, "audit", f"{reader} ties"))
        video_P = reading.video_of_group[pairing.group]
        for part, mask, ceiling in parts:
            rng = rng_for(seed, "audit", f"{reader} {part}")
            share = share_over_videos(wins.halves[mask], video_P[mask], rng, wins.drawn[mask])
            yield _score(reader, part, share, judge_even(share) if part == TWINS else judge(share, ceiling))


def _shuffled(pairing: Pairing) -> tuple[str, Mask, Ceiling]:
    return SHUFFLED, np.ones(len(pairing.group), dtype=np.bool_), WHOLE


def _parts(groups: Sequence[BlindGroup], pairing: Pairing) -> Iterator[tuple[str, Mask, Ceiling]]:
    """Every part of the set that has pairs: its name, which pairs are in it, and its ceiling."""
    axes = np.array([group.axis.value for group in groups])[pairing.group]
    kinds = np.array([kind.value for group in groups for kind in group.kinds])
    yield ALL, np.ones(len(axes), dtype=np.bool_), WHOLE
    for of_pair, names in ((axes, Axis), (kinds, RejectedKind)):
        for name in names:
            mask = of_pair == name.value
            if mask.any():
                yield name.value, mask, SLICE
    if (twins := turned_round(groups)).any():
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
