"""Between two boxes a thing is on the line between them, if time and shots allow it."""

import pytest

from schemas.annotations import AnnotatedCamera, Annotations
from schemas.box import Rectangle
from stages.annotated.places import area_at, boxes_of, place_at
from tests import scenes
from tests.stages.annotated.clips import thing, times


def _left(seconds: float, *boxes: tuple[float, float], moves: bool = True, **rest: object) -> float | None:
    annotations = Annotations(**rest)  # type: ignore[arg-type]
    placed = boxes_of(thing("dog", *boxes), annotations)
    found = place_at(seconds, placed, times(annotations), moves=moves)
    return None if found is None else pytest.approx(found.x0)


def test_a_thing_that_moves_is_on_the_line_between_near_boxes() -> None:
    """Halfway in time between boxes at 0.1 and 0.3 it is at 0.2; boxes 1.6 s apart say nothing."""
    assert _left(1.5, (1.0, 0.1), (2.0, 0.3)) == 0.2
    assert _left(1.8, (1.0, 0.1), (2.6, 0.3)) is None


def test_a_thing_that_stands_still_is_known_over_any_gap() -> None:
    """The camera is steady: boxes nine seconds apart place it between them, and the last one after it."""
    assert _left(5.0, (0.0, 0.2), (9.0, 0.2), moves=False) == 0.2
    assert _left(9.5, (0.0, 0.2), (9.0, 0.2), moves=False) == 0.2


def test_under_a_swaying_camera_only_boxes_that_agree_place_a_still_thing() -> None:
    """Boxes that differ by 0.2 of the frame show that the camera swayed between them."""
    sways = (AnnotatedCamera(motion="handheld", start_seconds=0, end_seconds=10),)
    assert _left(5.0, (0.0, 0.2), (9.0, 0.4), moves=False, camera=sways) is None
    assert _left(5.0, (0.0, 0.2), (9.0, 0.25), moves=False, camera=sways) == 0.2 + 0.05 * 5 / 9
    assert _left(9.5, (0.0, 0.2), (9.0, 0.2), moves=False, camera=sways) is None


def test_after_its_last_box_a_thing_that_moves_is_soon_unknown() -> None:
    """For 0.2 s it is where it was."""
    assert _left(2.2, (1.0, 0.1), (2.0, 0.3)) == 0.3
    assert _left(2.3, (1.0, 0.1), (2.0, 0.3)) is None


def test_nothing_is_carried_over_a_cut() -> None:
    """Boxes at 1 and 2 s say nothing of 1.7 s if there is a cut at 1.5 s."""
    annotations = Annotations()
    placed = boxes_of(thing("dog", (1.0, 0.1), (2.0, 0.3)), annotations)
    cut_film = times(annotations, scenes.scene(cuts=(scenes.cut(1.5),)))
    assert place_at(1.2, placed, cut_film, moves=True) is not None
    assert place_at(1.7, placed, cut_film, moves=True) is None


def test_pixels_become_shares_of_the_frame() -> None:
    """A box from 64 pixels on in a frame of 640 begins at 0.1."""
    pixels = thing("dog").model_copy(update={"boxes": thing("dog", (1.0, 0.0)).boxes})
    box = pixels.boxes[0].model_copy(update={"x0": 64, "y0": 36, "x1": 128, "y1": 72})
    annotations = Annotations(frame_width=640, frame_height=360)
    (placed,) = boxes_of(pixels.model_copy(update={"boxes": (box,)}), annotations)
    assert placed.corners == pytest.approx((0.1, 0.1, 0.2, 0.2))


def test_where_it_is_not_known_a_larger_box_holds_it() -> None:
    """Around the boxes before and after; the whole frame without any."""
    placed = boxes_of(thing("dog", (1.0, 0.1), (5.0, 0.7)), Annotations())
    assert area_at(3.0, placed, times()) == Rectangle(x0=0.1, y0=0.4, x1=0.7 + 0.2, y1=0.6)
    assert area_at(3.0, (), times()) == Rectangle(x0=0, y0=0, x1=1, y1=1)
