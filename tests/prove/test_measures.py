"""The measuring itself: what is right counts as right, and what is wrong as wrong."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.blind_readers.groups import COLUMNS, groups_from_rows
from pipeline.blind_readers.readers import Reader
from pipeline.demo.truth.scene import truth_of
from pipeline.demo.world.world import DrawnPlace, DrawnThing, Keyframe, Shape, Shot, Stay, Surface, World
from pipeline.finalise.settings import FinaliseConfig
from schemas.box import PathPoint
from schemas.claim import Axis, Claim, Predicate
from schemas.clip import Frame, Segment
from schemas.colour import ColourName
from schemas.pair import Pair
from schemas.scene import OBJECT, WRITING, EventKind, Scene
from schemas.shown import AS_STORED, EditKind, Shown
from tests import leaks
from tests.prove.blind import LeakRead, leak_read
from tests.prove.clips import Rendered
from tests.prove.detection import Detection, measure
from tests.prove.matching import match
from tests.prove.proof import Proof, Wrong
from tests.prove.report import leak_demands
from tests.prove.seen import Seen
from tests.scenes import cut
from tests.sets import finalise, offers
from tests.stages.claims.groups import unit_clip


def _thing(name: str, colour: ColourName, y: float) -> DrawnThing:
    """It crosses from left to right in 3 s."""
    keys = (Keyframe(seconds=0.5, x=-0.1, y=y, size=0.2), Keyframe(seconds=3.5, x=1.1, y=y, size=0.2))
    return DrawnThing(thing_id=name, shape=Shape.BALL, colour=colour, stays=(Stay(keys=keys),))


@pytest.fixture(scope="module")
def clip() -> Rendered:
    """A red and a blue ball that cross side by side."""
    place = DrawnPlace(surface=Surface.PLASTER, seed=1, luma=0.5)
    world = World(
        name="two",
        scenario="by_hand",
        seed=1,
        width=320,
        height=180,
        fps=20,
        duration_seconds=4.0,
        shots=(Shot(start_seconds=0.0, place=place),),
        things=(_thing("red", ColourName.RED, 0.3), _thing("blue", ColourName.BLUE, 0.7)),
    )
    return Rendered(world, Path("two.mp4"), "0" * 64, truth_of(world))


def _measured(clip: Rendered, scene: Scene) -> Detection:
    times = tuple(index / clip.world.fps for index in range(clip.world.frame_count))
    return measure([clip], [Seen(scene, times)], "plain")


def _with_paths(scene: Scene, change: dict[str, tuple[PathPoint, ...]]) -> Scene:
    tracks = (t.model_copy(update={"path": change[t.track_id]}) if t.track_id in change else t for t in scene.tracks)
    return scene.model_copy(update={"tracks": tuple(tracks)})


def test_a_detector_that_sees_the_truth_is_perfect(clip: Rendered) -> None:
    """All boxes and events are found, none is false, none is late."""
    found = _measured(clip, clip.truth)
    assert (found.recall, found.precision, found.events_found, found.events_false) == (1, 1, 1, 0)
    assert found.true_events == 4  # both enter, both leave
    assert found.error_p95_seconds == 0


def test_boxes_beside_their_thing_are_missed_and_wrong(clip: Rendered) -> None:
    """One of two balls is seen a fifth of the frame too low: half of the boxes, and its events belong to nothing."""
    path = tuple(p.model_copy(update={"y0": p.y0 + 0.2, "y1": p.y1 + 0.2}) for p in clip.truth.track("red").path)
    found = _measured(clip, _with_paths(clip.truth, {"red": path}))
    assert found.recall == pytest.approx(0.5)
    assert found.precision == pytest.approx(0.5)
    assert (found.events_found, found.events_false) == (0.5, 0.5)


def test_a_late_event_has_its_error_and_a_very_late_one_is_false(clip: Rendered) -> None:
    """0.3 s late is found with that error; 0.6 s late is one missed and one false."""
    for late, found_events in ((0.3, 4), (0.6, 3)):
        events = tuple(
            e.model_copy(update={"pts_seconds": e.pts_seconds + late})
            if e.kind is EventKind.ENTERS and e.track_ids == ("red",)
            else e
            for e in clip.truth.events
        )
        found = _measured(clip, clip.truth.model_copy(update={"events": events}))
        assert found.found_events == found_events
        assert found.false_events == 4 - found_events
        assert max(found.errors_seconds) == pytest.approx(late if found_events == 4 else 0)


def test_a_track_that_changes_from_one_thing_to_another_is_of_none(clip: Rendered) -> None:
    """Half of its boxes lie on the red disc, half on the blue one."""
    red, blue = (clip.truth.track(name).path for name in ("red", "blue"))
    half = len(red) // 2
    matched = match(_with_paths(clip.truth, {"red": (*red[:half], *blue[half:])}), clip.truth)
    assert matched == {"blue": "blue"}


def test_a_board_is_not_the_word_that_fills_it(clip: Rendered) -> None:
    """A track with a name is no word; one without, such as a moving caption, may be."""
    board = clip.truth.track("red")
    word = board.model_copy(update={"track_id": "word", "label": WRITING, "text": "pharmacy"})
    truth = clip.truth.model_copy(update={"tracks": (board, word)})
    for label, expected in (("sign", {"seen": "red"}), (OBJECT, {})):
        seen = clip.truth.model_copy(
            update={"tracks": (board.model_copy(update={"track_id": "seen", "label": label}),)}
        )
        assert match(seen, truth) == expected


def _wrong(clip: Rendered, scene: Scene, predicate: Predicate, shown: Shown = AS_STORED) -> list[Wrong]:
    """What is said against "the red ball enters from the left" and against the same of the right."""

    def enters(side: str) -> Claim:
        return Claim(predicate=predicate, subject_tracks=("red",), subject_phrases=("the red ball",), value=side)

    pair = Pair.model_construct(
        pair_id="p",
        group_id="g",
        axis=Axis.TEMPORAL,
        question="Where from?",
        chosen="From the left.",
        rejected="From the right.",
        chosen_claims=(enters("left"),),
        rejected_claims=(enters("right"),),
        shown=shown,
    )
    return Proof([clip], [Seen(scene, ())]).wrong_claims([(clip.content_sha256, pair)])


def test_claims_are_judged_by_the_truth_of_the_clip_as_it_is_shown(clip: Rendered) -> None:
    """It enters from the left, and leaves to the right; mirrored, the other way round; reversed, it enters from the
    right.
    """
    assert not _wrong(clip, clip.truth, Predicate.ENTERS_FROM)
    assert [one.role for one in _wrong(clip, clip.truth, Predicate.LEAVES_TO)] == ["chosen", "rejected"]
    assert len(_wrong(clip, clip.truth, Predicate.ENTERS_FROM, Shown.whole(EditKind.MIRRORED, clip.truth))) == 2
    assert len(_wrong(clip, clip.truth, Predicate.ENTERS_FROM, Shown.whole(EditKind.REVERSED, clip.truth))) == 2
    assert not _wrong(clip, clip.truth, Predicate.LEAVES_TO, Shown.whole(EditKind.REVERSED, clip.truth))


@pytest.mark.parametrize(("last", "end"), [(1.8, 1.9), (1.95, 2.0)], ids=["before the cut", "beyond it"])
def test_a_segment_ends_at_the_true_cut_if_its_frames_do(clip: Rendered, last: float, end: float) -> None:
    """A cut at 1.9 s is found at 2 s. A segment up to it, but for rounding, is read up to 1.9 s, where its first shot
    ends; one with a frame of 1.95 s shows the next shot too, and is read as it stands. Others are as they were.
    """
    true, seen = (clip.truth.model_copy(update={"cuts": (cut(moment),)}) for moment in (1.9, 2.0))
    proof = Proof([replace(clip, truth=true)], [Seen(seen, ())])
    frames = tuple(Frame(pts_seconds=moment, jpeg=b"") for moment in (1.0, last))
    ends_there = Segment(segment_id="s0", start_seconds=0.5, end_seconds=2.0 + 1e-12, frames=frames)
    another = Segment(segment_id="s1", start_seconds=0.5, end_seconds=3.0, frames=frames)
    stored = unit_clip(seen).model_copy(update={"segments": (ends_there, another)})
    read = proof.at_true_cuts(clip.content_sha256, stored)
    assert [one.end_seconds for one in read.segments] == pytest.approx([end, 3.0])


def test_a_claim_on_a_track_of_no_true_thing_is_wrong(clip: Rendered) -> None:
    """If the red track lies on nothing, both claims about it are wrong."""
    path = tuple(p.model_copy(update={"y0": p.y0 + 0.2, "y1": p.y1 + 0.2}) for p in clip.truth.track("red").path)
    wrong = _wrong(clip, _with_paths(clip.truth, {"red": path}), Predicate.ENTERS_FROM)
    assert [one.why for one in wrong] == ["red is not exactly one true object"] * 2


def test_a_leak_counts_by_the_pairs_that_it_is_in() -> None:
    """Nothing planted counts one half, whatever the reader makes of the set; "instead" in 30 % of the rejected answers,
    all of them read, counts 0.3 + 0.7 / 2.
    """
    finalised = finalise(offers(60), FinaliseConfig(min_axis_share=0, min_absent_share=0), 0)
    rows = [pair.model_dump(include=set(COLUMNS)) for video in finalised.videos for pair in video.pairs()]
    groups = groups_from_rows(rows)
    assert leak_read(groups, lambda given, _rng: list(given), Reader.ANSWER) == LeakRead(0.5, 0.5)
    read = leak_read(groups, leaks.instead, Reader.ANSWER)
    assert read.perfect == pytest.approx(0.65, abs=0.005)
    assert read.accuracy == pytest.approx(read.perfect, abs=0.005)


@pytest.mark.parametrize(("accuracy", "met"), [(0.63, True), (0.61, False)])
def test_a_leak_is_read_as_well_as_it_can_be(accuracy: float, met: bool) -> None:
    """Where a perfect reader reads 0.65, 0.62 is enough and less is not; where it reads more, 0.65 is needed."""
    [little] = leak_demands({"instead": LeakRead(accuracy, 0.65)})
    [much] = leak_demands({"one_edit": LeakRead(accuracy, 1.0)})
    assert little.met is met
    assert not much.met
