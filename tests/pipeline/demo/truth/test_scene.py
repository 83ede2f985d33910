"""The truth of worlds small enough to be worked out by hand."""

from itertools import pairwise

import numpy as np
import pytest

from pipeline.demo.scenarios.reversal import reversed_world
from pipeline.demo.truth.annotations import annotations_of
from pipeline.demo.truth.scene import truth_of
from pipeline.demo.world.frames import frames_of
from pipeline.demo.world.world import (
    CameraView,
    Caption,
    DrawnPlace,
    DrawnThing,
    Keyframe,
    Light,
    Shape,
    Shot,
    Stay,
    Surface,
    Typeface,
    World,
    Writing,
)
from schemas.colour import ColourName
from schemas.scene import WRITING, EventKind, Scene, Side

_PLACE = DrawnPlace(surface=Surface.PLASTER, seed=1, luma=0.5)


def _thing(name: str, *keys: tuple[float, float, float], colour: ColourName = ColourName.RED) -> DrawnThing:
    """A square of a tenth of the frame's height: 20 x 20 pixels of 400 x 200."""
    stay = Stay(keys=tuple(Keyframe(seconds=seconds, x=x, y=y, size=0.1) for seconds, x, y in keys))
    return DrawnThing(thing_id=name, shape=Shape.BOX, colour=colour, stays=(stay,))


def _world(*things: DrawnThing, shots: tuple[Shot, ...] = (Shot(start_seconds=0.0, place=_PLACE),)) -> World:
    return World(
        name="by-hand",
        scenario="by_hand",
        seed=1,
        width=400,
        height=200,
        fps=20,
        duration_seconds=4.0,
        shots=shots,
        things=things,
    )


def _moments(scene: Scene, kind: EventKind) -> list[float]:
    return [event.pts_seconds for event in scene.events if event.kind is kind]


def test_a_square_enters_when_its_first_column_is_inside_and_leaves_with_its_last() -> None:
    """Its centre moves from -20 px to 420 px in 4 s: 110 px/s, 5.5 px a frame of 1/20 s. Its right edge, centre + 10,
    passes 0.5 px (half of the first column is covered) at (10.5 px) / 110 = 0.095 s: first seen on frame 2, 0.10 s.
    Its left edge, centre - 10, passes 399.5 px at 429.5 / 110 = 3.905 s: last seen on frame 78, 3.90 s.
    """
    scene = truth_of(_world(_thing("a", (0.0, -0.05, 0.5), (4.0, 1.05, 0.5))))
    track = scene.track("a")
    assert _moments(scene, EventKind.ENTERS) == [pytest.approx(0.10)]
    assert _moments(scene, EventKind.LEAVES) == [pytest.approx(3.90)]
    assert (track.enters_from, track.leaves_to, track.moves) == (Side.LEFT, Side.RIGHT, True)
    assert [(run.start_seconds, run.end_seconds) for run in track.visible] == [
        (pytest.approx(0.10), pytest.approx(3.95))
    ]


def test_a_fade_is_black_in_its_middle_and_part_of_no_cut() -> None:
    """The second shot begins at 2 s: black from 1.8 to 2.2 s, half as bright 0.2 s before and after. Reversed, it is
    the first one, and the other fades in. Both are what lies before, and behind, no cut: one part of two places.
    """
    other = DrawnPlace(surface=Surface.TILES, seed=2, luma=0.5)
    shots = (Shot(start_seconds=0.0, place=_PLACE), Shot(start_seconds=2.0, place=other, fade_seconds=0.4))
    faded = _world(shots=shots)
    plain, half, black = (np.mean(picture) for picture in frames_of(faded, [0, 32, 40]))
    assert (half / plain, black) == (pytest.approx(0.5, abs=0.02), 0.0)
    for world in (faded, reversed_world(faded)):
        scene = truth_of(world)
        assert [(f.start_seconds, f.pts_seconds, f.end_seconds) for f in scene.fades] == [
            (pytest.approx(1.4), 2.0, pytest.approx(2.6))
        ]
        assert (scene.cuts, scene.events, scene.shot_starts) == ((), (), (2.0,))
        assert [(p.shot_a, p.shot_b, p.nearest, p.farthest) for p in scene.places] == [(0, 0, 0.0, 2.0)]


def test_a_box_is_that_of_the_uncovered_pixels() -> None:
    """A square of 20 px around (200, 100) covers columns 190 to 209 and rows 90 to 109; one in front of it around
    (205, 100) covers columns 195 to 214: columns 190 to 194 stay uncovered.
    """
    back, front = _thing("back", (0, 0.5, 0.5), (4, 0.5, 0.5)), _thing("front", (0, 0.5125, 0.5), (4, 0.5125, 0.5))
    scene = truth_of(_world(back, front))
    point = scene.track("back").path[0]
    assert (point.x0 * 400, point.y0 * 200, point.x1 * 400, point.y1 * 200) == pytest.approx((190, 90, 195, 110))
    assert scene.track("front").path[0].x1 * 400 == pytest.approx(215)


