"""Visual negatives of answers that no claim decides: the judge sees each visual alone."""

import asyncio
from dataclasses import dataclass

from schemas.clip import UnitClip
from schemas.drop import DropCause, DropReason
from schemas.group import CandidateGroup
from schemas.pair import VisualKind, VisualLevel, VisualNegative
from stages.judging.judge import Judge
from stages.language.asking import timed
from stages.models.chat import ChatFrames, NoReply
from stages.visuals.negatives import shuffled_frames, shuffled_order

JUDGED_KINDS = (VisualKind.REVERSED, VisualKind.SHUFFLED, VisualKind.OTHER_SEGMENT, VisualKind.OTHER_FRAME)
"""Those that show stored frames, in another order or others of them: a judge is sent no pictures made for it."""


@dataclass(frozen=True)
class VisualJudge:
    """Judges the visual negatives of groups about one clip."""

    judge: Judge
    clip: UnitClip

    async def failure(self, group: CandidateGroup, negative: VisualNegative, full: ChatFrames) -> DropCause | None:
        """Why a visual negative does not serve; None if the judge accepts the answer of the preferred visual and
        rejects it of the corrupted one.

        Reasons: PREFERRED_NOT_TRUE, NEGATIVE_NOT_FALSE, or those of `NoReply`.
        """
        question, answer = group.question, group.chosen.text
        preferred, corrupted = self._preferred(negative), self._corrupted(negative, full)
        try:
            on_preferred, on_corrupted = await asyncio.gather(
                _accepted() if preferred is None else self.judge.accepts(question, answer, preferred),
                self.judge.accepts(question, answer, corrupted),
            )
        except NoReply as failure:
            return failure.cause
        if on_preferred is not True:
            return DropCause(DropReason.PREFERRED_NOT_TRUE, negative.kind.value)
        if on_corrupted is not False:
            return DropCause(DropReason.NEGATIVE_NOT_FALSE, negative.kind.value)
        return None

    def _preferred(self, negative: VisualNegative) -> ChatFrames | None:
        """The preferred visual; None if it is the clip, of which the answer is accepted already."""
        if negative.level is VisualLevel.TEMPORAL:
            return self._segment(negative.preferred_segment_id)
        return None if negative.preferred_frame_index is None else self._frame(negative.preferred_frame_index)

    def _corrupted(self, negative: VisualNegative, full: ChatFrames) -> ChatFrames:
        if negative.kind is VisualKind.REVERSED:
            return ChatFrames(full.frames[::-1], full.shown_seconds)
        if negative.kind is VisualKind.SHUFFLED:
            places = shuffled_frames(len(full.frames), shuffled_order(negative.seed))
            return ChatFrames(tuple(full.frames[int(place)] for place in places), full.shown_seconds)
        if negative.frame_index is not None:
            return self._frame(negative.frame_index)
        return self._segment(negative.segment_id)

    def _segment(self, segment_id: str | None) -> ChatFrames:
        segment = next(one for one in self.clip.segments if one.segment_id == segment_id)
        return timed(segment.frames, segment.start_seconds)

    def _frame(self, index: int) -> ChatFrames:
        frame = self.clip.frames[index]
        return timed([frame], frame.pts_seconds)


async def _accepted() -> bool:
    return True
