"""What the camera does."""

from schemas.claim import Predicate
from stages.facts.slot import Column, Slot
from stages.facts.stretch import around_cut, shots, spans, whole
from stages.facts.view import View

_WAYS = ("left", "right", "up", "down", "in", "out", "still")
_MOVES = tuple(Column(way, Predicate.CAMERA_MOVES, way) for way in _WAYS)


def camera(view: View) -> tuple[Slot, ...]:
    """camera_moves."""
    scene = view.scene
    stretches = view.steady((whole(scene), *spans(scene), *(around_cut(scene) or shots(scene))))
    return tuple(
        Slot(
            key=f"camera_moves.{stretch.key}",
            wording="camera.moves",
            feature="camera_moves",
            columns=_MOVES,
            width=4,
            stretches=(stretch,),
        )
        for stretch in view.some_of_picture(stretches)
    )
