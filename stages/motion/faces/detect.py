"""Detections of faces become tracks of detections: one for each face.

Two thresholds: above the upper one a face is there, below the lower one none is. A track begins with detections above
the upper one; weaker ones at the place of a track belong to it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from schemas.corners import Corners, overlap
from schemas.record import Record
from stages.motion.analysis_frames import AnalysisFrames
from stages.motion.faces.centerface import faces_in


class FaceConfig(Record):
    """How faces are looked for, and when a detection counts as a face."""

    frames_per_second: float = Field(default=3.0, gt=0)
    """Least number of analysis frames a second that are looked at."""
    short_side: int = Field(default=240, gt=0)
    """Frames are first scaled to this short side, in pixels."""
    sure: float = Field(default=0.6, gt=0, le=1)
    """From this score of the network on, a detection is a face."""
    maybe: float = Field(default=0.15, gt=0, le=1)
    """Below this score of the network nothing is a face."""
    close_seconds: float = Field(default=2.0, gt=0)
    """A sampled frame this often is looked at in its full size, too, for small faces."""
    close_short_side: int = Field(default=448, gt=0)
    """Short side that it is scaled to then, in pixels."""
    min_detections: int = Field(default=3, ge=2)
    """Fewest sure detections of a track."""
    min_overlap: float = Field(default=0.3, gt=0, lt=1)
    """Least intersection over union of two successive detections of one face."""
    jump_seconds: float = Field(default=0.4, gt=0)
    """A face may move by its own size within this time, if no other one is near."""
    bridge_seconds: float = Field(default=0.7, gt=0)
    """A face's box is interpolated between two detections that are at most this far apart."""
    moves_beyond: float = Field(default=0.05, gt=0)
    """A face moves if its centre gets further than this from where it was first detected, in frame sides."""
    forget_seconds: float = Field(default=1.0, gt=0)
    """A face that is detected again at the same place within this time, without a cut, is the same face. After a longer
    time it is a new track."""


@dataclass(frozen=True)
class FaceSighting:
    """A face, or what may be one, in one frame that was looked at."""

    frame: int
    """Index of the analysis frame."""
    box: Corners
    score: float
    """The network's score, 0..1."""


FaceTrack = tuple[FaceSighting, ...]
"""The detections of one face, in order of time."""


@dataclass(frozen=True)
class FaceSearch:
    """What was seen in the frames of a clip that were looked at."""

    seen: dict[int, tuple[FaceSighting, ...]]
    """For each frame that was looked at, in order, everything that may be a face."""
    tracks: tuple[FaceTrack, ...]
    """One for each face, in order of first detection. Other sightings may be faces, too."""


def find_faces(analysis: AnalysisFrames, pieces: Sequence[tuple[int, int]], config: FaceConfig) -> FaceSearch:
    """Look for faces. `pieces` are the clip's parts without a cut, as frames [first, end); no track crosses a cut."""
    seen: dict[int, tuple[FaceSighting, ...]] = {}
    tracks: list[FaceTrack] = []
    for first, end in pieces:
        open_tracks: list[list[FaceSighting]] = []
        looked = [first + i for i in looked_at(analysis.pts_seconds[first:end], config.frames_per_second)]
        for frame, found in zip(looked, _faces_of_each(analysis, looked, config), strict=True):
            seen[frame] = tuple(FaceSighting(frame, box, score) for box, score in found)
            _link(open_tracks, frame, seen, analysis, config)
        tracks += [tuple(track) for track in open_tracks if _is_face(track, config)]
    return FaceSearch(seen, tuple(sorted(tracks, key=lambda track: (track[0].frame, track[0].box))))


def box_at(track: FaceTrack, analysis: AnalysisFrames, pts_seconds: float, config: FaceConfig) -> Corners | None:
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


def looked_at(pts_seconds: NDArray[np.float64], per_second: float) -> list[int]:
    """The frames of a piece that are looked at: evenly many between them, at least `per_second`, and the last one."""
    if len(pts_seconds) < 2:
        return [0]
    rate = 1.0 / float(np.median(np.diff(pts_seconds)))
    step = max(1, int(rate / per_second + 1e-6))
    return sorted({*range(0, len(pts_seconds), step), len(pts_seconds) - 1})


