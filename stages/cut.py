"""The intervals that groups refer to become stored segments, cut from the file by a second, targeted decode."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import Field

from schemas.clip import Frame, Segment, UnitClip
from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.group import CandidateGroup
from schemas.interval import Interval
from schemas.shown import Shown
from schemas.visual_negative import VisualKind, VisualLevel, VisualNegative, best_first
from stages.drawing.jpeg import jpeg_of
from stages.payloads import CutRequest, VideoFile, WrittenVideo
from stages.question_drops import with_questions
from stages.stage import PixelReader, Stage
from stages.video.frame_times import evenly_spread
from stages.video.open_video import OpenVideo, open_video
from stages.video.pixels import PixelMaker
from stages.video.unusable import UnusableVideo

_CUT_SECONDS = 0.1
"""A cut is found at the first analysis frame after it, so that the next shot may begin this much earlier."""
_ROUNDING = 1e-6


class Place(NamedTuple):
    """An interval of a clip."""

    clip_id: str
    interval: Interval
    alone: bool = False
    """Whether it is shown alone, in place of the clip: then it has more frames."""


@dataclass(frozen=True)
class SegmentOrder:
    """The intervals of a file whose frames are wanted."""

    file: VideoFile
    places: tuple[Place, ...]
    num_frames: int
    short_side: int
    jpeg_quality: int
    alone_frames: int = 32
    cuts: tuple[float, ...] = ()
    """The cuts of the file's clips, container seconds."""

    def numbers(self, place: Place, times_F: NDArray[np.float64]) -> list[int]:
        """The frames of a place; of one that ends at a cut, or hardly before it, none that may be of the next shot."""
        start, end = place.interval.start_seconds, place.interval.end_seconds
        sure = min(
            (cut - _CUT_SECONDS for cut in self.cuts if cut - _CUT_SECONDS < end <= cut + _ROUNDING), default=end
        )
        return evenly_spread(times_F, start, sure, self.most(place))

    def most(self, place: Place) -> int:
        """Frames of a place, if it shows as many."""
        return self.alone_frames if place.alone else self.num_frames


@dataclass(frozen=True)
class CutPlace:
    """The frames of one place."""

    frames: tuple[Frame, ...]
    """In order of time; empty if the interval has fewer than wanted."""
    shown: int
    """Distinct frames found, at most the number wanted; a stretch that is shown alone may have fewer than that."""


CutFrames = dict[Place, CutPlace]


def cut_frames(order: SegmentOrder) -> CutFrames:
    """Decode evenly spread frames of every place. Each frame of the video is decoded once.

    Raises: UnusableVideo, with the reason.
    """

    def decoded(video: OpenVideo) -> CutFrames:
        times_F = video.times_F
        numbers = {place: order.numbers(place, times_F) for place in order.places}
        whole = {place: chosen for place, chosen in numbers.items() if len(chosen) >= order.num_frames}
        maker = PixelMaker(order.short_side)
        wanted = sorted({number for chosen in whole.values() for number in chosen})
        made = {
            number: Frame(
                pts_seconds=float(times_F[number]),
                jpeg=jpeg_of(maker.upright(frame, video.display(frame)), order.jpeg_quality),
            )
            for number, frame in video.frames(wanted)
        }
        return {
            place: CutPlace(tuple(made[number] for number in whole.get(place, ())), len(chosen))
            for place, chosen in numbers.items()
        }

    if not order.places:
        return {}
    with open_video(order.file.path) as video:
        return video.attempt(lambda: decoded(video))


