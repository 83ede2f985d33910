"""Groups get the stored frames of their intervals."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from schemas.claim import Axis, Claim, Predicate, QuestionType
from schemas.clip import UnitClip
from schemas.drop import Drop, DropReason, ItemType
from schemas.group import CandidateAnswer, CandidateGroup
from schemas.interval import Interval
from schemas.pair import Evidence, RejectedKind
from schemas.scene import Cut, Scene
from schemas.visual_negative import VisualKind
from stages.cut import CutSegments
from stages.payloads import CutRequest, VideoFile, WrittenVideo
from stages.seeding import rng_for
from stages.stage import read_here
from tests.videos import X264, make_video

pytestmark = pytest.mark.video

SHA = "0123456789abcdef" * 4
CLIP_ID = f"{SHA[:16]}-000"


def seconds(start_seconds: float, end_seconds: float) -> Interval:
    return Interval(start_seconds=start_seconds, end_seconds=end_seconds)


def group(name: str, *intervals: Interval) -> CandidateGroup:
    def answer(value: str, kind: RejectedKind | None) -> CandidateAnswer:
        claim = Claim(predicate=Predicate.SHOT_COUNT, value=value)
        return CandidateAnswer(text=f"There are {value} shots.", claims=(claim,), rejected_kind=kind, model="test")

    return CandidateGroup(
        group_id=name,
        slot_id=name,
        clip_id=CLIP_ID,
        question="How many shots are there?",
        question_model="test",
        question_type=QuestionType.NUMBER,
        axis=Axis.CROSS_FRAME,
        form="numbers",
        balance=(),
        balance_others=((),),
        answers=(answer("1", None), answer("2", RejectedKind.RELEVANT)),
        evidence=Evidence(frame_indices=(3,)),
        event_intervals=intervals,
        keyframe_indices=(3,),
    )


def request(path: Path, groups: Sequence[CandidateGroup]) -> CutRequest:
    scene = Scene(
        start_seconds=0,
        end_seconds=4,
        tracked=(),
        tracks=(),
        links=(),
        cuts=(),
        fades=(),
        strongest_non_cut=0,
        hues=(),
        events=(),
        measures=(),
    )
    clip = UnitClip(
        clip_id=CLIP_ID,
        content_sha256=SHA,
        codec="h264",
        width=128,
        height=96,
        rotation_degrees=0,
        start_seconds=0,
        end_seconds=4,
        duration_seconds_from_header=4,
        duration_seconds_measured=4,
        frames=(),
        segments=(),
        scene=scene,
    )
    return CutRequest(VideoFile(path, SHA), WrittenVideo(SHA, (clip,), tuple(groups), len(groups)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """4 s at 20 frames a second."""
    return make_video(tmp_path / "clip", replace(X264, fps=20, num_frames=80, b_frames=2))


def cut(path: Path, groups: Sequence[CandidateGroup], stage: CutSegments) -> tuple[WrittenVideo, list[Drop]]:
    *drops, video = stage.process(request(path, groups), read_here, rng_for(0, "cut", SHA))
    assert isinstance(video, WrittenVideo)
    return video, [drop for drop in drops if isinstance(drop, Drop)]


def test_every_interval_becomes_a_segment(path: Path) -> None:
    """A segment has 8 frames, evenly spread inside its interval: of [1, 3), those shown at 1.125, 1.375 and so on."""
    video, drops = cut(path, [group("g", seconds(1, 3))], CutSegments(short_side=48))
    (segment,) = video.clips[0].segments
    assert not drops
    assert (segment.start_seconds, segment.end_seconds) == (1, 3)
    expected = [1.1, 1.35, 1.6, 1.85, 2.1, 2.35, 2.6, 2.85]
    assert [frame.pts_seconds for frame in segment.frames] == pytest.approx(expected)
    assert cv2.imdecode(np.frombuffer(segment.frames[0].jpeg, np.uint8), cv2.IMREAD_COLOR).shape == (48, 64, 3)


def test_a_segment_that_ends_at_a_cut_shows_nothing_of_the_next_shot(path: Path) -> None:
    """A cut found at 3 s lies after 2.9 s: of [2, 3), and of a stretch that ends within that time, no frame is later.

    Of [2, 2.9) the last frame is that shown at 2.84. A stretch that goes on behind the cut shows both shots.
    """
    intervals = [seconds(2, 3), seconds(1.95, 2.95), seconds(2, 3.5)]
    asked = request(path, [group("g", *intervals)])
    scene = asked.video.clips[0].scene.model_copy(
        update={"cuts": (Cut(pts_seconds=3.0, score_a=2, score_b=2, place_distance=1),)}
    )
    video = replace(asked.video, clips=(asked.video.clips[0].model_copy(update={"scene": scene}),))
    (made,) = CutSegments().process(replace(asked, video=video), read_here, rng_for(0, "cut", SHA))
    assert isinstance(made, WrittenVideo)
    segments = {segment.interval: segment for segment in made.clips[0].segments}
    assert [segments[one].frames[-1].pts_seconds for one in intervals] == pytest.approx([2.8, 2.8, 3.4])


def test_groups_name_their_segments_and_share_equal_ones(path: Path) -> None:
    """Equal intervals are one segment, ids follow time, and the rest of a group stays as it was."""
    first, second = group("a", seconds(2, 3)), group("b", seconds(0, 1), seconds(2, 3))
    video, _ = cut(path, [first, second], CutSegments())
    assert [segment.segment_id for segment in video.clips[0].segments] == [f"{CLIP_ID}-s00", f"{CLIP_ID}-s01"]
    assert video.groups[0].evidence.segment_ids == (f"{CLIP_ID}-s01",)
    assert video.groups[1].evidence.segment_ids == (f"{CLIP_ID}-s00", f"{CLIP_ID}-s01")
    assert video.groups[0].evidence.frame_indices == (3,)
    assert video.groups[0].keyframe_indices == (3,)


def test_an_interval_with_too_few_frames_drops_its_group(path: Path) -> None:
    """[1, 1.35) shows 7 frames at 20 a second: the group goes with that number, the others stay."""
    video, (drop, _) = cut(path, [group("short", seconds(1, 1.35)), group("good", seconds(1, 2))], CutSegments())
    assert (drop.reason, drop.item_type, drop.item_id) == (DropReason.SEGMENT_TOO_SHORT, ItemType.GROUP, "short")
    assert (drop.measured, drop.limit) == (7, 8)
    assert [group.group_id for group in video.groups] == ["good"]
    assert len(video.clips[0].segments) == 1


def test_a_question_goes_with_its_last_group_and_no_sooner(path: Path) -> None:
    """Two alternatives of one question: with one too short it stays; with both it is a drop of the first's reason."""
    alternatives = [
        group(name, interval).model_copy(update={"slot_id": "question"})
        for name, interval in (("a", seconds(1, 1.35)), ("b", seconds(1, 1.3)), ("c", seconds(1, 2)))
    ]
    _, drops = cut(path, alternatives, CutSegments())
    assert [(drop.item_type, drop.item_id) for drop in drops] == [(ItemType.GROUP, "a"), (ItemType.GROUP, "b")]
    video, drops = cut(path, alternatives[:2], CutSegments())
    assert [drop.item_id for drop in drops] == ["a", "question", "b"]
    assert (drops[1].item_type, drops[1].reason) == (ItemType.QUESTION, DropReason.SEGMENT_TOO_SHORT)
    assert video.groups == ()


