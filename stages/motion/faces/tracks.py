"""Detected faces become tracks of a Scene, visible only where they were detected."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from schemas.box import Box, PathPoint, size_class
from schemas.interval import Interval
from schemas.scene import FACE, Track
from stages.motion.analysis_frames import AnalysisFrames
from stages.motion.camera.camera import Camera
from stages.motion.faces.detect import FaceConfig, FaceSighting, FaceTrack, Rectangle, box_at, find_faces

_SURE_WEIGHT = 8.0  # mean weight of the cascade at which a face is certain (score 1)


def face_tracks(
    analysis: AnalysisFrames,
    pieces: list[tuple[int, int]],
    camera: Camera,
    sampled_pts_seconds: Sequence[float],
    config: FaceConfig,
) -> tuple[Track, ...]:
    """One track for each face, in order of first detection. `sampled_pts_seconds` are the sampled frames' times."""
    tracks: list[Track] = []
    for sightings in find_faces(analysis, pieces, config):
        runs = _runs(sightings, analysis, config)
        if runs:
            tracks.append(_track(f"f{len(tracks)}", runs, analysis, camera, sampled_pts_seconds, config))
    return tuple(tracks)


def _runs(track: FaceTrack, analysis: AnalysisFrames, config: FaceConfig) -> list[FaceTrack]:
    """Runs of detections that follow each other closely. A run has at least two detections."""
    runs: list[list[FaceSighting]] = [[track[0]]]
    for before, after in pairwise(track):
        if analysis.pts_seconds[after.frame] - analysis.pts_seconds[before.frame] > config.bridge_seconds:
            runs.append([])
        runs[-1].append(after)
    return [tuple(run) for run in runs if len(run) > 1]


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
    weights = [sighting.weight for run in runs for sighting in run]
    return Track(
        track_id=track_id,
        label=FACE,
        score=min(1.0, float(np.mean(weights)) / _SURE_WEIGHT),
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


def _edges(box: Rectangle) -> dict[str, float]:
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


def _centre(box: Rectangle) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
