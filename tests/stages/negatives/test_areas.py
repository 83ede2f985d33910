"""Areas that are moved, or changed as a control."""

import pytest

from schemas.visual_negative import Shift
from stages.negatives.areas import area_of, control_of, moves
from tests.scenes import claim, fixed, scene, track
from tests.stages.negatives.clips import boxed, check_of

RED, BLUE = track("r", fixed(0.3, 0.5), name="red"), track("b", fixed(0.7, 0.5), name="blue")
CHECK = check_of(boxed(scene(RED, BLUE)))
AREA = (0.238, 0.438, 0.362, 0.562)  # the box 0.25 .. 0.35 and 0.45 .. 0.55 with a border of 0.012


def test_the_area_of_a_thing_is_its_bordered_box() -> None:
    """Visible on the frame, small, away from the border and from other things."""
    assert area_of(CHECK, "r", 0) == pytest.approx(AREA)
    assert area_of(CHECK, "x", 0) is None


@pytest.mark.parametrize(
    "hidden",
    [fixed(0.32, 0.5, 0.5, 0.75), fixed(0.05, 0.5), fixed(0.62, 0.5)],
    ids=["too large", "at the border", "beside another"],
)
def test_a_thing_that_may_be_partly_hidden_has_no_area(hidden: object) -> None:
    """With its border 0.6 x 0.9 is more than 0.4 of the frame; 0.0 is the frame's border; and blue begins at 0.65."""
    assert area_of(check_of(boxed(scene(track("r", hidden, name="red"), BLUE))), "r", 0) is None


def test_a_thing_that_is_smaller_than_shortly_before_has_no_area() -> None:
    """From 4 s on a still thing hides the left third of it: at 4.3 s that may be so, at 3 s it is not."""
    whole, part = fixed(0.3, 0.5, 0.12, 0.12), fixed(0.32, 0.5, 0.08, 0.12)
    passing = track("r", lambda seconds: whole(seconds) if seconds < 4 else part(seconds), name="red")
    check = check_of(boxed(scene(passing, BLUE)))
    assert area_of(check, "r", 6) is not None
    assert area_of(check, "r", 8) is None


def test_a_thing_is_moved_along_the_axis_of_its_claim() -> None:
    """Left of: sideways only, to places that are empty, inside the frame and clear of the old place."""
    asked = claim("left_of", RED, BLUE, during=[(0, 10)])
    shifts = list(moves(asked, AREA, CHECK, 0))
    assert {shift.shift_y for shift in shifts} == {0.0}
    assert shifts[0] == Shift(shift_x=0.15, shift_y=0.0)  # 0.05 and 0.1 overlap the old place, which is 0.124 wide
    assert all(shift.shift_x > 0.48 or shift.shift_x < 0.26 for shift in shifts)  # blue begins at 0.65, ends at 0.75


def test_a_control_is_the_nearest_empty_place() -> None:
    """Straight up or down by 0.2 is the nearest that does not overlap the area, 0.124 high, in steps of 0.1."""
    found = control_of(AREA, None, CHECK, 0)
    assert found is not None
    assert (abs(found.shift_x), abs(found.shift_y)) in {(0.0, 0.2), (0.2, 0.0)}


def test_a_place_is_empty_if_nothing_is_there_on_the_frame_itself() -> None:
    """The path says where things were on the nearest analysed frame: blue has left the place right of red since then,
    and by its box on the stored frame it has not.
    """
    clip = boxed(scene(RED, track("b", fixed(0.5, 0.5), name="blue")))
    away = track("b", fixed(0.7, 0.9), name="blue").path
    moved = tuple(one.model_copy(update={"path": away}) if one.track_id == "b" else one for one in clip.scene.tracks)
    check = check_of(clip.model_copy(update={"scene": clip.scene.model_copy(update={"tracks": moved})}))
    shifts = list(moves(claim("left_of", RED, BLUE, during=[(0, 10)]), AREA, check, 0))
    assert shifts
    assert all(shift.shift_x < 0.1 or shift.shift_x > 0.3 for shift in shifts)


def test_the_control_of_a_move_has_room_for_the_move() -> None:
    """With a move of 0.3 down, an area that starts below 0.576 would leave the frame."""
    found = control_of(AREA, Shift(shift_x=0.0, shift_y=0.3), CHECK, 0)
    assert found is not None
    assert AREA[1] + found.shift_y >= 0
    assert AREA[3] + found.shift_y + 0.3 <= 1
