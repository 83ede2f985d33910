"""Finds faces with the frontal-face cascade that comes with opencv-python.

Single detections are not reliable: only tracks of several detections are kept. Faces may be missed, so a face that is
not detected is not known to be absent.
"""

import math
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from cv2.data import haarcascades
from numpy.typing import NDArray
from pydantic import Field

from schemas.record import Record
from stages.motion.analysis_frames import AnalysisFrames

Rectangle = tuple[float, float, float, float]
"""x0, y0, x1, y1 in 0..1 of the frame."""


class FaceConfig(Record):
    """How faces are looked for, and when a detection counts as a face."""

    frames_per_second: float = Field(default=3.0, gt=0)
    """How many analysis frames a second are searched."""
    short_side: int = Field(default=360, gt=0)
    """Frames are first enlarged to this short side, in pixels."""
    min_weight: float = Field(default=4.0)
    """A detection needs more than this weight of the cascade's last level."""
    min_face: float = Field(default=0.08, gt=0, lt=1)
    """Least side of a face, as a share of the short side."""
    min_detections: int = Field(default=3, ge=2)
    """Fewest detections of a track."""
    min_overlap: float = Field(default=0.3, gt=0, lt=1)
    """Least intersection over union of two successive detections of one face."""
    min_warmth: float = Field(default=0.08, ge=0)
    """Least (Cr - Cb) / Y in the middle of a face, as the median of its detections. Skin of any shade is more red than
    blue; the pattern of a grey surface is not. A video without colour therefore has no faces."""
    bridge_seconds: float = Field(default=0.7, gt=0)
    """A face's box is interpolated between two detections that are at most this far apart."""
    moves_beyond: float = Field(default=0.05, gt=0)
    """A face moves if its centre gets further than this from where it was first detected, in frame sides."""
    forget_seconds: float = Field(default=3.0, gt=0)
    """A face that is detected again at the same place within this time, without a cut, is the same face (the head had
    turned away, or a hand was in front of it). After a longer time it is a new track."""


@dataclass(frozen=True)
class FaceSighting:
    """A face in one searched frame."""

    frame: int
    """Index of the analysis frame."""
    box: Rectangle
    weight: float
    """The cascade's weight."""


FaceTrack = tuple[FaceSighting, ...]
"""The detections of one face, in order of time."""


def find_faces(analysis: AnalysisFrames, pieces: list[tuple[int, int]], config: FaceConfig) -> tuple[FaceTrack, ...]:
    """The faces of a clip. `pieces` are its parts without a cut, as frames [first, end); no track crosses a cut."""
    kept: list[FaceTrack] = []
    for first, end in pieces:
        open_tracks: list[list[FaceSighting]] = []
        for frame in _searched(analysis.pts_seconds[first:end], config.frames_per_second):
            _link(open_tracks, _faces_in(analysis, first + frame, config), analysis, config)
        kept.extend(tuple(track) for track in open_tracks if _is_face(track, analysis, config))
    return tuple(sorted(kept, key=lambda track: (track[0].frame, track[0].box)))


def box_at(track: FaceTrack, analysis: AnalysisFrames, pts_seconds: float, config: FaceConfig) -> Rectangle | None:
    """The face's box at a time: as detected, or interpolated between two detections near in time; None otherwise."""
    times = analysis.pts_seconds[[sighting.frame for sighting in track]]
    for (here, a), (there, b) in pairwise(zip(times, track, strict=True)):
        if here <= pts_seconds <= there and there - here <= config.bridge_seconds:
            share = (pts_seconds - here) / (there - here)
            x0, y0, x1, y1 = ((1 - share) * p + share * q for p, q in zip(a.box, b.box, strict=True))
            return float(x0), float(y0), float(x1), float(y1)
    for time, sighting in zip(times, track, strict=True):
        if abs(time - pts_seconds) < 1e-6:
            return sighting.box
    return None


def _is_face(track: list[FaceSighting], analysis: AnalysisFrames, config: FaceConfig) -> bool:
    if len(track) < config.min_detections:
        return False
    return float(np.median([_warmth(sighting, analysis) for sighting in track])) >= config.min_warmth