class CutSegments(Stage[CutRequest, PixelReader, WrittenVideo]):
    """Store every interval that a group refers to as a segment, and name it in the group's evidence.

    Stretches without the group's event are stored too and become visual negatives. A stretch that a group shows alone
    has more frames; of its twin, which shows another one, it is the visual negative.

    Drops groups: SEGMENT_TOO_SHORT if an interval shows fewer than `num_frames` distinct frames (measured: how many);
    OVER_MAX_SEGMENTS if the clip would get more than `max_segments` segments. Of two groups that are twins and show
    stretches alone both are dropped. A question is dropped with its last group. For the same reasons this drops visual
    negatives; their groups stay. Drops the video, as `DecodeVideo` does, if the file can no longer be decoded.
    """

    num_frames: int = Field(8, ge=8)
    """Frames of a segment, and the fewest of a stretch that is shown alone."""
    alone_frames: int = Field(32, ge=8)
    """Most frames of a stretch that is shown alone, in place of its clip."""
    max_segments: int = Field(48, ge=1)
    """Most segments of a clip; those of groups come before those of visual negatives."""
    short_side: int = Field(448, ge=16)
    """Short side of the frames in pixels, as that of the sampled frames."""
    jpeg_quality: int = Field(90, ge=1, le=100)
    """JPEG quality of the frames."""

    def open(self, read: PixelReader, /) -> PixelReader:
        """The file is read through `read`; clips and groups stay in the worker."""
        return read

    def process(self, item: CutRequest, tools: PixelReader, _rng: Generator, /) -> Iterator[WrittenVideo | Drop]:
        """Yield a drop for every group that cannot be shown, and the video with its segments."""
        try:
            frames = tools(cut_frames, self.order(item))
        except UnusableVideo as unusable:
            yield unusable.drop(item.file.content_sha256, "cut")
        else:
            yield from self.filled(item.video, frames)

    def order(self, request: CutRequest) -> SegmentOrder:
        """The intervals that the groups refer to, each once, in the groups' order; then those without the events."""
        places: dict[Place, None] = {}
        per_clip: dict[str, int] = {}
        groups = request.video.groups
        for wanted in (*map(_places, groups), *([_lacking(group)] for group in groups if group.lacking)):
            new = [place for place in wanted if place not in places]
            clip_id = wanted[0].clip_id if wanted else ""
            if per_clip.get(clip_id, 0) + len(new) <= self.max_segments:
                per_clip[clip_id] = per_clip.get(clip_id, 0) + len(new)
                places.update(dict.fromkeys(new))
        cuts = {cut.pts_seconds for clip in request.video.clips for cut in clip.scene.cuts}
        return SegmentOrder(
            file=request.file,
            places=tuple(places),
            num_frames=self.num_frames,
            short_side=self.short_side,
            jpeg_quality=self.jpeg_quality,
            alone_frames=self.alone_frames,
            cuts=tuple(sorted(cuts)),
        )

    def filled(self, video: WrittenVideo, frames: CutFrames) -> Iterator[WrittenVideo | Drop]:
        """A drop for every group with an interval that has too few frames and for every question left without a group,
        and the video with its segments.
        """
        groups: list[CandidateGroup] = []
        dropped = self._dropped(video.groups, frames)
        for group in video.groups:
            if group.group_id in dropped:
                continue
            lacking = [_lacking(group)] if group.lacking else []
            if drop := self._unshown(f"{group.group_id}-lacking", ItemType.VISUAL_NEGATIVE, lacking, frames):
                yield drop
                groups.append(group.model_copy(update={"lacking": None}))
            else:
                groups.append(group)
        yield from with_questions(video.groups, dropped)
        segments = {clip.clip_id: _segments(clip, groups, frames) for clip in video.clips}
        yield WrittenVideo(
            content_sha256=video.content_sha256,
            clips=tuple(
                clip.model_copy(update={"segments": tuple(segments[clip.clip_id].values())}) for clip in video.clips
            ),
            groups=tuple(_with_evidence(group, segments[group.clip_id]) for group in groups),
            questions_seen=video.questions_seen,
        )

    def _dropped(self, groups: Sequence[CandidateGroup], frames: CutFrames) -> dict[str, Drop]:
        """The drops of groups by id; of a group and its twin, each of which shows a stretch alone, both go or none."""
        dropped: dict[str, Drop] = {}
        for group in groups:
            if drop := self._unshown(group.group_id, ItemType.GROUP, _places(group), frames):
                dropped[group.group_id] = drop
        for group in groups:
            both = {group.group_id, group.twin_of} if group.twin_of and group.shown_alone else set()
            for lost in sorted(both - dropped.keys() if both & dropped.keys() else ()):
                [kept] = both - {lost}
                dropped[lost] = dropped[kept].model_copy(update={"item_id": lost})
        return dropped

    def _unshown(self, item_id: str, item_type: ItemType, places: Sequence[Place], frames: CutFrames) -> Drop | None:
        counts = [frames[place].shown if place in frames else None for place in places]
        if all(count is not None and count >= self.num_frames for count in counts):
            return None
        if None in counts:
            cause = DropCause(DropReason.OVER_MAX_SEGMENTS, "segments of the clip", limit=self.max_segments)
        else:
            shown = min(count for count in counts if count is not None)
            cause = DropCause(DropReason.SEGMENT_TOO_SHORT, "frames in the interval", shown, self.num_frames)
        return cause.drop(item_id, item_type, "cut", video_id=places[0].clip_id.rpartition("-")[0])


def _places(group: CandidateGroup) -> list[Place]:
    alone = [Place(group.clip_id, group.shown_alone, alone=True)] if group.shown_alone else []
    return [*(Place(group.clip_id, interval) for interval in dict.fromkeys(group.event_intervals)), *alone]


def _lacking(group: CandidateGroup) -> Place:
    if group.lacking is None:
        raise ValueError(f"group {group.group_id} names no stretch without its event")
    return Place(group.clip_id, group.lacking, alone=group.shown_alone is not None)


def _segments(clip: UnitClip, groups: Sequence[CandidateGroup], frames: CutFrames) -> dict[Place, Segment]:
    """The clip's segments by place, numbered in order of time."""
    own = [group for group in groups if group.clip_id == clip.clip_id]
    places = {place for group in own for place in _places(group)} | {_lacking(group) for group in own if group.lacking}
    in_order = sorted(places, key=lambda place: (place.interval.start_seconds, place.interval.end_seconds, place.alone))
    return {
        place: Segment(
            segment_id=f"{clip.clip_id}-s{number:02d}",
            start_seconds=place.interval.start_seconds,
            end_seconds=place.interval.end_seconds,
            frames=frames[place].frames,
        )
        for number, place in enumerate(in_order)
    }


def _with_evidence(group: CandidateGroup, segments: Mapping[Place, Segment]) -> CandidateGroup:
    ids = tuple(segments[place].segment_id for place in _places(group))
    negatives = group.visual_negatives
    shown = group.shown_alone or group.event_shown
    if shown and group.lacking:
        preferred = Place(group.clip_id, shown, alone=group.shown_alone is not None)
        without_event = VisualNegative(
            level=VisualLevel.TEMPORAL,
            kind=VisualKind.OTHER_SEGMENT,
            preferred_segment_id=segments[preferred].segment_id,
            segment_id=segments[_lacking(group)].segment_id,
        )
        negatives = best_first((*negatives, without_event))
    evidence = group.evidence.model_copy(update={"segment_ids": ids})
    alone = {"shown": Shown(segment_id=ids[-1])} if group.shown_alone else {}
    return group.model_copy(update={"evidence": evidence, "visual_negatives": negatives, **alone})
