"""Scenes of clips that are mirrored or played backwards."""

import pytest

from schemas.pair import VisualEdit
from schemas.scene import EventKind, Side
from stages.claims import TruthValue, check
from stages.claims.scene_view import SceneView
from stages.claims.visual_edit import edited, edited_seconds
from tests.scenes import claim, cut, deed, event, fade, fixed, line, link, measure, places, scene, search, track

RED = track("r", line((0.1, 0.5), (0.6, 0.4), (0, 4)), [(1, 4)], name="red", enters_from="left", leaves_to="top")
BLUE = track("b", fixed(0.7, 0.3), [(6, 10)], name="blue", moves=False)
THERE = scene(
    RED,
    BLUE,
    events=[event("enters", 1.0, "r"), event("stops", 3.0, "r")],
    links=[link("r", "b", same=False)],
    cuts=[cut(6.0)],
    fades=[fade(8.0, seconds=1.0)],
    places=places((0, 0, 0.0, 0.1), (0, 1, 1.0, 1.2), (1, 1, 0.0, 0.3)),
    measures=[measure(float(i), motion=(0.01 * i, 0.0, 0.5), shift=(0.01 * i, 0.02), scale=1.25) for i in range(10)],
)


def test_a_mirrored_scene_swaps_the_sides() -> None:
    """Red is at 0.1 + 0.5 / 4 = 0.225 at 1 s: mirrored 0.775; it came from the right, and still left to the top."""
    mirrored = edited(THERE, VisualEdit.MIRRORED)
    red = mirrored.track("r")
    assert red.path[0].centre[0] == pytest.approx(0.775)
    assert (red.enters_from, red.leaves_to) == (Side.RIGHT, Side.TOP)
    second = mirrored.measures[3]
    assert (second.motion_left, second.motion_right, second.shift_x, second.shift_y) == (0.5, 0.03, -0.03, 0.02)


def test_a_reversed_scene_runs_from_its_end() -> None:
    """Time t becomes 10 - t: red is visible in [6, 9), starts at 7 s and leaves to the left at 9 s; the cut is at 4."""
    backwards = edited(THERE, VisualEdit.REVERSED)
    red = backwards.track("r")
    assert [(s.start_seconds, s.end_seconds) for s in red.visible] == [(6, 9)]
    assert (red.enters_from, red.leaves_to) == (Side.TOP, Side.LEFT)
    assert [(e.kind, e.pts_seconds) for e in backwards.events] == [(EventKind.STARTS, 7.0), (EventKind.LEAVES, 9.0)]
    assert [one.pts_seconds for one in backwards.cuts] == [4.0]
    assert [(one.start_seconds, one.pts_seconds, one.end_seconds) for one in backwards.fades] == [(1.5, 2.0, 2.5)]
    assert (backwards.links[0].track_a, backwards.links[0].track_b) == ("b", "r")
    assert {(p.shot_a, p.shot_b, p.farthest) for p in backwards.places} == {(1, 1, 0.1), (0, 1, 1.2), (0, 0, 0.3)}


def test_a_reversed_camera_goes_back() -> None:
    """The second [3, 4) with a shift of 0.03 and a scale of 1.25 becomes [6, 7) with -0.03 and 0.8."""
    second = edited(THERE, VisualEdit.REVERSED).measures[6]
    assert (second.pts_seconds, second.shift_x, second.scale) == (6.0, -0.03, 0.8)


def test_a_short_last_second_becomes_a_short_first_one() -> None:
    """The last half second of 2.5 s, with luma 0.9, becomes the first one: [0, 0.5) is brighter than [0.5, 2.5)."""
    short = scene(seconds=2.5, measures=[measure(float(i), luma=0.9 if i == 2 else 0.4) for i in range(3)])
    backwards = edited(short, VisualEdit.REVERSED)
    assert [m.pts_seconds for m in backwards.measures] == [0.0, 0.5, 1.5]
    found = check(claim("brighter", during=[(0, 0.5), (0.5, 2.5)]), SceneView(backwards))
    assert (found.truth, found.margin) == (TruthValue.TRUE, pytest.approx(0.5))


def test_times_turn_round_only_when_played_backwards() -> None:
    """What the clip shows at 3 s is shown at 7 s of the reversed clip, and at 3 s of the mirrored one."""
    assert edited_seconds(THERE, VisualEdit.REVERSED, 3.0) == 7.0
    assert edited_seconds(THERE, VisualEdit.MIRRORED, 3.0) == 3.0
    assert edited(THERE, VisualEdit.NONE) is THERE


def test_a_phrase_with_a_side_names_nothing_in_a_mirrored_scene() -> None:
    """The cup on the left is then on the right; the white cup stays that. A named event likewise."""
    cups = [
        track("a", fixed(0.2, 0.5)).model_copy(update={"label": "cup", "phrase": "the cup on the left"}),
        track("b", fixed(0.8, 0.5)).model_copy(update={"label": "cup", "phrase": "the white cup"}),
    ]
    events = [deed("n0", "A hand comes in from the right", 1, 2), deed("n1", "A cup falls", 4, 5)]
    looked = scene(*cups, events=events, searched=[search("cup", {"a": lambda _: 0.9}), search("writing")])
    mirrored = edited(looked.model_copy(update={"events_complete": True}), VisualEdit.MIRRORED)
    assert [one.phrase for one in mirrored.tracks] == [None, "the white cup"]
    assert [one.phrase for one in mirrored.events] == ["A cup falls"]
    assert not mirrored.events_complete
    assert [one.noun for one in mirrored.searched] == ["cup"]
    candidate = mirrored.searched[0].frames[0].candidates[0]
    assert (candidate.x0, candidate.x1) == (pytest.approx(0.4), pytest.approx(0.6))


@pytest.mark.parametrize(
    ("phrase", "kept"),
    [("the red cup", True), ("the man who sits", False), ("the falling cup", False), ("the second cup", False)],
)
def test_a_phrase_with_a_word_of_time_or_motion_names_nothing_in_a_reversed_scene(phrase: str, kept: bool) -> None:
    """What falls rises there, and what came second came first."""
    cup = track("a", fixed(0.2, 0.5)).model_copy(update={"label": "cup", "phrase": phrase})
    assert (edited(scene(cup), VisualEdit.REVERSED).tracks[0].phrase == phrase) == kept


def test_searches_run_backwards_and_named_events_are_unknown_there() -> None:
    """A candidate seen at 2 s alone is seen at 8 s of 10 s; nobody named what happens in the reversed clip."""
    seen_at_two = search("cup", {None: lambda moment: 0.9 if moment == 2.0 else 0.0})
    backwards = edited(scene(searched=[seen_at_two], events=[deed("n0", "A cup falls", 4, 5)]), VisualEdit.REVERSED)
    assert [f.pts_seconds for f in backwards.searched[0].frames if f.candidates] == [8.0]
    assert backwards.events == ()
