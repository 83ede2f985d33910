"""The questions that a judge is asked, and what its replies amount to: a verdict, or why an answer cannot be used."""

import asyncio
from dataclasses import dataclass

from schemas.claim import Axis
from schemas.drop import DropCause, DropReason
from schemas.pair import Verdict
from stages.judging.replies import BlindReply, CompareReply, FaithfulReply, GenuineReply
from stages.language.asking import Asker, ReadReply
from stages.models.chat import ChatFrames, ModelRole, NoReply

MOST_SURE = 5
"""What a judge says of how sure it is, at most."""
Judgement = Verdict | DropCause
"""A check that was passed, or why it was not."""


@dataclass(frozen=True)
class Judge:
    """Asks the judge and the blind judge about answers."""

    asker: Asker
    least_sure: int
    """A verdict counts only if the judge is at least as sure, 1 to 5."""

    async def faithful(self, question: str, answer: str, shown: ChatFrames) -> Judgement:
        """Whether the judge accepts an answer: JUDGED_WRONG if not."""
        try:
            said = await self._holds(question, answer, shown)
        except NoReply as failure:
            return failure.cause
        if said.reply.holds != "yes" or said.reply.sure < self.least_sure:
            return DropCause(DropReason.JUDGED_WRONG, f"it holds: {said.reply.holds}", said.reply.sure, self.least_sure)
        return self._verdict("faithful", said.reply.sure, said.model)

    async def accepts(self, question: str, answer: str, shown: ChatFrames) -> bool | None:
        """Whether the judge says yes (True), or plainly no (False), of what is shown; None if it is not sure."""
        said = await self._holds(question, answer, shown)
        sure = said.reply.sure >= self.least_sure
        return {"yes": True, "no": False}.get(said.reply.holds) if sure else None

    async def sees(self, thing: str, picture: ChatFrames) -> bool:
        """Whether the judge is sure that a picture shows a thing, whole, and little else. Raises NoReply."""
        said = await self.asker.ask(ModelRole.JUDGE, "judge_crop", FaithfulReply, picture, thing=thing)
        return said.reply.holds == "yes" and said.reply.sure >= self.least_sure

    async def genuine(self, question: str, answer: str, axis: Axis | None, shown: ChatFrames) -> Judgement:
        """Whether an answer is wrong, on the axis if one is given: JUDGED_TRUE or OFF_AXIS if not."""
        try:
            said = await self.asker.ask(
                ModelRole.JUDGE, "judge_genuine", GenuineReply, shown, question=question, answer=answer
            )
        except NoReply as failure:
            return failure.cause
        reply = said.reply
        if reply.holds != "no" or reply.sure < self.least_sure:
            return DropCause(DropReason.JUDGED_TRUE, f"it holds: {reply.holds}", reply.sure, self.least_sure)
        if axis is not None and reply.wrong_about != axis:
            return DropCause(DropReason.OFF_AXIS, f"wrong about {reply.wrong_about}, not {axis.value}")
        return self._verdict("genuine", reply.sure, said.model, axis.value if axis else None)

    async def distinct(self, question: str, chosen: str, rejected: str, shown: ChatFrames) -> Judgement:
        """Whether the judge finds the first answer right and the second wrong, in both orders.

        NOT_DISTINCT if it says that they mean the same; JUDGES_DISAGREE for a tie, for another answer in the other
        order, or if it is not sure.
        """
        try:
            one, other = await asyncio.gather(
                self._compared(question, chosen, rejected, shown), self._compared(question, rejected, chosen, shown)
            )
        except NoReply as failure:
            return failure.cause
        sure = min(one.reply.sure, other.reply.sure)
        if one.reply.same or other.reply.same:
            return DropCause(DropReason.NOT_DISTINCT, "the judge finds that they mean the same")
        picked = (one.reply.right, other.reply.right)
        if picked != ("A", "B"):
            return DropCause(DropReason.JUDGES_DISAGREE, f"right is {picked[0]}, and in the other order {picked[1]}")
        if sure < self.least_sure:
            return DropCause(DropReason.JUDGES_DISAGREE, "the judge is not sure which is right", sure, self.least_sure)
        return self._verdict("distinct", sure, one.model, "both orders")

    async def blind(self, question: str, chosen: str, rejected: str) -> Judgement:
        """Whether the texts alone leave it open which answer is right: a verdict, passed or not."""
        try:
            one, other = await asyncio.gather(
                self._guessed(question, chosen, rejected), self._guessed(question, rejected, chosen)
            )
        except NoReply as failure:
            return failure.cause
        guessed = (one.reply.right, other.reply.right) == ("A", "B")
        sure = min(one.reply.sure, other.reply.sure)
        told = guessed and sure >= self.least_sure
        return Verdict(check="blind", passed=not told, score=float(sure), model=one.model, detail="both orders")

    async def _holds(self, question: str, answer: str, shown: ChatFrames) -> ReadReply[FaithfulReply]:
        return await self.asker.ask(
            ModelRole.JUDGE, "judge_faithful", FaithfulReply, shown, question=question, answer=answer
        )

    async def _compared(self, question: str, first: str, second: str, shown: ChatFrames) -> ReadReply[CompareReply]:
        return await self.asker.ask(
            ModelRole.JUDGE, "judge_compare", CompareReply, shown, question=question, first=first, second=second
        )

    async def _guessed(self, question: str, first: str, second: str) -> ReadReply[BlindReply]:
        return await self.asker.ask(
            ModelRole.BLIND_JUDGE, "blind", BlindReply, question=question, first=first, second=second
        )

    def _verdict(self, check: str, sure: int, model: str, detail: str | None = None) -> Verdict:
        margin = float(min(sure, MOST_SURE) - self.least_sure)
        return Verdict(check=check, passed=True, score=float(sure), margin=margin, model=model, detail=detail)