def test_a_thing_is_out_of_sight_while_fewer_than_three_pixels_are_uncovered() -> None:
    """A square in front moves 2.5 px a frame over one that stands: from frame 40 on, when both have the same centre,
    nothing is uncovered; one frame before or after, 2 or 3 columns of 20 px are. So it is hidden on frame 40 alone,
    and neither leaves nor enters there.
    """
    sitter = _thing("sitter", (0, 0.5, 0.5), (4, 0.5, 0.5))
    passer = _thing("passer", (0, 0.25, 0.5), (4, 0.75, 0.5))
    scene = truth_of(_world(sitter, passer))
    runs = scene.track("sitter").visible
    assert [(run.start_seconds, run.end_seconds) for run in runs] == [
        (0.0, pytest.approx(2.0)),
        (pytest.approx(2.05), 4.0),
    ]
    assert not scene.events


def test_starts_and_stops_are_the_moments_of_the_keys_and_a_sitter_is_a_track_that_does_not_move() -> None:
    """It stands until 1.0 s, moves until 2.5 s, and stands again; the other one never moves."""
    mover = _thing("mover", (0, 0.2, 0.2), (1.0, 0.2, 0.2), (2.5, 0.6, 0.2), (4, 0.6, 0.2))
    sitter = _thing("sitter", (0, 0.5, 0.8), (4, 0.5, 0.8), colour=ColourName.BLUE)
    scene = truth_of(_world(mover, sitter))
    assert _moments(scene, EventKind.STARTS) == [1.0]
    assert _moments(scene, EventKind.STOPS) == [2.5]
    assert [scene.track(name).moves for name in ("mover", "sitter")] == [True, False]


def test_a_pause_of_less_than_half_a_second_is_neither_a_stop_nor_a_start() -> None:
    """Two things stand on their way at 1.0 s: one for 0.4 s, one for 0.6 s."""
    for rest, stops in ((0.4, []), (0.6, [1.0])):
        keys = ((0.0, 0.2, 0.5), (1.0, 0.4, 0.5), (1.0 + rest, 0.4, 0.5), (3.5, 0.8, 0.5), (4.5, 0.9, 0.5))
        scene = truth_of(_world(_thing("a", *keys)))
        assert _moments(scene, EventKind.STOPS) == stops
        assert _moments(scene, EventKind.STARTS) == [pytest.approx(moment + rest) for moment in stops]


def test_a_world_run_backwards_swaps_starts_and_stops() -> None:
    """Its start at 1.0 s is a stop at 4 - 1 = 3.0 s, its stop at 2.5 s a start at 1.5 s."""
    mover = _thing("mover", (0, 0.2, 0.2), (1.0, 0.2, 0.2), (2.5, 0.6, 0.2), (4, 0.6, 0.2))
    scene = truth_of(reversed_world(_world(mover)))
    assert _moments(scene, EventKind.STARTS) == [1.5]
    assert _moments(scene, EventKind.STOPS) == [3.0]


def test_a_cut_makes_nothing_enter_or_leave() -> None:
    """A thing that stands in the first shot alone is visible until the cut at 2.0 s, and has no event."""
    other = DrawnPlace(surface=Surface.TILES, seed=2, luma=0.6)
    shots = (Shot(start_seconds=0.0, place=_PLACE), Shot(start_seconds=2.0, place=other))
    scene = truth_of(_world(_thing("a", (0, 0.5, 0.5), (2.0, 0.5, 0.5)), shots=shots))
    assert [event.kind for event in scene.events] == [EventKind.CUT]
    assert scene.track("a").visible[0].end_seconds == pytest.approx(2.0)
    assert [(p.shot_a, p.shot_b, p.nearest < 1) for p in scene.places] == [(0, 0, True), (0, 1, False), (1, 1, True)]


def test_motion_is_where_the_pixels_change() -> None:
    """A square of 20 px moves 2.5 px a frame within the left third: over a tenth of a second, two frames, 5 columns
    appear and 5 vanish, 10 x 20 of the third's 400 / 3 x 200 pixels; elsewhere nothing does.
    """
    scene = truth_of(_world(_thing("a", (0, 0.05, 0.5), (4, 0.55, 0.5))))
    first = scene.measures[0]
    # the first two of the 20 frames of a second have none before them to differ from
    assert first.motion_left == pytest.approx(200 / (400 / 3 * 200) * 18 / 20, rel=0.02)
    assert (first.motion_centre, first.motion_right) == (0.0, 0.0)


