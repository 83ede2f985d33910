"""Visual negatives of answers that no claim decides: the judge sees each visual alone."""

import asyncio
from dataclasses import dataclass

from schemas.clip import Frame, UnitClip
from schemas.drop import DropCause, DropReason
from schemas.group import CandidateGroup
from schemas.visual_negative import VisualKind, VisualLevel, VisualNegative
from stages.judging.judge import Judge
from stages.judging.pictures import changed_pictures, key_picture
from stages.language.asking import timed
from stages.models.chat import ChatFrames, NoReply
from stages.stage import PixelReader
from stages.video.unusable import UnusableVideo
from stages.visuals.negatives import shuffled_frames, shuffled_order

JUDGED_KINDS = (
    VisualKind.REVERSED,
    VisualKind.SHUFFLED,
    VisualKind.OTHER_SEGMENT,
    VisualKind.INPAINTED,
    VisualKind.FILLED,
    VisualKind.OTHER_FRAME,
)
"""Those that a judge can be shown: stored frames in another order or others of them, and a keyframe painted over."""


@dataclass(frozen=True)
class VisualJudge:
    """Judges the visual negatives of groups about one clip."""

    judge: Judge
    clip: UnitClip
    read: PixelReader

    async def failure(self, group: CandidateGroup, negative: VisualNegative, full: ChatFrames) -> DropCause | None:
        """Why a visual negative does not serve; None if the judge accepts the answer of the preferred visual, rejects
        it of the corrupted one, and accepts it of the control, where there is one.

        Reasons: BOX_NOT_CONFIRMED if a box that a writer drew does not show what it says, PREFERRED_NOT_TRUE,
        NEGATIVE_NOT_FALSE, CONTROL_NOT_TRUE, those of `NoReply`, or why the keyframe could not be painted over.
        """
        try:
            if not await self._is_confirmed(negative):
                return DropCause(DropReason.BOX_NOT_CONFIRMED, negative.kind.value)
            return await self._judged(group, negative, full)
        except NoReply as failure:
            return failure.cause
        except UnusableVideo as unusable:
            return DropCause(unusable.reason, unusable.detail, unusable.measured, unusable.limit)

    async def _judged(self, group: CandidateGroup, negative: VisualNegative, full: ChatFrames) -> DropCause | None:
        corrupted, control = self._corrupted(negative, full)
        on_preferred, on_corrupted, on_control = await asyncio.gather(
            *(
                _accepted() if shown is None else self.judge.accepts(group.question, group.chosen.text, shown)
                for shown in (self._preferred(negative), corrupted, control)
            )
        )
        if on_preferred is not True:
            return DropCause(DropReason.PREFERRED_NOT_TRUE, negative.kind.value)
        if on_corrupted is not False:
            return DropCause(DropReason.NEGATIVE_NOT_FALSE, negative.kind.value)
        if on_control is not True:
            return DropCause(DropReason.CONTROL_NOT_TRUE, negative.kind.value)
        return None

    async def _is_confirmed(self, negative: VisualNegative) -> bool:
        """Whether the judge sees the key object in what a writer's box cuts out; a box of a track needs no judge."""
        if negative.area is None:
            return True
        key = self.clip.frames[negative.preferred_frame_index or 0]
        cut_out = self.read(key_picture, self._plain, negative)
        return await self.judge.sees(negative.area.noun, _picture(cut_out, key.pts_seconds - self.clip.start_seconds))

    def _preferred(self, negative: VisualNegative) -> ChatFrames | None:
        """The preferred visual; None if it is the clip, of which the answer is accepted already."""
        if negative.level is VisualLevel.TEMPORAL:
            return self._segment(negative.preferred_segment_id)
        return None if negative.preferred_frame_index is None else self._frame(negative.preferred_frame_index)

    def _corrupted(self, negative: VisualNegative, full: ChatFrames) -> tuple[ChatFrames, ChatFrames | None]:
        """The corrupted visual and the control; no control for kinds that change no area."""
        if negative.kind is VisualKind.REVERSED:
            return ChatFrames(full.frames[::-1], full.shown_seconds), None
        if negative.kind is VisualKind.SHUFFLED:
            places = shuffled_frames(len(full.frames), shuffled_order(negative.seed))
            return ChatFrames(tuple(full.frames[int(place)] for place in places), full.shown_seconds), None
        if negative.control is not None:
            made, control = self.read(changed_pictures, self._plain, negative)
            return _picture(made), _picture(control)
        if negative.frame_index is not None:
            return self._frame(negative.frame_index), None
        return self._segment(negative.segment_id), None

    @property
    def _plain(self) -> UnitClip:
        """The clip without its segments: what is sent to the process that paints."""
        return self.clip.model_copy(update={"segments": ()})

    def _segment(self, segment_id: str | None) -> ChatFrames:
        segment = next(one for one in self.clip.segments if one.segment_id == segment_id)
        return timed(segment.frames, segment.start_seconds)

    def _frame(self, index: int) -> ChatFrames:
        frame = self.clip.frames[index]
        return timed([frame], frame.pts_seconds)


def _picture(jpeg: bytes, at_seconds: float = 0.0) -> ChatFrames:
    return ChatFrames((Frame(pts_seconds=at_seconds, jpeg=jpeg),))


async def _accepted() -> bool:
    return True
