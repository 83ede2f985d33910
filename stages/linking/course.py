"""A chain of sightings becomes a track: where its thing is on every analysis frame, and when it is in view."""

from collections.abc import Sequence
from statistics import fmean

import numpy as np

from schemas.box import PathPoint, size_class
from schemas.interval import Interval
from schemas.scene import Track
from stages.linking.ends import NamedRun

DIGITS = 5
"""That positions and scores are rounded to."""
_LEAST_SECONDS = 1e-3


def named_track(
    track_id: str, noun: str, source: str, runs: Sequence[NamedRun], analysis_pts: Sequence[float], *, moves: bool
) -> Track:
    """The track of one thing, still without boxes on sampled frames.

    Args:
        track_id: unique in the clip.
        noun: what it is.
        source: the detector's name.
        runs: the stretches in which it is in view, in order of time.
        analysis_pts: container times of the analysis frames, at which the path has its points.
        moves: whether the thing itself moves at some time.
    """
    path = [point for run in runs for point in _points(run, analysis_pts)]
    visible = tuple(
        Interval(start_seconds=run.start_seconds, end_seconds=max(run.end_seconds, run.start_seconds + _LEAST_SECONDS))
        for run in runs
    )
    return Track(
        track_id=track_id,
        label=noun,
        source=source,
        score=round(fmean(one.score for run in runs for one in run.sightings), DIGITS),
        colour=None,
        size=size_class(path),
        moves=moves,
        first_seconds=visible[0].start_seconds,
        last_seconds=visible[-1].end_seconds,
        visible=visible,
        enters_from=None,
        leaves_to=None,
        boxes=(),
        path=tuple(path),
    )


def _points(run: NamedRun, analysis_pts: Sequence[float]) -> list[PathPoint]:
    """A box on every analysis frame of the run; between sightings it goes on evenly. At least the first sighting's."""
    times = np.array([one.pts_seconds for one in run.sightings])
    edges = np.array([one.box for one in run.sightings])
    frames = [at for at in analysis_pts if times[0] - 1e-6 <= at <= times[-1] + 1e-6] or [float(times[0])]
    return [path_point(at, [float(np.interp(at, times, edges[:, edge])) for edge in range(4)]) for at in frames]


def path_point(pts_seconds: float, corners: Sequence[float]) -> PathPoint:
    """The box as a point of a path, rounded."""
    x0, y0, x1, y1 = (round(value, DIGITS) for value in corners)
    return PathPoint(pts_seconds=pts_seconds, x0=x0, y0=y0, x1=x1, y1=y1)
