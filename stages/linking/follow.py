"""The sightings of one noun in one shot become chains, one for each thing, by ByteTrack (the library `trackers`)."""

from collections.abc import Sequence

import numpy as np
import supervision as sv
from numpy.typing import NDArray
from pydantic import Field
from scipy.optimize import linear_sum_assignment
from trackers import ByteTrackTracker
from trackers.utils.iou import GIoU

from schemas.record import Record
from stages.linking.sighting import NamedSighting
from stages.models.detector_settings import Certainty

Chain = tuple[NamedSighting, ...]
"""The sightings of one thing, in order of time."""

_PIXELS = 1000.0
"""ByteTrack's noise is in pixels: boxes are given to it as if the frame had this many on each side."""
_NONE = -1
"""The id of a box that belongs to no track yet."""


class FollowConfig(Record):
    """How sightings become chains."""

    least_similarity: float = Field(-0.5, ge=-1, lt=1)
    """Least generalised intersection over union of a box with the place where its thing is expected, -1..1."""
    forget_seconds: float = Field(1.0, gt=0)
    """A thing that was not seen for longer is another one."""
    least_sure: int = Field(2, ge=1)
    """Fewest sure sightings of a chain."""


def follow(
    frames: Sequence[Sequence[NamedSighting]], fps: float, certainty: Certainty, config: FollowConfig
) -> list[Chain]:
    """The chains of one shot, in order of their first sighting.

    Args:
        frames: the sightings of each frame that was looked at, in order of time.
        fps: looked-at frames per second.
        certainty: the noun's thresholds; a chain begins with a sure sighting.
        config: when two sightings belong to one thing.
    """
    tracker = ByteTrackTracker(
        lost_track_buffer=round(30 * config.forget_seconds),  # in frames of a 30th of a second, whatever the rate
        frame_rate=fps,
        track_activation_threshold=certainty.sure,
        high_conf_det_threshold=certainty.sure,
        minimum_consecutive_frames=1,
        minimum_iou_threshold=config.least_similarity,
        iou=GIoU(),
    )
    chains: dict[int, list[NamedSighting]] = {}
    unclaimed: list[NamedSighting] = []
    for sightings in frames:
        boxes = sv.Detections(
            xyxy=_boxes(sightings),
            confidence=np.array([one.score for one in sightings], dtype=np.float32),
            data={"place": np.arange(len(sightings))},
        )
        tracked = tracker.update(boxes)
        if not len(sightings):
            unclaimed = []
            continue
        ids = {int(place): int(name) for place, name in zip(tracked.data["place"], _ids(tracked), strict=True)}
        new = [(name, sightings[place]) for place, name in ids.items() if name != _NONE and name not in chains]
        for name, first in _firsts(new, unclaimed).items():
            chains[name] = [first] if first else []
        for place, name in ids.items():
            if name != _NONE:
                chains.setdefault(name, []).append(sightings[place])
        unclaimed = [one for place, one in enumerate(sightings) if ids.get(place, _NONE) == _NONE]
    kept = [tuple(chain) for chain in chains.values() if _sure(chain, certainty) >= config.least_sure]
    return sorted(kept, key=lambda chain: (chain[0].pts_seconds, chain[0].box))


def _sure(chain: Sequence[NamedSighting], certainty: Certainty) -> int:
    return sum(one.score >= certainty.sure for one in chain)


def _boxes(sightings: Sequence[NamedSighting]) -> NDArray[np.float32]:
    return np.array([one.box for one in sightings], dtype=np.float32).reshape(-1, 4) * np.float32(_PIXELS)


def _firsts(
    new: Sequence[tuple[int, NamedSighting]], unclaimed: Sequence[NamedSighting]
) -> dict[int, NamedSighting | None]:
    """The first box of each new track: ByteTrack gives it no id, only the one after it."""
    firsts: dict[int, NamedSighting | None] = {name: None for name, _ in new}
    if new and unclaimed:
        similarity = GIoU().compute(_boxes([one for _, one in new]), _boxes(unclaimed))
        rows, columns = linear_sum_assignment(similarity, maximize=True)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            firsts[new[row][0]] = unclaimed[column]
    return firsts


def _ids(tracked: sv.Detections) -> NDArray[np.int64]:
    return np.asarray(tracked.tracker_id, dtype=np.int64)
