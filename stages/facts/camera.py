"""Questions about what the camera does."""

from schemas.claim import Predicate
from stages.facts.askable_scene import AskableScene
from stages.facts.slot import Column, Slot
from stages.facts.stillness import camera_moves, something_moves
from stages.wording.stretch import around_cut, shots, spans, whole_clip

_WAYS = ("left", "right", "up", "down", "in", "out", "still")
MOVES = tuple(Column(way, Predicate.CAMERA_MOVES, way) for way in _WAYS)


def camera(view: AskableScene) -> tuple[Slot, ...]:
    """Questions for camera_moves; while nothing moves in the picture, only if the camera moves at another time."""
    scene, moves = view.scene, camera_moves(view.seen)
    steady = view.steady((whole_clip(scene), *spans(scene), *(around_cut(scene) or shots(scene))))
    stretches = [stretch for stretch in steady if moves or something_moves(view.seen, stretch.interval)]
    return tuple(
        Slot(
            key=f"camera_moves.{stretch.key}",
            wording="camera.moves",
            feature="camera_moves",
            columns=MOVES,
            width=4,
            stretches=(stretch,),
        )
        for stretch in (view.some_of_picture(stretches) if moves else view.few_of_picture(stretches))
    )