def _faces_of_each(
    analysis: AnalysisFrames, looked: Sequence[int], config: FaceConfig
) -> Iterator[list[tuple[Corners, float]]]:
    """What may be a face in each of the frames; a picture that stays the same, as slides do, is searched once."""
    found: list[tuple[Corners, float]] = []
    before = None
    for frame in looked:
        picture_HWC = analysis.frames_NHWC[frame]
        if before is None or not np.array_equal(picture_HWC, before):
            found = faces_in(picture_HWC, config.short_side, config.maybe)
        before = picture_HWC
        yield found


def _is_face(track: list[FaceSighting], config: FaceConfig) -> bool:
    return sum(sighting.score >= config.sure for sighting in track) >= config.min_detections


def _link(
    open_tracks: list[list[FaceSighting]],
    frame: int,
    seen: dict[int, tuple[FaceSighting, ...]],
    analysis: AnalysisFrames,
    config: FaceConfig,
) -> None:
    """Add each detection of a frame to the track whose last box it overlaps most, the sure ones first.

    A sure detection that overlaps no track may be a face that jumped; else it begins a new track.
    """
    extended: set[int] = set()
    sure = [sighting for sighting in seen[frame] if sighting.score >= config.sure]
    for sighting in _extend(open_tracks, extended, sure, analysis, config):
        waiting = [i for i in range(len(open_tracks)) if i not in extended]
        jumped = [i for i in waiting if _jumps(open_tracks[i][-1], sighting, seen, analysis, config)]
        if not jumped:
            open_tracks.append([])
        number = jumped[0] if jumped else len(open_tracks) - 1
        open_tracks[number].append(sighting)
        extended.add(number)
    weak = [sighting for sighting in seen[frame] if sighting.score < config.sure]
    _extend(open_tracks, extended, weak, analysis, config)


def _extend(
    open_tracks: list[list[FaceSighting]],
    extended: set[int],
    found: list[FaceSighting],
    analysis: AnalysisFrames,
    config: FaceConfig,
) -> list[FaceSighting]:
    """Add detections to the tracks that they overlap, each to one that is not `extended` yet. Those that are left."""
    left = list(found)
    for i, sighting in _overlapping(open_tracks, found, analysis, config):
        if i not in extended and sighting in left:
            open_tracks[i].append(sighting)
            extended.add(i)
            left.remove(sighting)
    return left


def _jumps(
    before: FaceSighting,
    after: FaceSighting,
    seen: dict[int, tuple[FaceSighting, ...]],
    analysis: AnalysisFrames,
    config: FaceConfig,
) -> bool:
    """Whether two detections are one face that moved by up to its own size, as a head does that is shaken.

    Neither frame may show, even faintly, another one that is as near.
    """
    seconds = analysis.pts_seconds[after.frame] - analysis.pts_seconds[before.frame]
    if seconds > config.jump_seconds or not _is_near(before.box, after.box):
        return False
    others = [
        *(one for one in seen[before.frame] if one is not before and _is_near(one.box, after.box)),
        *(one for one in seen[after.frame] if one is not after and _is_near(one.box, before.box)),
    ]
    return not others


def _is_near(a: Corners, b: Corners) -> bool:
    """Whether two boxes are of a similar size, and their centres at most one such size apart."""
    sizes = [(box[2] - box[0], box[3] - box[1]) for box in (a, b)]
    areas = sorted(wide * high for wide, high in sizes)
    apart = [abs((a[axis] + a[axis + 2]) - (b[axis] + b[axis + 2])) / 2 for axis in (0, 1)]
    mean = [(sizes[0][axis] + sizes[1][axis]) / 2 for axis in (0, 1)]
    return areas[1] <= 2 * areas[0] and apart[0] <= mean[0] and apart[1] <= mean[1]


def _overlapping(
    open_tracks: list[list[FaceSighting]], found: list[FaceSighting], analysis: AnalysisFrames, config: FaceConfig
) -> Iterator[tuple[int, FaceSighting]]:
    """The tracks and detections that may be one face, as the track's number and the detection; best overlap first."""
    pairs = [
        (overlap(track[-1].box, sighting.box), i, sighting)
        for i, track in enumerate(open_tracks)
        for sighting in found
        if analysis.pts_seconds[sighting.frame] - analysis.pts_seconds[track[-1].frame] <= config.forget_seconds
    ]
    for shared, i, sighting in sorted(pairs, key=lambda pair: -pair[0]):
        if shared >= config.min_overlap:
            yield i, sighting
