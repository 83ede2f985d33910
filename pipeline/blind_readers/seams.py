"""What a reader of the seams alone sees: how large the steps at the ends of edits and of harmless seams are.

A cut at the ends of an edited stretch could give it away without a look at what is in between. Axes: S = seams in order
of time, C = candidates of all groups in order, F = features.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction import DictVectorizer
from sklearn.preprocessing import StandardScaler

from schemas.claim import Claim, Predicate
from schemas.clip import UnitClip
from schemas.shown import Shown
from stages.visuals.pictures import with_looks
from stages.visuals.plan import PlannedFrame, planned
from stages.visuals.small import Small, SmallPictures

_SAME_SECONDS = 1e-4
_RANK_BINS = 6


@dataclass(frozen=True)
class SeamSteps:
    """The steps from frame to frame at all seams of one thing that is shown, planted and harmless ones."""

    seconds_S: NDArray[np.float64]
    """The moment of each seam, on the clip's clock."""
    change_S: NDArray[np.float64]
    """Mean difference of the last frame before it and the first after it, 0..1."""
    rank_S: NDArray[np.float64]
    """Share of the unedited clip's own steps that are smaller, 0..1."""


def seam_steps(clip: UnitClip, shown: Shown, other: UnitClip | None, pictures: SmallPictures) -> SeamSteps:
    """The steps at both ends of every edit and seam that lie inside the clip; nothing else of the frames is used.

    Args:
        clip: the clip, as it is stored.
        shown: what is shown of it.
        other: the clip that a stretch is swapped with.
        pictures: makes the small pictures of stored frames.

    Raises: ValueError if the stored frames do not bear the edits out.
    """
    plan = planned(clip, shown, other)
    size = pictures.of(clip.frames[:1])[0].shape[1::-1]
    own = sorted(_difference(a, b) for a, b in pairwise(pictures.of(clip.frames)))
    moments = sorted({moment for edit in shown.edits for moment in (edit.start_seconds, edit.end_seconds)})
    found: list[tuple[float, float, float]] = []
    for moment in moments:
        after = next((place for place, one in enumerate(plan) if one.at_seconds >= moment), 0)
        if after > 0:
            change = _difference(*(_picture(one, pictures, size) for one in plan[after - 1 : after + 1]))
            found.append((moment, change, float(np.searchsorted(own, change)) / max(1, len(own))))
    columns = np.array(found, np.float64).reshape(-1, 3).T
    return SeamSteps(*columns)


def _picture(one: PlannedFrame, pictures: SmallPictures, size: tuple[int, int]) -> Small:
    return with_looks(pictures.of([one.frame])[0], one.looks, size)


def _difference(left_HWC: Small, right_HWC: Small) -> float:
    return float(np.abs(left_HWC - right_HWC).mean())


def seam_features(candidates: Iterable[tuple[SeamSteps, Claim]]) -> sparse.csr_matrix:
    """For the reader of seams: for each candidate the steps at the ends of what it claims, beside all others, CF."""
    named = [dict(_named(steps, claim)) for steps, claim in candidates]
    counted_CF = DictVectorizer(sort=True).fit_transform(named)
    return sparse.csr_matrix(StandardScaler(with_mean=False).fit_transform(counted_CF))


def _named(steps: SeamSteps, claim: Claim) -> Iterator[tuple[str, float]]:
    """Each number plain, and apart for each thing that may be claimed of a stretch."""
    if claim.predicate is Predicate.PARTS_ORDERED:
        yield from _order(steps, claim)
        return
    for name, value in _ends(steps, claim).items():
        yield name, value
        yield f"{claim.value} {name}", value


def _ends(steps: SeamSteps, claim: Claim) -> Mapping[str, float]:
    found: dict[str, float] = defaultdict(float)
    ends = {"start": claim.intervals[0].start_seconds, "end": claim.intervals[0].end_seconds}
    for end, seconds in ends.items():
        [places] = np.nonzero(np.abs(steps.seconds_S - seconds) <= _SAME_SECONDS)
        if len(places):
            change, rank = steps.change_S[places[0]], steps.rank_S[places[0]]
            found[f"{end} change"] = float(change)
            found[f"{end} rank"] = float(rank)
            found[f"{end} above mean"] = float(change - steps.change_S.mean())
            found[f"{end} place"] = float((steps.change_S < change).mean())
            found[f"{end} rank bin {min(int(rank * _RANK_BINS), _RANK_BINS - 1)}"] = 1.0
    return found


def _order(steps: SeamSteps, claim: Claim) -> Iterator[tuple[str, float]]:
    """The steps where the claim joins what is shown side by side, and where it does not."""
    parts: Sequence[int] = [int(digit) for digit in claim.value or ""]
    joined = {a for a, b in pairwise(parts) if b == a + 1}
    borders = np.array_split(np.arange(len(steps.seconds_S)), max(1, len(parts) - 1))
    for number, places in enumerate(borders, 1):
        if len(places):
            side = "joined" if number in joined else "parted"
            yield f"{side} {number} change", float(steps.change_S[places].max())
            yield f"{side} {number} rank", float(steps.rank_S[places].max())
    for side in ("joined", "parted"):
        here = [places for number, places in enumerate(borders, 1) if (number in joined) == (side == "joined")]
        changes = [float(steps.change_S[places].max()) for places in here if len(places)]
        yield f"{side} change", float(np.mean(changes)) if changes else 0.0
