"""Which boxes of one noun in one shot are one thing's, by ByteTrack (the library `trackers`, which is slow to load)."""

from collections.abc import Sequence

import numpy as np
import supervision as sv
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from trackers import ByteTrackTracker
from trackers.utils.iou import GIoU

from stages.linking.sighting import NamedSighting

NOBODY = -1
"""The id of a box that is no thing's."""
_PIXELS = 1000.0
"""ByteTrack's noise is in pixels: boxes are given to it as if the frame had this many on each side."""

Frames = Sequence[Sequence[NamedSighting]]


def identities(
    frames: Frames, fps: float, *, sure: float, least_similarity: float, forget_seconds: float
) -> list[list[int]]:
    """For each sighting of each frame the id of its thing, or NOBODY.

    Args:
        frames: the sightings of each frame that was looked at, in order of time.
        fps: looked-at frames per second.
        sure: least score of a box that a thing begins with.
        least_similarity: least generalised intersection over union of a box with the place where its thing is expected.
        forget_seconds: how long a thing may be unseen.
    """
    tracker = ByteTrackTracker(
        lost_track_buffer=round(30 * forget_seconds),  # in frames of a 30th of a second, whatever the rate
        frame_rate=fps,
        track_activation_threshold=sure,
        high_conf_det_threshold=sure,
        minimum_consecutive_frames=1,
        minimum_iou_threshold=least_similarity,
        iou=GIoU(),
    )
    ids = [_updated(tracker, sightings) for sightings in frames]
    known: set[int] = set()
    for number, names in enumerate(ids):
        new = [place for place, name in enumerate(names) if name != NOBODY and name not in known]
        known.update(names)
        if number > 0 and new:
            _give_firsts(ids[number - 1], frames[number - 1], {names[place]: frames[number][place] for place in new})
    return ids


def _updated(tracker: ByteTrackTracker, sightings: Sequence[NamedSighting]) -> list[int]:
    """The id that the tracker gives to each sighting of the next frame."""
    boxes = sv.Detections(
        xyxy=_boxes(sightings),
        confidence=np.array([one.score for one in sightings], dtype=np.float64),
        data={"place": np.arange(len(sightings))},  # the tracker changes the order
    )
    tracked = tracker.update(boxes)
    names = [NOBODY] * len(sightings)
    if sightings:
        places, given = (np.asarray(values, dtype=np.int64) for values in (tracked.data["place"], tracked.tracker_id))
        for place, name in zip(places.tolist(), given.tolist(), strict=True):
            names[place] = name
    return names


def _give_firsts(names: list[int], sightings: Sequence[NamedSighting], new: dict[int, NamedSighting]) -> None:
    """Give the first box of each new thing its id: the tracker gives it to none before the second."""
    free = [place for place, name in enumerate(names) if name == NOBODY]
    if free:
        similarity = GIoU().compute(_boxes(list(new.values())), _boxes([sightings[place] for place in free]))
        rows, columns = linear_sum_assignment(similarity, maximize=True)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            names[free[column]] = list(new)[row]


def _boxes(sightings: Sequence[NamedSighting]) -> NDArray[np.float32]:
    return np.array([one.box for one in sightings], dtype=np.float32).reshape(-1, 4) * np.float32(_PIXELS)
