"""Predicates about events."""

import pytest

from schemas.scene import FACE
from tests.scenes import claim, cut, event, fade, fixed, link, scene, span, track
from tests.stages.claims.verdicts import FALSE, TRUE, UNKNOWN, by, verdict

RED = track("r", fixed(0.05, 0.5), name="red", enters_from="left", leaves_to="left")
BLUE = track("b", fixed(0.7, 0.95), name="blue", enters_from="bottom")


def happening(kind: str, red: float, blue: float) -> object:
    return scene(RED, BLUE, events=[event(kind, red, "r"), event(kind, blue, "b")])


@pytest.mark.parametrize("kind", ["enters", "leaves", "starts", "stops"])
def test_before_is_the_seconds_between(kind: str) -> None:
    """Red's event at 2.0 s and blue's at 3.5 s are 1.5 s apart; without one of them the verdict is unknown."""
    there = happening(kind, 2.0, 3.5)
    assert verdict(claim(f"{kind}_before", RED, BLUE), there) == by(TRUE, 1.5)
    assert verdict(claim(f"{kind}_before", BLUE, RED), there) == by(FALSE, 1.5)
    alone = scene(RED, BLUE, events=[event(kind, 2.0, "r")])
    assert verdict(claim(f"{kind}_before", RED, BLUE), alone) == by(UNKNOWN, 0)


@pytest.mark.parametrize("kind", ["enters", "leaves"])
def test_with_is_the_distance_from_a_quarter_second(kind: str) -> None:
    """0.1 s apart is 0.15 s within the quarter second, 1.5 s apart 1.25 s beyond it."""
    assert verdict(claim(f"{kind}_with", RED, BLUE), happening(kind, 2.0, 2.1)) == by(TRUE, 0.15)
    assert verdict(claim(f"{kind}_with", BLUE, RED), happening(kind, 2.0, 2.1)) == by(TRUE, 0.15)
    assert verdict(claim(f"{kind}_with", RED, BLUE), happening(kind, 2.0, 3.5)) == by(FALSE, 1.25)
    assert verdict(claim(f"{kind}_with", RED, BLUE), scene(RED, BLUE)) == by(UNKNOWN, 0)


def test_at_the_same_time_neither_comes_before_the_other() -> None:
    """0.1 s apart: "before" is false in both orders, by the same 0.15 s by which "at the same time" is true."""
    near = happening("enters", 2.0, 2.1)
    assert verdict(claim("enters_before", RED, BLUE), near) == by(FALSE, 0.15)
    assert verdict(claim("enters_before", BLUE, RED), near) == by(FALSE, 0.15)


def test_of_several_events_every_one_has_to_agree() -> None:
    """Red enters at 1 and 6 s and blue at 3 s: neither order is right for both; blue at 8 s is 2 s after both."""
    twice = [event("enters", 1.0, "r"), event("enters", 6.0, "r")]
    between = scene(RED, BLUE, events=[*twice, event("enters", 3.0, "b")])
    assert verdict(claim("enters_before", RED, BLUE), between) == by(UNKNOWN, 0)
    after = scene(RED, BLUE, events=[*twice, event("enters", 8.0, "b")])
    assert verdict(claim("enters_before", RED, BLUE), after) == by(TRUE, 2.0)


def test_a_face_neither_enters_nor_leaves() -> None:
    """A face that is not detected may still be in view, so the order of first detections proves nothing."""
    face = track("f", fixed(0.5, 0.2), label=FACE)
    there = scene(RED, face, events=[event("enters", 1.0, "r"), event("enters", 5.0, "f")])
    assert verdict(claim("enters_before", RED, face), there) == by(UNKNOWN, 0)
    assert verdict(claim("event_in", face, value="enters", during=[(4, 6)]), there) == by(UNKNOWN, 0)


@pytest.mark.parametrize("kind", ["starts", "stops"])
def test_of_a_thing_whose_turns_are_not_all_known_neither_order_nor_time_is_said(kind: str) -> None:
    """Another start may have been missed: that it starts at 4 s does not show that it starts at no other time."""
    there = scene(RED, BLUE, events=[event(kind, 4.0, "r"), event(kind, 8.0, "b")])
    creeping = RED.model_copy(update={"turns_known": False})
    doubtful = there.model_copy(update={"tracks": (creeping, BLUE)})
    for holds, one, text in ((there, RED, FALSE), (doubtful, creeping, UNKNOWN)):
        assert verdict(claim("event_in", one, value=kind, during=[(6, 9)]), holds)[0] is text
    assert verdict(claim(f"{kind}_before", RED, BLUE), there)[0] is TRUE
    assert verdict(claim(f"{kind}_before", creeping, BLUE), doubtful) == by(UNKNOWN, 0)


