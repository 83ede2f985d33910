"""Questions about what the camera does."""

from schemas.claim import Predicate
from stages.facts.askable_scene import AskableScene
from stages.facts.slot import Column, Slot
from stages.wording.stretch import around_cut, shots, spans, whole_clip

_WAYS = ("left", "right", "up", "down", "in", "out", "still")
_STILL = 0.01  # frame sides a second
_MOVES = tuple(Column(way, Predicate.CAMERA_MOVES, way) for way in _WAYS)


def camera(view: AskableScene) -> tuple[Slot, ...]:
    """Questions for camera_moves."""
    scene = view.scene
    stretches = view.steady((whole_clip(scene), *spans(scene), *(around_cut(scene) or shots(scene))))
    return tuple(
        Slot(
            key=f"camera_moves.{stretch.key}",
            wording="camera.moves",
            feature="camera_moves",
            columns=_MOVES,
            width=4,
            stretches=(stretch,),
        )
        for stretch in (view.some_of_picture(stretches) if _moves(view) else view.few_of_picture(stretches))
    )


def _moves(view: AskableScene) -> bool:
    """Whether some measured shift or scale is large enough for a moving camera."""
    shifts = [(m.shift_x, m.shift_y, m.scale) for m in view.scene.measures]
    return any(
        abs(x) > _STILL or abs(y) > _STILL or abs(scale - 1) > _STILL
        for x, y, scale in shifts
        if x is not None and y is not None and scale is not None
    )
