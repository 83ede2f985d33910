"""Scenes of clips that are mirrored or played back."""

import pytest

from schemas.scene import EventKind, Side
from schemas.shown import AS_STORED, EditKind, Shown, ShownEdit
from stages.claims import TruthValue, check
from stages.claims.edited_scene import backwards, edited, edited_seconds, is_known_as_shown, mirrored
from stages.claims.scene_view import SceneView
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
    across = mirrored(THERE)
    red = across.track("r")
    assert red.path[0].centre[0] == pytest.approx(0.775)
    assert (red.enters_from, red.leaves_to) == (Side.RIGHT, Side.TOP)
    second = across.measures[3]
    assert (second.motion_left, second.motion_right, second.shift_x, second.shift_y) == (0.5, 0.03, -0.03, 0.02)


def test_a_reversed_scene_runs_from_its_end() -> None:
    """Time t becomes 10 - t: red is visible in [6, 9), starts at 7 s and leaves to the left at 9 s; the cut is at 4."""
    back = backwards(THERE)
    red = back.track("r")
    assert [(s.start_seconds, s.end_seconds) for s in red.visible] == [(6, 9)]
    assert (red.enters_from, red.leaves_to) == (Side.TOP, Side.LEFT)
    assert [(e.kind, e.pts_seconds) for e in back.events] == [(EventKind.STARTS, 7.0), (EventKind.LEAVES, 9.0)]
    assert [one.pts_seconds for one in back.cuts] == [4.0]
    assert [(one.start_seconds, one.pts_seconds, one.end_seconds) for one in back.fades] == [(1.5, 2.0, 2.5)]
    assert (back.links[0].track_a, back.links[0].track_b) == ("b", "r")
    assert {(p.shot_a, p.shot_b, p.farthest) for p in back.places} == {(1, 1, 0.1), (0, 1, 1.2), (0, 0, 0.3)}


def test_a_reversed_camera_goes_back() -> None:
    """The second [3, 4) with a shift of 0.03 and a scale of 1.25 becomes [6, 7) with -0.03 and 0.8."""
    second = backwards(THERE).measures[6]
    assert (second.pts_seconds, second.shift_x, second.scale) == (6.0, -0.03, 0.8)


def test_a_short_last_second_becomes_a_short_first_one() -> None:
    """The last half second of 2.5 s, with luma 0.9, becomes the first one: [0, 0.5) is brighter than [0.5, 2.5)."""
    short = scene(seconds=2.5, measures=[measure(float(i), luma=0.9 if i == 2 else 0.4) for i in range(3)])
    back = backwards(short)
    assert [m.pts_seconds for m in back.measures] == [0.0, 0.5, 1.5]
    found = check(claim("brighter", during=[(0, 0.5), (0.5, 2.5)]), SceneView(back))
    assert (found.truth, found.margin) == (TruthValue.TRUE, pytest.approx(0.5))


def test_times_turn_round_only_when_played_backwards() -> None:
    """What the clip shows at 3 s is shown at 7 s of the reversed clip, and at 3 s of the mirrored one."""
    assert edited_seconds(THERE, Shown.whole(EditKind.REVERSED, THERE), 3.0) == 7.0
    assert edited_seconds(THERE, Shown.whole(EditKind.MIRRORED, THERE), 3.0) == 3.0


def test_a_whole_clip_is_shown_as_its_edits_say() -> None:
    """Both edits of the whole clip may stand together."""
    both = (*Shown.whole(EditKind.MIRRORED, THERE).edits, *Shown.whole(EditKind.REVERSED, THERE).edits)
    assert edited(THERE, AS_STORED) is THERE
    assert edited(THERE, Shown.whole(EditKind.MIRRORED, THERE)) == mirrored(THERE)
    assert edited(THERE, Shown(edits=both)) == backwards(mirrored(THERE))


@pytest.mark.parametrize(
    "shown",
    [
        Shown(segment_id="s"),
        Shown(edits=(ShownEdit(kind=EditKind.FROZEN, start_seconds=0, end_seconds=10),)),
        Shown(edits=(ShownEdit(kind=EditKind.MIRRORED, start_seconds=2, end_seconds=5),)),
    ],
    ids=["segment", "frozen", "part"],
)
def test_nothing_is_known_of_a_clip_with_an_edit_in_a_part_of_it(shown: Shown) -> None:
    """Only mirroring and reversing the whole clip leave a scene that is known."""
    assert not is_known_as_shown(THERE, shown)
    with pytest.raises(ValueError, match=shown.name):
        edited(THERE, shown)


def test_a_phrase_with_a_side_names_nothing_in_a_mirrored_scene() -> None:
    """The cup on the left is then on the right; the white cup stays that. A named event likewise."""
    cups = [
        track("a", fixed(0.2, 0.5)).model_copy(update={"label": "cup", "phrase": "the cup on the left"}),
        track("b", fixed(0.8, 0.5)).model_copy(update={"label": "cup", "phrase": "the white cup"}),
    ]
    events = [deed("n0", "A hand comes in from the right", 1, 2), deed("n1", "A cup falls", 4, 5)]
    looked = scene(*cups, events=events, searched=[search("cup", {"a": lambda _: 0.9}), search("writing")])
    across = mirrored(looked.model_copy(update={"events_complete": True}))
    assert [one.phrase for one in across.tracks] == [None, "the white cup"]
    assert [one.phrase for one in across.events] == ["A cup falls"]
    assert not across.events_complete
    assert [one.noun for one in across.searched] == ["cup"]
    candidate = across.searched[0].frames[0].candidates[0]
    assert (candidate.x0, candidate.x1) == (pytest.approx(0.4), pytest.approx(0.6))


@pytest.mark.parametrize(
    ("phrase", "kept"),
    [("the red cup", True), ("the man who sits", False), ("the falling cup", False), ("the second cup", False)],
)
def test_a_phrase_with_a_word_of_time_or_motion_names_nothing_in_a_reversed_scene(phrase: str, kept: bool) -> None:
    """What falls rises there, and what came second came first."""
    cup = track("a", fixed(0.2, 0.5)).model_copy(update={"label": "cup", "phrase": phrase})
    assert (backwards(scene(cup)).tracks[0].phrase == phrase) == kept


def test_searches_run_backwards_and_named_events_are_unknown_there() -> None:
    """A candidate seen at 2 s alone is seen at 8 s of 10 s; nobody named what happens in the reversed clip."""
    seen_at_two = search("cup", {None: lambda moment: 0.9 if moment == 2.0 else 0.0})
    back = backwards(scene(searched=[seen_at_two], events=[deed("n0", "A cup falls", 4, 5)]))
    assert [f.pts_seconds for f in back.searched[0].frames if f.candidates] == [8.0]
    assert back.events == ()