def test_enters_from_is_clear_of_the_other_borders() -> None:
    """Red's first box is [0, 0.1] x [0.45, 0.55], 0.45 from the next border; blue's [0.65, 0.75] x [0.9, 1]."""
    there = scene(RED, BLUE, events=[event("enters", 0.0, "r"), event("enters", 0.0, "b")])
    assert verdict(claim("enters_from", RED, value="left"), there) == by(TRUE, 0.45)
    assert verdict(claim("enters_from", RED, value="right"), there) == by(FALSE, 0.45)
    assert verdict(claim("enters_from", BLUE, value="bottom"), there) == by(TRUE, 0.25)
    assert verdict(claim("enters_from", RED, value="left"), scene(RED, BLUE)) == by(UNKNOWN, 0)


def test_who_enters_twice_comes_from_one_side_or_none() -> None:
    """One track with two entries has one known border: open; two linked tracks, both from the left, from the left."""
    twice = scene(RED, events=[event("enters", 0.0, "r"), event("enters", 6.0, "r")])
    assert verdict(claim("enters_from", RED, value="left"), twice) == by(UNKNOWN, 0)
    for side, found in (("left", by(TRUE, 0.45)), ("right", by(UNKNOWN, 0))):
        x = 0.05 if side == "left" else 0.95
        again = track("r2", fixed(x, 0.5), [(12, 15)], name="red", enters_from=side)
        events = [event("enters", 0.0, "r"), event("enters", 12.0, "r2")]
        there = scene(RED, again, seconds=15.0, events=events, links=[link("r", "r2", same=True)])
        assert verdict(claim("enters_from", RED, value="left"), there) == found


def test_leaves_to_takes_the_last_box() -> None:
    """Red touches the left border alone when it leaves, 0.45 from the next; blue leaves to no one border."""
    there = scene(RED, BLUE, events=[event("leaves", 10.0, "r"), event("leaves", 10.0, "b")])
    assert verdict(claim("leaves_to", RED, value="left"), there) == by(TRUE, 0.45)
    assert verdict(claim("leaves_to", RED, value="top"), there) == by(FALSE, 0.45)
    assert verdict(claim("leaves_to", BLUE, value="bottom"), there) == by(UNKNOWN, 0)


@pytest.mark.parametrize("kind", ["enters", "leaves", "starts", "stops"])
def test_event_in_is_the_distance_to_the_ends(kind: str) -> None:
    """4 s is 1 s inside [3, 6) and 2 s before [6, 9); without such an event the verdict is unknown."""
    there = scene(RED, events=[event(kind, 4.0, "r")])
    assert verdict(claim("event_in", RED, value=kind, during=[(3, 6)]), there) == by(TRUE, 1.0)
    assert verdict(claim("event_in", RED, value=kind, during=[(6, 9)]), there) == by(FALSE, 2.0)
    assert verdict(claim("event_in", RED, value=kind, during=[(3, 6)]), scene(RED)) == by(UNKNOWN, 0)


def test_a_cut_is_in_an_interval_or_clearly_not() -> None:
    """A cut at 5 s is 1 s inside [4, 8) and 2 s after [0, 3); if there may be another cut, "none" is unknown."""
    there = scene(cuts=[cut(5.0)])
    assert verdict(claim("event_in", value="cut", during=[(4, 8)]), there) == by(TRUE, 1.0)
    assert verdict(claim("event_in", value="cut", during=[(0, 3)]), there) == by(FALSE, 2.0)
    doubtful = scene(cuts=[cut(5.0)], strongest_non_cut=1.1)
    assert verdict(claim("event_in", value="cut", during=[(0, 3)]), doubtful) == by(UNKNOWN, 0)
    faded = scene(cuts=[cut(5.0)], fades=[fade(2.0)])  # somebody may call it a cut
    assert verdict(claim("event_in", value="cut", during=[(0, 3)]), faded) == by(UNKNOWN, 0)
    assert verdict(claim("event_in", value="cut", during=[(0, 3)]), scene())[0] is FALSE
    assert span(0, 3).duration_seconds == 3
