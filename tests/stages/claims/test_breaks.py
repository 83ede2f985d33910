"""What is said of a clip with breaks."""

import pytest

from schemas.claim import Claim
from schemas.scene import Break
from stages.claims.breaks import is_near_break, runs_over_break
from tests.scenes import claim, cut, event, line, measure, places, scene, track
from tests.stages.claims.verdicts import FALSE, TRUE, UNKNOWN, verdict

RED = track("r", line((0.1, 0.5), (0.9, 0.5), (0.0, 10.0)), name="red")
BLUE = track("b", line((0.1, 0.2), (0.9, 0.2), (0.0, 10.0)), name="blue")
EARLY, LATE = (0.0, 3.0), (7.0, 10.0)
AT_5 = Break(pts_seconds=5.0, share=0.2, ratio=20.0)
MEASURES = [measure(float(i), luma=0.8 if i < 4 else 0.4, motion=(0.2 if i < 4 else 0.01, 0, 0)) for i in range(10)]
PLACES = places((0, 0, 0.0, 0.1), (0, 1, 0.9, 1.4), (1, 1, 0.0, 0.1))

ACROSS = (
    claim("moves", RED, value="right", during=[(2.0, 8.0)]),
    claim("speeds_up", RED, during=[EARLY, LATE]),
    claim("displaced", RED, value="right", during=[EARLY, LATE]),
    claim("camera_moves", value="still", during=[(2.0, 8.0)]),
    claim("motion_in", value="left", during=[(2.0, 8.0)]),
    claim("moving_count", value="2", during=[(2.0, 8.0)]),
    claim("busier", during=[EARLY, LATE]),
    claim("brighter", during=[EARLY, LATE]),
    claim("place_changed", during=[EARLY, LATE]),
)


@pytest.mark.parametrize("across", ACROSS, ids=lambda one: one.predicate.value)
def test_nothing_about_movement_light_or_place_is_known_over_a_break(across: Claim) -> None:
    """A break at 5 s lies in [2, 8) and between the first and the last three seconds; one before or after does not."""
    there = scene(RED, BLUE, measures=MEASURES, cuts=[cut(4.0)], places=PLACES)
    if across.predicate != "speeds_up":  # its speed is even
        assert verdict(across, there)[0] is TRUE
    assert verdict(across, there.model_copy(update={"breaks": (AT_5,)}))[0] is UNKNOWN
    for pts in (-1.0, 10.0):
        assert not runs_over_break(across.predicate, across.intervals, there)
        later = there.model_copy(update={"breaks": (AT_5.model_copy(update={"pts_seconds": pts}),)})
        assert verdict(across, later) == verdict(across, there)


def test_where_a_thing_is_and_its_colour_are_known_over_a_break() -> None:
    """At every time red is below blue and of its colour, whatever jumps."""
    there = scene(RED, BLUE).model_copy(update={"breaks": (AT_5,)})
    assert verdict(claim("below", RED, BLUE, during=[(2.0, 8.0)]), there)[0] is TRUE
    assert verdict(claim("has_colour", RED, value="blue"), there)[0] is FALSE


def test_what_happens_at_a_break_may_be_the_break() -> None:
    """Red enters 0.2 s after a break: that it does, and from where, is unknown; at 6 s it is known."""
    for entered, truth in ((5.2, UNKNOWN), (6.0, TRUE)):
        red = track(
            "r", line((0.05, 0.5), (0.9, 0.5), (entered, 10.0)), [(entered, 10.0)], name="red", enters_from="left"
        )
        there = scene(red, events=[event("enters", entered, "r")]).model_copy(update={"breaks": (AT_5,)})
        assert is_near_break(entered, there) == (truth is UNKNOWN)
        assert verdict(claim("event_in", red, value="enters", during=[(4.0, 8.0)]), there)[0] is truth
        assert verdict(claim("enters_from", red, value="left"), there)[0] is truth


def test_a_break_leaves_open_how_many_shots_there_are_and_when_the_cut_is() -> None:
    """Some viewers call it a cut."""
    there = scene(cuts=[cut(3.0)])
    assert verdict(claim("shot_count", value="2"), there)[0] is TRUE
    assert verdict(claim("event_in", value="cut", during=[(0.0, 5.0)]), there)[0] is TRUE
    broken = there.model_copy(update={"breaks": (AT_5,)})
    assert verdict(claim("shot_count", value="2"), broken)[0] is UNKNOWN
    assert verdict(claim("event_in", value="cut", during=[(0.0, 5.0)]), broken)[0] is UNKNOWN