def test_a_camera_that_moves_right_shifts_what_it_sees_to_the_left() -> None:
    """0.4 frame widths in 4 s are 0.1 a second; the still thing's box moves by as much, and it does not move."""
    shot = Shot(start_seconds=0.0, place=_PLACE, views=(CameraView(seconds=0.0), CameraView(seconds=4.0, x=0.4)))
    scene = truth_of(_world(_thing("a", (0, 0.7, 0.5), (4, 0.7, 0.5)), shots=(shot,)))
    assert [measure.shift_x for measure in scene.measures[:3]] == [pytest.approx(-0.1)] * 3
    path = scene.track("a").path
    assert path[40].centre[0] == pytest.approx(0.5, abs=0.005)
    assert not scene.track("a").moves


def test_what_the_camera_sees_is_what_the_frames_show() -> None:
    """Where the truth says that the background shifts by a quarter of the width, the second picture is the first one
    shifted by 100 px.
    """
    shot = Shot(start_seconds=0.0, place=_PLACE, views=(CameraView(seconds=0.0), CameraView(seconds=2.0, x=0.25)))
    before, after = (frame.astype(int) for frame in frames_of(_world(shots=(shot,)), [0, 40]))
    assert np.abs(after[:, :300] - before[:, 100:]).max() <= 1


def test_light_is_measured_as_it_is_shown() -> None:
    """Half the light is half the luma."""
    world = _world().model_copy(update={"lights": (Light(seconds=1.9, gain=1.0), Light(seconds=2.0, gain=0.5))})
    lumas = [measure.luma for measure in truth_of(world).measures]
    assert lumas[0] == pytest.approx(0.5, abs=0.01)
    assert lumas[3] == pytest.approx(0.25, abs=0.01)


def test_a_colour_that_no_thing_has_is_absent_and_scenery_colours_are_never_called_absent() -> None:
    """A red square of 400 px in 400 x 200 px is a share of 0.005; no blue; grey may be anywhere."""
    hues = {hue.name: hue for hue in truth_of(_world(_thing("a", (0, 0.5, 0.5), (4, 0.5, 0.5)))).hues}
    assert hues[ColourName.RED].largest_share == pytest.approx(0.005)
    assert hues[ColourName.BLUE].largest_share == 0
    assert hues[ColourName.GREY].largest_share == 1


def test_a_thing_that_comes_back_is_two_tracks_of_one_object() -> None:
    """It leaves to the right, and enters again there: each presence has its own border, and a link joins them."""
    thing = _thing("a", (0, 0.5, 0.5), (1, 1.05, 0.5), (2, 1.05, 0.5), (3, 0.5, 0.5), (4, 0.5, 0.5))
    scene = truth_of(_world(thing))
    assert [(track.track_id, track.enters_from, track.leaves_to) for track in scene.tracks] == [
        ("a", None, Side.RIGHT),
        ("a.2", Side.RIGHT, None),
    ]
    assert [(link.track_a, link.track_b, link.same) for link in scene.links] == [("a", "a.2", True)]
    kinds = [event.kind for event in scene.events if event.kind is not EventKind.NAMED]
    assert kinds == [EventKind.LEAVES, EventKind.ENTERS, EventKind.STOPS]


def _sign(*keys: tuple[float, float, float]) -> DrawnThing:
    """A sign of a fifth of the frame's height, 40 px, and twice as wide."""
    stay = Stay(keys=tuple(Keyframe(seconds=seconds, x=x, y=y, size=0.2) for seconds, x, y in keys))
    word = Writing(text="Go", typeface=Typeface.SANS, dark=False)
    return DrawnThing(thing_id="s", shape=Shape.SIGN, colour=ColourName.BLUE, stays=(stay,), writing=word, aspect=2.0)


def test_things_are_listed_by_kind_and_kinds_of_nothing_are_listed_too() -> None:
    """Two boxes until 2.0 s, one until the end, and no ball: each of the 80 frames says so."""
    short = _thing("short", (0, 0.2, 0.5), (2.0, 0.2, 0.5))
    scene = truth_of(_world(short, _thing("long", (0, 0.7, 0.5), (4, 0.7, 0.5))))
    assert {track.track_id: track.label for track in scene.tracks} == {"short": "box", "long": "box"}
    listed = {search.noun: search for search in scene.searched}
    numbers = [(frame.pts_seconds, len(frame.candidates)) for frame in listed["box"].frames]
    assert numbers == [(pytest.approx(index / 20), 2 if index < 40 else 1) for index in range(80)]
    assert {len(frame.candidates) for frame in listed["ball"].frames} == {0}


