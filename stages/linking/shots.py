"""The frames of each shot that a detector looked at."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from schemas.scene import Scene


@dataclass(frozen=True)
class LookedShot:
    """One shot, as a detector saw it."""

    start_seconds: float
    """When it begins."""
    end_seconds: float
    """When it is over."""
    first_frame_seconds: float
    """Time of its first analysis frame."""
    last_frame_seconds: float
    """Time of its last analysis frame."""
    looked: tuple[int, ...]
    """Which of the frames that were looked at are of this shot; at least one."""
    breaks: tuple[float, ...]
    """Container times of sudden changes in it."""


def looked_shots(scene: Scene, analysis_pts: Sequence[float], looked_pts: Sequence[float]) -> list[LookedShot]:
    """The shots of which at least one frame was looked at, in order; times are container seconds and increase."""
    borders = [scene.start_seconds, *scene.shot_starts, scene.end_seconds]
    shots = []
    for start, end in pairwise(borders):
        frames = analysis_pts[_at(analysis_pts, start, scene) : _at(analysis_pts, end, scene)]
        looked = range(_at(looked_pts, start, scene), _at(looked_pts, end, scene))
        if looked:
            breaks = tuple(one.pts_seconds for one in scene.breaks if start < one.pts_seconds < end)
            shots.append(LookedShot(start, end, frames[0], frames[-1], tuple(looked), breaks))
    return shots


def _at(times: Sequence[float], border: float, scene: Scene) -> int:
    """The number of times before a border; nothing lies before the clip's start or after its end."""
    if border <= scene.start_seconds:
        return 0
    return len(times) if border >= scene.end_seconds else bisect_left(times, border - 1e-6)
