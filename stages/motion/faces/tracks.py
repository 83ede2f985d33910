"""Detected faces become tracks of a Scene, visible only where they were detected, and the record of the search."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from schemas.box import Box, PathPoint, size_class
from schemas.clip import Frame
from schemas.corners import Corners
from schemas.interval import Interval
from schemas.scene import FACE, Track
from schemas.search import Candidate, Search, SearchedFrame
from stages.motion.analysis_frames import AnalysisFrames
from stages.motion.camera.camera import Camera
from stages.motion.faces.centerface import weights
from stages.motion.faces.close_look import with_close_looks
from stages.motion.faces.detect import FaceConfig, FaceSearch, FaceSighting, FaceTrack, box_at, find_faces

SOURCE = "faces"
"""Who found the faces of a scene."""


@dataclass(frozen=True)
class Faces:
    """What is known of the faces of a clip."""

    tracks: tuple[Track, ...]
    """One for each face that is certainly there."""
    searched: tuple[Search, ...]
    """What was seen where; empty if the weights are not installed, and then nothing is known of faces."""


def faces_of_clip(
    analysis: AnalysisFrames,
    pieces: Sequence[tuple[int, int]],
    camera: Camera,
    sampled: Sequence[Frame],
    config: FaceConfig,
) -> Faces:
    """The faces in order of first detection. ValueError if the JPEG of a sampled frame cannot be read."""
    if weights() is None:
        return Faces((), ())
    search = with_close_looks(find_faces(analysis, pieces, config), sampled, pieces, analysis, config)
    times = [frame.pts_seconds for frame in sampled]
    tracks: list[Track] = []
    track_ids: dict[FaceSighting, str] = {}
    for sightings in search.tracks:
        runs = _runs(sightings, analysis, config)
        if runs:
            track_id = f"f{len(tracks)}"
            tracks.append(_track(track_id, runs, analysis, camera, times, config))
            track_ids.update(dict.fromkeys(sightings, track_id))
    return Faces(tuple(tracks), (_searched(search, track_ids, analysis, config),))


def _searched(
    search: FaceSearch, track_ids: dict[FaceSighting, str], analysis: AnalysisFrames, config: FaceConfig
) -> Search:
    frames = (
        SearchedFrame(
            pts_seconds=float(analysis.pts_seconds[frame]),
            candidates=tuple(
                Candidate(**_edges(one.box), score=one.score, track_id=track_ids.get(one)) for one in seen
            ),
        )
        for frame, seen in sorted(search.seen.items())
    )
    return Search(noun=FACE, source=SOURCE, sure=config.sure, maybe=config.maybe, frames=tuple(frames))


def _runs(track: FaceTrack, analysis: AnalysisFrames, config: FaceConfig) -> list[FaceTrack]:
    """Runs of detections that follow each other closely, each from a sure one to a later sure one."""
    runs: list[list[FaceSighting]] = [[track[0]]]
    for before, after in pairwise(track):
        if analysis.pts_seconds[after.frame] - analysis.pts_seconds[before.frame] > config.bridge_seconds:
            runs.append([])
        runs[-1].append(after)
    trimmed = (_trimmed(run, config) for run in runs)
    return [run for run in trimmed if len(run) > 1]


def _trimmed(run: list[FaceSighting], config: FaceConfig) -> FaceTrack:
    """The part of a run between its first and its last sure detection."""
    sure = [i for i, sighting in enumerate(run) if sighting.score >= config.sure]
    return tuple(run[sure[0] : sure[-1] + 1]) if sure else ()


def _track(
    track_id: str,
    runs: list[FaceTrack],
    analysis: AnalysisFrames,
    camera: Camera,
    sampled_pts_seconds: Sequence[float],
    config: FaceConfig,
) -> Track:
    boxes, path = [], []
    for run in runs:
        for index, time in enumerate(sampled_pts_seconds):
            if (box := box_at(run, analysis, time, config)) is not None:
                boxes.append(Box(frame_index=index, **_edges(box)))
        for frame in range(run[0].frame, run[-1].frame + 1):
            time = float(analysis.pts_seconds[frame])
            if (box := box_at(run, analysis, time, config)) is not None:
                path.append(PathPoint(pts_seconds=time, **_edges(box)))
    return Track(
        track_id=track_id,
        label=FACE,
        source=SOURCE,
        score=float(np.mean([sighting.score for run in runs for sighting in run])),
        colour=None,
        size=size_class(path),
        moves=any(_moves(run, analysis, camera, config) for run in runs),
        first_seconds=path[0].pts_seconds,
        last_seconds=path[-1].pts_seconds,
        visible=tuple(
            Interval(
                start_seconds=float(analysis.pts_seconds[run[0].frame]),
                end_seconds=float(analysis.pts_seconds[run[-1].frame]),
            )
            for run in runs
        ),
        enters_from=None,
        leaves_to=None,
        boxes=tuple(boxes),
        path=tuple(path),
    )


def _edges(box: Corners) -> dict[str, float]:
    x0, y0, x1, y1 = (min(1.0, max(0.0, value)) for value in box)
    return {"x0": x0, "y0": y0, "x1": x1, "y1": y1}


def _moves(run: FaceTrack, analysis: AnalysisFrames, camera: Camera, config: FaceConfig) -> bool:
    """Whether the face moves further than its detections scatter, apart from the camera's motion."""
    first, size = run[0], np.array([analysis.width, analysis.height])
    start = _centre(first.box) * size
    for sighting in run[1:]:
        motion = camera.between(first.frame, sighting.frame)
        if motion is not None:
            carried = motion[:, :2] @ start + motion[:, 2]
            gone = np.abs(_centre(sighting.box) * size - carried) / size
            if gone.max() > config.moves_beyond:
                return True
    return False


def _centre(box: Corners) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
