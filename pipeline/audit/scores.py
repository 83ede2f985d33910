"""The scores of the blind readers on a set and its parts, with a shuffled control."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # scikit-learn brings it, without stubs

from pipeline.audit.seams import SeamGroup
from pipeline.audit.verdict import MODELS, SEAMS, SLICE, WHOLE, Ceiling, Outcome, judge, judge_even
from pipeline.blind_readers.groups import BlindGroup, Indices, Pairing, exchanged_by_twin, pairing_of
from pipeline.blind_readers.readers import TEXT_FEATURES, BlindReader, Reader
from pipeline.blind_readers.seams import seam_features
from pipeline.stats.bootstrap import Share, share_over_videos
from schemas.claim import Axis
from schemas.pair import ANNOTATED, RejectedKind
from schemas.record import Record
from stages.seeding import rng_for

ALL = "all"
PLANTED = "planted"
SHUFFLED = "shuffled"
WRITTEN = "written by models"
TWINS = "twins"
WHOLE_PARTS = (ALL, ANNOTATED, WRITTEN)
"""The parts that are not a part of another one, and that chance governs."""
_LEAST_VIDEOS = 2
Mask = NDArray[np.bool_]
Part = tuple[str, Mask]
"""A part of the set that has pairs: its name, and a mask of its pairs."""


class ReaderScore(Record):
    """How often one reader finds the chosen answer in one part of the set."""

    reader: Reader
    """What the reader reads."""
    part: str
    """`all`, an axis, a kind of rejection, `annotated` (pairs whose truth rests on annotations; they are in none of
    these), `written by models` (those of language models without twins, likewise), `twins` (pairs that a
    counterfactual twin has with chosen and rejected exchanged), `planted` (questions about planted edits, for the
    reader of their seams) or `shuffled` (all of these with a random answer of each group as the chosen one)."""
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


def text_scores(groups: Sequence[BlindGroup], seed: int = 0) -> list[ReaderScore]:
    """The scores of the three readers of text; none if there are fewer than two videos."""
    if len({group.video_id for group in groups}) < _LEAST_VIDEOS:
        return []
    with threadpool_limits(1):  # one thread: faster for so few rows, and the same sums on every machine
        return [
            score
            for reader, features in TEXT_FEATURES.items()
            for score in _Scoring(reader, groups, seed).scores(features(groups), _parts)
        ]


def seam_scores(seams: Sequence[SeamGroup], seed: int) -> list[ReaderScore]:
    """The scores of the reader of seams; none if there are fewer than two videos with planted edits."""
    if len({one.group.video_id for one in seams}) < _LEAST_VIDEOS:
        return []
    with threadpool_limits(1):
        features_CF = seam_features((one.steps, claim) for one in seams for claim in one.claims)
        return list(_Scoring(Reader.SEAMS, [one.group for one in seams], seed).scores(features_CF, _planted))


@dataclass(frozen=True)
class _Scoring:
    """One reader and the groups that it is tested on."""

    reader: Reader
    groups: Sequence[BlindGroup]
    seed: int

    def scores(
        self,
        features_CF: sparse.csr_matrix,
        parts_of: Callable[[Sequence[BlindGroup], Pairing], Iterable[Part]],
    ) -> Iterator[ReaderScore]:
        """The scores on the parts that `parts_of` names, and on the shuffled control."""
        truth = pairing_of(self.groups, np.zeros(len(self.groups), dtype=np.int64))
        chance = pairing_of(self.groups, _random_truth(self.groups, self.seed))
        blind_reader = BlindReader(features_CF, self.groups)
        for pairing, parts in ((truth, list(parts_of(self.groups, truth))), (chance, [_shuffled(chance)])):
            wins = blind_reader.wins(pairing, rng_for(self.seed, "audit", f"{self.reader} ties"))
            video_P = blind_reader.video_of_group[pairing.group]
            for part, mask in parts:
                rng = rng_for(self.seed, "audit", f"{self.reader} {part}")
                share = share_over_videos(wins.halves[mask], video_P[mask], rng, wins.drawn[mask])
                outcome = judge_even(share) if part == TWINS else judge(share, ceiling_of(part))
                yield _score(self.reader, part, share, outcome)


def _shuffled(pairing: Pairing) -> Part:
    return SHUFFLED, np.ones(len(pairing.group), dtype=np.bool_)


def _planted(_groups: Sequence[BlindGroup], pairing: Pairing) -> Iterator[Part]:
    yield PLANTED, np.ones(len(pairing.group), dtype=np.bool_)


def _parts(groups: Sequence[BlindGroup], pairing: Pairing) -> Iterator[Part]:
    axes = np.array([group.axis.value if group.axis else "" for group in groups])[pairing.group]
    kinds = np.array([kind.value if kind else "" for group in groups for kind in group.kinds])
    annotated = np.array([group.is_annotated for group in groups])[pairing.group]
    written = np.array([group.is_written for group in groups])[pairing.group]
    twins, apart = exchanged_by_twin(groups), annotated | written
    if not apart.all():
        yield ALL, ~apart
    for of_pair, names in ((axes, Axis), (kinds, RejectedKind)):
        for name in names:
            mask = (of_pair == name.value) & ~apart
            if mask.any():
                yield name.value, mask
    if annotated.any():
        yield ANNOTATED, annotated
    if (alone := written & ~twins).any():
        yield WRITTEN, alone
    if twins.any():
        yield TWINS, twins


def ceiling_of(part: str) -> Ceiling:
    """What a score of that part must stay below; twins and the control have no ceiling."""
    return {ALL: WHOLE, WRITTEN: MODELS, PLANTED: SEAMS}.get(part, SLICE)


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
