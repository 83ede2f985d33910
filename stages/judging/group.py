"""A group of a language model is judged: what the scene does not prove must be accepted, or rejected, by the judge."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.claim import Axis
from schemas.clip import UnitClip
from schemas.drop import DropCause, DropReason
from schemas.group import CandidateAnswer, CandidateGroup
from schemas.pair import Verdict
from stages.judging.judge import Judge
from stages.language.asking import timed
from stages.models.chat import ChatFrames, NoReply


@dataclass(frozen=True)
class JudgedGroup:
    """What became of one group."""

    group: CandidateGroup | None
    """With the verdicts in its answers, and without those that the judge does not reject; None if it is dropped."""
    failure: DropCause | None = None
    """Why it is dropped."""
    answers: tuple[DropCause, ...] = ()
    """Why some of its wrong answers are."""


@dataclass(frozen=True)
class GroupJudge:
    """Judges groups about one clip."""

    judge: Judge
    clip: UnitClip
    other_frames: int
    """Frames besides the evidence that must not answer a question across frames."""
    evidence_frames: int
    """Most frames of the evidence that must not do so either."""
    blind: bool
    """Whether the blind judge is asked, too."""

    async def judged(self, group: CandidateGroup) -> JudgedGroup:
        """The group with verdicts, or why it does not serve.

        What is proven is not judged. A preferred answer must be accepted, a wrong one must be found wrong on its axis,
        and of each pair that is not proven the preferred answer must win in both orders. Of segment twins the latter
        stands for the second: each answer is accepted of its own stretch and loses in the other.
        """
        shown = self.shown(group)
        chosen = await self._chosen(group, shown)
        if isinstance(chosen, DropCause):
            return JudgedGroup(None, chosen)
        if (failure := await self._single_frames(group)) is not None:
            return JudgedGroup(None, failure)
        found = await asyncio.gather(*(self._rejected(group, answer, shown) for answer in group.rejected))
        failures = tuple(one for one in found if isinstance(one, DropCause))
        kept = {one.text: one for one in found if isinstance(one, CandidateAnswer)}
        if not kept:
            return JudgedGroup(None, failures[0], failures)
        return JudgedGroup(_with(group, {**kept, chosen.text: chosen}), answers=failures)

    def shown(self, group: CandidateGroup) -> ChatFrames:
        """What the group shows: the clip, or the segment that is shown alone."""
        if group.shown.segment_id is None:
            return timed(self.clip.frames, self.clip.start_seconds)
        segment = next(one for one in self.clip.segments if one.segment_id == group.shown.segment_id)
        return timed(segment.frames, segment.start_seconds)

    async def _chosen(self, group: CandidateGroup, shown: ChatFrames) -> CandidateAnswer | DropCause:
        if group.chosen.claims:
            return group.chosen
        found = await self.judge.faithful(group.question, group.chosen.text, shown)
        return found if isinstance(found, DropCause) else _judged(group.chosen, [found])

    async def _rejected(
        self, group: CandidateGroup, answer: CandidateAnswer, shown: ChatFrames
    ) -> CandidateAnswer | DropCause:
        verdicts = []
        if not answer.claims and group.shown.segment_id is None:
            genuine = await self.judge.genuine(group.question, answer.text, answer.adversary_axis, shown)
            if isinstance(genuine, DropCause):
                return genuine
            verdicts.append(genuine)
        if not (answer.claims and group.chosen.claims):
            distinct = await self.judge.distinct(group.question, group.chosen.text, answer.text, shown)
            if isinstance(distinct, DropCause):
                return distinct
            verdicts.append(distinct)
        if self.blind:
            blind = await self.judge.blind(group.question, group.chosen.text, answer.text)
            if isinstance(blind, DropCause):
                return blind
            verdicts.append(blind)
        return _judged(answer, verdicts)

    async def _single_frames(self, group: CandidateGroup) -> DropCause | None:
        """SINGLE_FRAME_ANSWERS if the judge accepts the answer to a question across frames on one frame alone."""
        if group.axis is not Axis.CROSS_FRAME or group.chosen.claims or group.shown.segment_id is not None:
            return None
        evidence = _spread(sorted(group.evidence.frame_indices), self.evidence_frames)
        rest = [i for i in range(len(self.clip.frames)) if i not in set(group.evidence.frame_indices)]
        places = [*evidence, *_spread(rest, self.other_frames)]
        try:
            found = await asyncio.gather(*(self._alone(group, place) for place in places))
        except NoReply as failure:
            return failure.cause
        answered = sum(one is True for one in found)
        if not answered:
            return None
        return DropCause(DropReason.SINGLE_FRAME_ANSWERS, "frames on which the judge accepts it", answered, 0)

    async def _alone(self, group: CandidateGroup, place: int) -> bool | None:
        frame = self.clip.frames[place]
        return await self.judge.accepts(group.question, group.chosen.text, timed([frame], self.clip.start_seconds))


def _spread(places: Sequence[int], count: int) -> list[int]:
    """At most `count` of the places, evenly spread."""
    count = min(count, len(places))
    return [places[(2 * number + 1) * len(places) // (2 * count)] for number in range(count)]


def _judged(answer: CandidateAnswer, verdicts: Sequence[Verdict]) -> CandidateAnswer:
    return answer.model_copy(update={"verdicts": (*answer.verdicts, *verdicts)})


def _with(group: CandidateGroup, kept: dict[str, CandidateAnswer]) -> CandidateGroup:
    """The group with these answers alone, in their order."""
    rejected = [place for place, answer in enumerate(group.rejected) if answer.text in kept]
    return group.model_copy(
        update={
            "answers": tuple(kept[answer.text] for answer in group.answers if answer.text in kept),
            "balance_others": tuple(group.balance_others[place] for place in rejected),
        }
    )
