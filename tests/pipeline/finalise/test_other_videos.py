"""Groups borrow clips of other videos, of the same split, that lack what their true answer names."""

from collections.abc import Sequence

import pytest

from pipeline.finalise.other_videos import borrowed
from pipeline.finalise.result import Finalised
from pipeline.finalise.settings import FinaliseConfig
from schemas.scene import Scene
from schemas.unit import LentClip, LentSegment
from schemas.video import Split, VideoRef
from schemas.visual_negative import VisualKind
from stages.claims.margins import Margins
from tests.scenes import fixed, scene, track
from tests.sets import finalise, offers

COUNT = 12
FREE = FinaliseConfig(min_axis_share=0, min_absent_share=0)
RED = scene(track("r", fixed(0.5, 0.5), name="red"))


def kept(split: Split | None = None) -> Finalised:
    """A set of a few videos; if a split is given, every fourth video is of another one."""
    given = list(offers(COUNT))
    if split is not None:
        given = [
            (VideoRef(uri=ref.uri, split=split if i % 4 else Split.TEST), offer) for i, (ref, offer) in enumerate(given)
        ]
    return finalise(given, FREE, 0)


class Shelf:
    """Lends one scene in place of every clip, and remembers what was asked for."""

    def __init__(self, finalised: Finalised, shown: Scene) -> None:
        self._clips = {video.content_sha256: {group.clip_id for group in video.groups} for video in finalised.videos}
        self._shown = shown
        self.asked: list[str] = []

    def __call__(self, content_sha256: str) -> Sequence[LentClip]:
        """The clips of a video, with two segments."""
        self.asked.append(content_sha256)
        segments = tuple(
            LentSegment(segment_id=f"{length}s", start_seconds=0, end_seconds=length) for length in (1.0, 5.0)
        )
        clips = sorted(self._clips[content_sha256])
        return [LentClip(clip_id=clip_id, scene=self._shown, segments=segments) for clip_id in clips]


def specs_of(finalised: Finalised) -> list[tuple[str, str]]:
    """(colour of the true answer, other clip) of every borrowed spec."""
    return [
        (group.chosen.claim.subject_phrases[0].split()[1], negative.other_clip_id or "")
        for video in finalised.videos
        for group in video.groups
        for negative in group.visual_negatives
        if negative.kind is VisualKind.OTHER_VIDEO and group.chosen.claim.subject_phrases
    ]


def test_a_clip_is_borrowed_where_what_is_named_is_absent() -> None:
    """All clips show a red thing alone: every group about another colour borrows one, none about red does."""
    before = kept()
    after = borrowed(before, Shelf(before, RED), Margins(), 0)
    found = specs_of(after)
    assert found
    assert "red" not in {colour for colour, _ in found}
    named = [g for v in after.videos for g in v.groups if g.chosen.claim.subject_phrases]
    others = [g for g in named if g.chosen.claim.subject_phrases[0].split()[1] != "red"]
    assert len(found) == len(others)


def test_nothing_else_of_a_group_changes() -> None:
    """A group keeps its own specs, and nothing but its specs changes."""
    before = kept()
    after = borrowed(before, Shelf(before, RED), Margins(), 0)
    for video, given in zip(before.videos, after.videos, strict=True):
        for group, lent in zip(video.groups, given.groups, strict=True):
            assert lent.model_copy(update={"visual_negatives": ()}) == group


def test_the_partner_is_another_video_of_the_same_split() -> None:
    """No group borrows from its own video, nor a training group from a test video, whatever is borrowed."""
    before = kept(Split.TRAIN)
    after = borrowed(before, Shelf(before, RED), Margins(), 0)
    splits = {group.clip_id: (video.split, video.video_id) for video in after.videos for group in video.groups}
    assert {split for split, _ in splits.values()} == {Split.TRAIN, Split.TEST}
    for video in after.videos:
        for group in video.groups:
            for negative in group.visual_negatives:
                split, owner = splits[negative.other_clip_id or ""]
                assert (split is video.split, owner == video.video_id) == (True, False)


def test_what_is_borrowed_depends_on_the_seed_alone() -> None:
    """The same set and seed give the same partners; another seed gives others."""
    before = kept()
    first, again, other = (specs_of(borrowed(before, Shelf(before, RED), Margins(), seed)) for seed in (0, 0, 1))
    assert first == again
    assert first != other


@pytest.mark.parametrize("shown", [(0.0, 5.0), (0.5, 1.5)])
def test_a_segment_of_another_video_is_about_as_long_as_the_event(shown: tuple[float, float]) -> None:
    """Given segments of 1 s and 5 s, the one with the length of the shown event is taken."""
    before = kept()
    events = [{"start_seconds": shown[0], "end_seconds": shown[1]}]
    changed = []
    for video in before.videos:
        groups = tuple(
            type(group).model_validate(
                group.model_dump()
                | {"event_intervals": events, "event_shown": events[0]}
                | {"evidence": {"frame_indices": (0,), "segment_ids": ("own",)}}
            )
            for group in video.groups
        )
        changed.append(type(video)(video.ref, video.content_sha256, video.video_id, video.split, groups))
    after = borrowed(Finalised(tuple(changed), before.drops), Shelf(before, RED), Margins(), 0)
    found = [
        n for v in after.videos for g in v.groups for n in g.visual_negatives if n.kind is VisualKind.FOREIGN_SEGMENT
    ]
    assert found
    length = shown[1] - shown[0]
    assert {(n.preferred_segment_id, n.segment_id) for n in found} == {("own", f"{length}s")}


def test_each_scene_is_read_about_once() -> None:
    """No scene of 12 videos is read more than twice, though each may be lent to eight others."""
    before = kept()
    shelf = Shelf(before, RED)
    borrowed(before, shelf, Margins(), 0)
    assert max(shelf.asked.count(content) for content in shelf.asked) <= 2