def test_a_clip_gets_no_more_segments_than_it_may(path: Path) -> None:
    """With room for two segments, the third distinct interval's group goes, and one that shares a segment stays."""
    groups = [
        group("a", seconds(0, 1)),
        group("b", seconds(1, 2)),
        group("c", seconds(2, 3)),
        group("d", seconds(0, 1)),
    ]
    video, (drop, _) = cut(path, groups, CutSegments(max_segments=2))
    assert (drop.item_id, drop.reason, drop.limit) == ("c", DropReason.OVER_MAX_SEGMENTS, 2)
    assert [group.group_id for group in video.groups] == ["a", "b", "d"]


def test_a_stretch_without_the_event_becomes_a_visual_negative(path: Path) -> None:
    """It is stored as the events are, and the spec names both; where it shows too few frames, or there is no room, the
    negative is dropped and its group stays.
    """
    wanted = group("g", seconds(0, 1)).model_copy(update={"event_shown": seconds(0, 1), "lacking": seconds(2, 3)})
    video, drops = cut(path, [wanted], CutSegments())
    (negative,) = video.groups[0].visual_negatives
    assert not drops
    assert (negative.kind, negative.preferred_segment_id, negative.segment_id) == (
        VisualKind.OTHER_SEGMENT,
        f"{CLIP_ID}-s00",
        f"{CLIP_ID}-s01",
    )
    assert video.groups[0].evidence.segment_ids == (f"{CLIP_ID}-s00",)
    short = wanted.model_copy(update={"lacking": seconds(2, 2.3)})
    for groups, stage, reason in (
        ([short], CutSegments(), DropReason.SEGMENT_TOO_SHORT),
        ([wanted], CutSegments(max_segments=1), DropReason.OVER_MAX_SEGMENTS),
    ):
        video, (drop,) = cut(path, groups, stage)
        assert (drop.item_type, drop.item_id, drop.reason) == (ItemType.VISUAL_NEGATIVE, "g-lacking", reason)
        assert [(g.visual_negatives, g.lacking) for g in video.groups] == [((), None)]
        assert len(video.clips[0].segments) == 1


