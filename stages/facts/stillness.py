"""Whether anything happens in the picture: nobody would ask what moves on a page that stands still."""

import numpy as np

from schemas.claim import Predicate
from schemas.interval import Interval
from stages.claims.breaks import MOVEMENT
from stages.claims.scene_view import SceneView
from stages.claims.thing import Floats
from stages.claims.whole_picture import BRIGHTER_RATIO
from stages.facts.slot import Slot

LEAST_MOTION = 0.002
"""Mean share of the pixels that move from frame to frame; less is noise."""
_CAMERA_MOVES = 0.01  # frame sides, and scale, a second
_OF_MOVEMENT_OR_LIGHT = MOVEMENT | {Predicate.BRIGHTER}


def is_still_picture(view: SceneView) -> bool:
    """Whether nothing in the clip moves, the camera is nowhere known to move, and the light stays as it is."""
    lumas = [measure.luma for measure in view.scene.measures]
    steady = not lumas or max(lumas) < BRIGHTER_RATIO * min(lumas)
    moves = any(track.moves for track in view.scene.tracks) or camera_moves(view)
    return steady and not moves and not something_moves(view, view.whole_clip)


def asks_of_movement_or_light(slot: Slot) -> bool:
    """Whether a question is about movement, the camera, the number of moving things, or light."""
    return any(column.predicate in _OF_MOVEMENT_OR_LIGHT for column in slot.columns)


def something_moves(view: SceneView, interval: Interval) -> bool:
    """Whether there is motion in the picture during the interval, beside that of the camera."""
    return motion_during(view, interval) >= LEAST_MOTION


def motion_during(view: SceneView, interval: Interval) -> float:
    """Mean share of the pixels that move from frame to frame; 0 if it was not measured."""
    return _mean_during(view, interval, view.motions_M3.mean(axis=1))


def light_during(view: SceneView, interval: Interval) -> float:
    """Mean brightness, 0..1; 0 if it was not measured."""
    return _mean_during(view, interval, view.lumas_M)


def _mean_during(view: SceneView, interval: Interval, values_M: Floats) -> float:
    seconds_M = view.seconds_M(interval)
    return float(np.average(values_M, weights=seconds_M)) if seconds_M.any() else 0.0


def camera_moves(view: SceneView) -> bool:
    """Whether the camera is known to move in some second of the clip."""
    return bool((np.nan_to_num(np.abs(view.camera_M3)) > _CAMERA_MOVES).any())
