"""Where things are."""

import math

from schemas.scene import Scene
from tests.scenes import called, claim, fixed, line, scene, span, track
from tests.stages.claims.verdicts import FALSE, TRUE, UNKNOWN, by, verdict

WHOLE = [(0.0, 10.0)]
RED = track("r", line((0.2, 0.5), (0.6, 0.5), (0, 9.9)), name="red")
BLUE = track("b", fixed(0.7, 0.3), name="blue", moves=False)


def test_left_and_right_of_hold_at_every_time_or_never() -> None:
    """Red goes from 0.2 to 0.6, blue stays at 0.7: the least gap is 0.7 - 0.6 = 0.1; a blue at 0.4 is passed."""
    assert verdict(claim("left_of", RED, BLUE, during=WHOLE), scene(RED, BLUE)) == by(TRUE, 0.1)
    assert verdict(claim("right_of", RED, BLUE, during=WHOLE), scene(RED, BLUE)) == by(FALSE, 0.1)
    assert verdict(claim("right_of", BLUE, RED, during=WHOLE), scene(RED, BLUE)) == by(TRUE, 0.1)
    passed = track("b", fixed(0.4, 0.3), name="blue", moves=False)
    for predicate in ("left_of", "right_of"):
        assert verdict(claim(predicate, RED, passed, during=WHOLE), scene(RED, passed)) == by(UNKNOWN, 0)


def test_above_and_below_compare_heights() -> None:
    """Blue's centre is at 0.3 of the height and red's at 0.5: blue is above by 0.2; at equal heights neither holds."""
    assert verdict(claim("above", BLUE, RED, during=WHOLE), scene(RED, BLUE)) == by(TRUE, 0.2)
    assert verdict(claim("below", BLUE, RED, during=WHOLE), scene(RED, BLUE)) == by(FALSE, 0.2)
    assert verdict(claim("below", RED, BLUE, during=WHOLE), scene(RED, BLUE)) == by(TRUE, 0.2)
    level = track("b", fixed(0.9, 0.5), name="blue")
    assert verdict(claim("above", level, RED, during=WHOLE), scene(RED, level)) == by(UNKNOWN, 0)


def test_only_times_at_which_both_are_visible_count() -> None:
    """Red passes blue (at 0.4) at 5 s. Blue is visible in [0, 2), when red is at most at 0.2 + 0.4 * 1.9 / 9.9."""
    brief = track("b", fixed(0.4, 0.3), [(0.0, 2.0)], name="blue")
    gap = 0.4 - (0.2 + 0.4 * 1.9 / 9.9)
    assert verdict(claim("left_of", RED, brief, during=WHOLE), scene(RED, brief)) == by(TRUE, gap)
    assert verdict(claim("left_of", RED, brief, during=[(3, 9)]), scene(RED, brief)) == by(UNKNOWN, 0)


def test_larger_than_is_the_log_ratio_of_the_areas() -> None:
    """A box of 0.2 x 0.2 is 4 times one of 0.1 x 0.1: log 4; equal boxes leave it open."""
    large = track("g", fixed(0.5, 0.5, 0.2, 0.2), name="green")
    both = scene(large, BLUE)
    assert verdict(claim("larger_than", large, BLUE, during=WHOLE), both) == by(TRUE, math.log(4))
    assert verdict(claim("larger_than", BLUE, large, during=WHOLE), both) == by(FALSE, math.log(4))
    assert verdict(claim("larger_than", RED, BLUE, during=[(0, 0.05)]), scene(RED, BLUE))[1] < 1e-9


def test_overlaps_at_some_time_and_apart_at_none() -> None:
    """Boxes of 0.1 at distance 0.05 share 0.05 x 0.1 of 0.015: IoU 1/3; at distance 0.3 their borders are 0.2 apart."""
    near = track("g", fixed(0.75, 0.3), name="green")
    far = track("g", fixed(0.4, 0.3), name="green")
    assert verdict(claim("overlaps", near, BLUE, during=WHOLE), scene(near, BLUE)) == by(TRUE, 1 / 3)
    assert verdict(claim("apart", near, BLUE, during=WHOLE), scene(near, BLUE)) == by(FALSE, 1 / 3)
    assert verdict(claim("overlaps", far, BLUE, during=WHOLE), scene(far, BLUE)) == by(FALSE, 0.2)
    assert verdict(claim("apart", far, BLUE, during=WHOLE), scene(far, BLUE)) == by(TRUE, 0.2)
    unseen = track("g", fixed(0.4, 0.3), [(0, 1)], name="green")
    assert verdict(claim("apart", unseen, BLUE, during=[(2, 5)]), scene(unseen, BLUE)) == by(UNKNOWN, 0)


def test_boxes_that_share_an_edge_meet() -> None:
    """What covers the left half of a thing ends where it begins: by next to nothing, which no margin allows."""
    x = BLUE.path[0].x0 - 0.05
    beside = track("g", fixed(x, 0.3), name="green")
    assert beside.path[0].x1 == BLUE.path[0].x0
    truth, margin = verdict(claim("overlaps", beside, BLUE, during=WHOLE), scene(beside, BLUE))
    assert (truth, verdict(claim("apart", beside, BLUE, during=WHOLE), scene(beside, BLUE))[0]) == (TRUE, FALSE)
    assert 0 < margin < 1e-5


def test_in_region_is_the_distance_to_the_border_of_the_third() -> None:
    """Blue at 0.7 is 0.7 - 2/3 inside the right third, 0.7 - 1/3 outside the left one; red goes through two."""
    both = scene(RED, BLUE)
    assert verdict(claim("in_region", BLUE, value="right", during=WHOLE), both) == by(TRUE, 0.7 - 2 / 3)
    assert verdict(claim("in_region", BLUE, value="left", during=WHOLE), both) == by(FALSE, 0.7 - 1 / 3)
    assert verdict(claim("in_region", BLUE, value="top", during=WHOLE), both) == by(TRUE, 1 / 3 - 0.3)
    assert verdict(claim("in_region", RED, value="middle", during=WHOLE), both) == by(TRUE, 1 / 6)
    assert verdict(claim("in_region", RED, value="left", during=WHOLE), both) == by(UNKNOWN, 0)
    assert verdict(claim("in_region", RED, value="right", during=WHOLE), both) == by(FALSE, 2 / 3 - 0.6)


def _moving_red() -> Scene:
    return scene(RED, BLUE)


def test_has_colour_is_held_against_the_dominant_colour() -> None:
    """Red's share exceeds the next colour's by 0.8: it is red, and not green, by that; without one: unknown."""
    said = claim("has_colour", RED, value="red").model_copy(update={"subject_phrases": ("the object that moves",)})
    assert verdict(said, _moving_red()) == by(TRUE, 0.8)
    assert verdict(said.model_copy(update={"value": "green"}), _moving_red()) == by(FALSE, 0.8)
    plain = track("r", fixed(0.5, 0.5))
    assert verdict(said, scene(plain)) == by(UNKNOWN, 0)


def test_intervals_end_before_their_end() -> None:
    """The box at 3.0 s is not in [2, 3): there red would be nearer to blue than at 2.9 s."""
    at = 0.2 + 0.4 * 2.9 / 9.9
    assert verdict(claim("left_of", RED, BLUE, during=[(2, 3)]), scene(RED, BLUE)) == by(TRUE, 0.7 - at)
    assert span(2, 3).contains(2.9)
    assert called(RED) == "the red object"