def test_events_come_before_stretches_without_them(path: Path) -> None:
    """With room for two segments, the second group's event is stored and the first one's other stretch is not."""
    first = group("a", seconds(0, 1)).model_copy(update={"event_shown": seconds(0, 1), "lacking": seconds(2, 3)})
    video, (drop,) = cut(path, [first, group("b", seconds(1, 2))], CutSegments(max_segments=2))
    assert drop.item_id == "a-lacking"
    assert [g.group_id for g in video.groups] == ["a", "b"]


def test_a_file_that_can_no_longer_be_read_is_a_drop(tmp_path: Path) -> None:
    """A file emptied since it was decoded drops the video, at this stage."""
    (tmp_path / "gone.mp4").touch()
    (drop,) = CutSegments().process(
        request(tmp_path / "gone.mp4", [group("g", seconds(1, 2))]), read_here, rng_for(0, "cut", SHA)
    )
    assert isinstance(drop, Drop)
    assert (drop.reason, drop.item_type, drop.stage) == (DropReason.EMPTY_FILE, ItemType.VIDEO, "cut")


def test_a_stretch_that_is_shown_alone_has_more_frames(path: Path) -> None:
    """Of 20 frames a second [0, 2) has 40, of which 32 are stored; [2.2, 3.4) has 24, which are all stored. An event in
    the same stretch is a segment of its own, of 8 frames.
    """
    first, second = (group(name).model_copy(update={"shown_alone": span}) for name, span in STRETCHES.items())
    video, drops = cut(path, [first, second, group("event", STRETCHES["a"])], CutSegments())
    assert not drops
    assert [len(segment.frames) for segment in video.clips[0].segments] == [8, 32, 24]
    assert [one.shown.segment_id for one in video.groups] == [f"{CLIP_ID}-s01", f"{CLIP_ID}-s02", None]
    assert [one.evidence.segment_ids for one in video.groups[:2]] == [(f"{CLIP_ID}-s01",), (f"{CLIP_ID}-s02",)]


def test_a_stretch_with_too_few_frames_is_not_shown_alone(path: Path) -> None:
    """[1, 1.35) shows 7 frames, and a policy is shown 8 at least."""
    _, drops = cut(path, [group("g").model_copy(update={"shown_alone": seconds(1, 1.35)})], CutSegments())
    assert [(drop.reason, drop.measured) for drop in drops] == [(DropReason.SEGMENT_TOO_SHORT, 7)] * 2


def test_the_stretches_of_twins_are_each_others_visual_negatives(path: Path) -> None:
    """Each group lacks what its twin shows, and both stretches are stored once."""
    first, second = STRETCHES["a"], STRETCHES["b"]
    one = group("g").model_copy(update={"shown_alone": first, "lacking": second})
    other = group("t").model_copy(update={"shown_alone": second, "lacking": first, "twin_of": "g"})
    video, drops = cut(path, [one, other], CutSegments())
    assert not drops
    assert len(video.clips[0].segments) == 2
    for made, lacking in zip(video.groups, reversed(video.groups), strict=True):
        [negative] = made.visual_negatives
        assert negative.kind is VisualKind.OTHER_SEGMENT
        assert negative.preferred_segment_id == made.shown.segment_id
        assert negative.segment_id == lacking.shown.segment_id


def test_of_two_stretches_both_are_stored_or_neither(path: Path) -> None:
    """The stretch of the twin has too few frames: both groups are dropped, with their question."""
    short = {"shown_alone": seconds(1, 1.35), "twin_of": "g", "slot_id": "g"}
    one, other = (group("g").model_copy(update={"shown_alone": seconds(2, 4)}), group("t").model_copy(update=short))
    video, drops = cut(path, [one, other], CutSegments())
    assert not video.groups
    assert [(drop.item_id, drop.item_type) for drop in drops] == [
        ("g", ItemType.GROUP),
        ("g", ItemType.QUESTION),
        ("t", ItemType.GROUP),
    ]
    assert {drop.reason for drop in drops} == {DropReason.SEGMENT_TOO_SHORT}


STRETCHES = {"a": seconds(0, 2), "b": seconds(2.2, 3.4)}