def _warmth(sighting: FaceSighting, analysis: AnalysisFrames) -> float:
    """(Cr - Cb) / Y of the middle half of the box: how much redder than blue it is, relative to its brightness."""
    x0, y0, x1, y1 = sighting.box
    rows = slice(int((0.75 * y0 + 0.25 * y1) * analysis.height), int((0.25 * y0 + 0.75 * y1) * analysis.height) + 1)
    columns = slice(int((0.75 * x0 + 0.25 * x1) * analysis.width), int((0.25 * x0 + 0.75 * x1) * analysis.width) + 1)
    middle = cv2.cvtColor(analysis.frames_NHWC[sighting.frame, rows, columns], cv2.COLOR_RGB2YCrCb)
    luma, red, blue = (float(value) for value in np.median(middle.reshape(-1, 3), axis=0))
    return (red - blue) / max(luma, 1.0)


@cache
def _cascade() -> cv2.CascadeClassifier:
    path = Path(haarcascades) / "haarcascade_frontalface_default.xml"
    cascade = cv2.CascadeClassifier(str(path))
    if cascade.empty():
        raise FileNotFoundError(f"{path}: opencv-python 4.14 brings this file along")
    return cascade


def _searched(pts_seconds: NDArray[np.float64], per_second: float) -> list[int]:
    """The first frame at or after each of `per_second` ticks a second."""
    ticks = np.arange(pts_seconds[0], pts_seconds[-1] + 1e-6, 1.0 / per_second)
    frames = np.searchsorted(pts_seconds, ticks - 1e-6)
    return sorted({int(i) for i in frames if i < len(pts_seconds)})


def searched_size(width: int, height: int, short_side: int) -> tuple[int, int]:
    """(width, height) that a frame is enlarged to.

    A strip longer than four times its short side gets the area of a picture of exactly 4 : 1. No side gets longer than
    32,767 pixels, because OpenCV cannot scale to more.
    """
    shorter, longer = min(width, height), max(width, height)
    scale = short_side / shorter
    if longer > 4 * shorter:
        scale = min(short_side * math.sqrt(4 / (shorter * longer)), 32_767 / longer)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _faces_in(analysis: AnalysisFrames, frame: int, config: FaceConfig) -> list[FaceSighting]:
    size = searched_size(analysis.width, analysis.height, config.short_side)
    grey = cv2.equalizeHist(cv2.resize(analysis.greys_NHW[frame], size, interpolation=cv2.INTER_LINEAR))
    least = round(config.min_face * min(config.short_side, *size))
    boxes, _, weights = _cascade().detectMultiScale3(
        grey, scaleFactor=1.15, minNeighbors=4, minSize=(least, least), outputRejectLevels=True
    )
    found = []
    for (x, y, w, h), weight in zip(np.reshape(boxes, (-1, 4)).tolist(), np.ravel(weights).tolist(), strict=True):
        if weight > config.min_weight:
            box = (x / size[0], y / size[1], (x + w) / size[0], (y + h) / size[1])
            found.append(FaceSighting(frame, box, weight))
    return found


def _link(
    open_tracks: list[list[FaceSighting]], found: list[FaceSighting], analysis: AnalysisFrames, config: FaceConfig
) -> None:
    """Add each detection to the track whose last box it overlaps most, or begin a new track with it."""
    now = [
        (_iou(track[-1].box, sighting.box), i, j)
        for i, track in enumerate(open_tracks)
        for j, sighting in enumerate(found)
        if analysis.pts_seconds[sighting.frame] - analysis.pts_seconds[track[-1].frame] <= config.forget_seconds
    ]
    taken: set[int] = set()
    extended: set[int] = set()
    for overlap, i, j in sorted(now, reverse=True):
        if overlap >= config.min_overlap and i not in extended and j not in taken:
            open_tracks[i].append(found[j])
            extended.add(i)
            taken.add(j)
    open_tracks.extend([sighting] for j, sighting in enumerate(found) if j not in taken)


def _iou(a: Rectangle, b: Rectangle) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return width * height / (areas - width * height)
