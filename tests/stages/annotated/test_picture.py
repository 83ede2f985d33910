"""Where annotations and pixels disagree about shots and camera, neither is asserted."""

import pytest

from schemas.annotations import AnnotatedCamera, Annotations
from tests import scenes
from tests.stages.annotated.clips import laid, stretch

TWO_SHOTS = (stretch(0, 4), stretch(4, 10))


def _camera(motion: str, **rest: object) -> Annotations:
    return Annotations(camera=(AnnotatedCamera(motion=motion, start_seconds=2, end_seconds=5, **rest),))  # type: ignore[arg-type]


def test_a_border_that_pixels_do_not_show_leaves_the_shots_open() -> None:
    """Nothing runs over it: it becomes a break, and the number of shots is not certain."""
    there = laid(Annotations(shots=TWO_SHOTS))
    assert [one.pts_seconds for one in there.breaks] == [4]
    assert there.strongest_non_cut == 1.0


def test_a_cut_that_both_see_stays_certain() -> None:
    """Up to 0.25 s apart they are one."""
    there = laid(Annotations(shots=TWO_SHOTS), cuts=(scenes.cut(4.2),))
    assert there.breaks == ()
    assert there.strongest_non_cut < 1.0


def test_a_cut_that_people_did_not_see_leaves_the_shots_open() -> None:
    """One shot by the annotations, two by the pixels."""
    there = laid(Annotations(shots=(stretch(0, 10),)), cuts=(scenes.cut(4.2),))
    assert there.strongest_non_cut == 1.0


@pytest.mark.parametrize(
    ("annotations", "unknown"),
    [
        (_camera("still"), []),
        (_camera("handheld"), [2, 3, 4]),
        (_camera("unclear"), [2, 3, 4]),
        (_camera("still", certain=False), [2, 3, 4]),
    ],
)
def test_the_camera_is_unknown_in_seconds_of_which_people_say_otherwise(
    annotations: Annotations, unknown: list[float]
) -> None:
    """The pixels show a still camera; "handheld", and any doubt, contradict that from 2 to 5 s."""
    measures = tuple(scenes.measure(second) for second in range(10))
    there = laid(annotations, measures=measures)
    assert [one.pts_seconds for one in there.measures if one.shift_x is None] == unknown
