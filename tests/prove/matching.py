"""Which true thing each track of the detector is of.

Array names: T times, 4 = x0, y0, x1, y1 in 0..1.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from schemas.scene import OBJECT, WRITING, Scene, Track

Floats = NDArray[np.float64]

_LEAST_IOU = 0.5
_MOST = 0.7  # share of a track's boxes that lie on its thing
_SELDOM = 0.2  # share of them that may lie on another one, where the two meet
_TICKS_PER_SECOND = 1000


class Boxes:
    """The boxes of all tracks of a true scene, by frame."""

    def __init__(self, truth: Scene) -> None:
        self._by_track: dict[str, Mapping[int, Floats]] = {
            track.track_id: {tick(p.pts_seconds): np.array([p.x0, p.y0, p.x1, p.y1]) for p in track.path}
            for track in truth.tracks
        }

    def at(self, seconds: float) -> dict[str, Floats]:
        """The box of every track that is visible on the frame of that time."""
        moment = tick(seconds)
        return {name: boxes[moment] for name, boxes in self._by_track.items() if moment in boxes}


def tick(seconds: float) -> int:
    """A frame's time as a whole number, so that equal times are equal."""
    return round(seconds * _TICKS_PER_SECOND)


def iou(a: Floats, b: Floats) -> float:
    """Intersection over union of two boxes."""
    sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    if (sides <= 0).any():
        return 0.0
    shared = float(np.prod(sides))
    return shared / (float(np.prod(a[2:] - a[:2])) + float(np.prod(b[2:] - b[:2])) - shared)


def thing_of(true_id: str) -> str:
    """The thing that a true track is a presence of."""
    return true_id.partition(".")[0]


def match(seen: Scene, truth: Scene) -> dict[str, str]:
    """The true track of each track of the detector; one that is of no one true object is left out."""
    everything = Boxes(truth)
    # a word may fill most of the board on which it stands
    without_words = Boxes(truth.model_copy(update={"tracks": tuple(t for t in truth.tracks if t.label != WRITING)}))
    matched = {}
    for track in seen.tracks:
        true_id = _true_track(track, everything if track.label in (OBJECT, WRITING) else without_words)
        if true_id is not None:
            matched[track.track_id] = true_id
    return matched


def _true_track(track: Track, boxes: Boxes) -> str | None:
    hits: dict[str, int] = {}
    for point in track.path:
        box = np.array([point.x0, point.y0, point.x1, point.y1])
        for name, true_box in boxes.at(point.pts_seconds).items():
            if iou(box, true_box) >= _LEAST_IOU:
                hits[name] = hits.get(name, 0) + 1
    by_thing: dict[str, int] = {}
    for name, count in hits.items():
        by_thing[thing_of(name)] = by_thing.get(thing_of(name), 0) + count
    if not by_thing:
        return None
    best, *others = sorted(by_thing.values(), reverse=True)
    if best < _MOST * len(track.path) or (others and others[0] > _SELDOM * len(track.path)):
        return None
    thing = max(by_thing, key=lambda name: by_thing[name])
    return max((name for name in hits if thing_of(name) == thing), key=lambda name: hits[name])