def test_a_word_is_seen_while_all_its_letters_are() -> None:
    """A sign of 80 px enters from the left at 5.5 px a frame; its board's middle, and so that of the word, moves from
    -20 px on. The word is in view as soon as its first letter is inside, which is later than the board, and it is gone
    before the board is.
    """
    scene = truth_of(_world(_sign((0.0, -0.05, 0.5), (4.0, 1.05, 0.5))))
    board, word = scene.track("s"), scene.track("ws")
    assert (word.label, word.text, word.moves) == (WRITING, "Go", True)
    assert word.phrase == 'the word "Go"'
    assert board.first_seconds < word.first_seconds < 1.0
    assert 3.0 < word.last_seconds < board.last_seconds
    first = word.path[0]
    assert 0 < first.x0 * 400 <= 6
    assert first.centre[1] == pytest.approx(0.5, abs=0.03)


def test_a_word_that_something_covers_is_not_seen() -> None:
    """A box of 20 px passes over the middle of the word from 1.5 to 2.5 s."""
    passer = _thing("p", (0, 0.5, -0.2), (4, 0.5, 1.2))
    scene = truth_of(_world(_sign((0, 0.5, 0.5), (4, 0.5, 0.5)), passer))
    first, second = scene.track("ws").visible
    assert first.end_seconds < 2.0 < second.start_seconds
    assert not scene.track("ws").moves


def test_a_caption_is_a_word_that_is_there_for_a_while_and_makes_the_picture_change() -> None:
    """Laid over the middle third from 1.0 s on: motion in the second analysis second, and there alone."""
    word = Writing(text="hello", typeface=Typeface.ROUND, dark=False)
    caption = Caption(caption_id="c", writing=word, x=0.5, y=0.9, size=0.1, start_seconds=1.0, end_seconds=4.0)
    scene = truth_of(_world().model_copy(update={"captions": (caption,)}))
    (shown,) = scene.track("c").visible
    assert (shown.start_seconds, shown.end_seconds) == (1.0, 4.0)
    assert [measure.motion_centre > 0 for measure in scene.measures] == [False, True, False, False]
    assert not any(measure.motion_left or measure.motion_right for measure in scene.measures)
    assert scene.events == ()


def test_a_word_is_read_twice_where_all_of_it_is_seen_and_unsurely_where_a_part_is() -> None:
    """The sign leaves to the right: its word is sure as long as all letters are inside, and then doubtful, and then
    gone; every third frame was read, also those without a word.
    """
    scene = truth_of(_world(_sign((0.0, 0.5, 0.5), (4.0, 1.25, 0.5))))
    (search,) = (search for search in scene.searched if search.noun == WRITING)
    assert len(search.frames) == 27
    sure = {(r.pts_seconds, r.scale) for r in scene.readings if r.score == 1}
    doubtful = {r.pts_seconds for r in scene.readings if r.score < 0.8}
    assert {scale for _, scale in sure} == {1.0, 1.5}
    assert 0 < max(at for at, _ in sure) < min(doubtful)
    assert max(doubtful) < 4.0


def test_events_are_told_in_words_that_no_other_event_has() -> None:
    """The red box comes and goes once; the two blue ones cannot be told apart."""
    crossing = (0.5, -0.1, 0.2), (3.5, 1.1, 0.2)
    blue = [
        _thing(n, *((s, x, y) for s, x, _ in crossing), colour=ColourName.BLUE) for n, y in (("b", 0.5), ("c", 0.8))
    ]
    scene = truth_of(_world(_thing("a", *crossing), *blue))
    named = [event for event in scene.events if event.kind is EventKind.NAMED]
    assert [event.phrase for event in named] == ["the red box comes into view", "the red box goes out of view"]
    assert scene.events_complete
    assert named[0].pts_seconds == _moments(scene, EventKind.ENTERS)[0]


def test_a_world_is_annotated_as_a_person_would() -> None:
    """Its things with their phrases, when and where they are, its words, what happens, and what is not there."""
    crossing = _thing("a", (0.5, -0.1, 0.2), (3.5, 1.1, 0.2))
    told = annotations_of(truth_of(_world(crossing, _sign((0, 0.5, 0.7), (4, 0.5, 0.7)))))
    box, sign = told.objects
    assert (box.noun, box.phrase, box.moves) == ("box", "the red box", True)
    assert (sign.noun, sign.phrase, sign.moves) == ("sign", "the blue sign", False)
    assert [text.text for text in told.texts] == ["Go"]
    assert [event.phrase for event in told.events] == ["the red box comes into view", "the red box goes out of view"]
    assert (set(told.complete), set(told.absent)) == ({"box", "sign"}, {"ball", "arrow", "cross", "star"})
    gaps = [b.pts_seconds - a.pts_seconds for a, b in pairwise(box.boxes)]
    assert max(gaps) <= 0.25
    assert box.boxes[0].pts_seconds == pytest.approx(box.visible[0].start_seconds)
