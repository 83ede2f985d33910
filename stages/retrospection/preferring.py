"""A judge says which of two samples is better, in both orders; only what agrees with itself counts."""

import asyncio
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.pair import normalise_text
from schemas.samples import ComparisonOutcome, MarginUnit
from stages.language.asking import Asker, Drawing
from stages.models.chat import ChatFrames, ChatReply, ModelRole, NoReply, ReplyUnparsable
from stages.retrospection.replies import ReasonReply
from stages.retrospection.settings import Retrospect

PROMPT, REASON_PROMPT = "judge_prefer", "judge_reason"
FIRST, SECOND, NEITHER = "A", "B", "C"
_LETTERS = (FIRST, SECOND, NEITHER)
_LEAST_LOG_PROB = -30.0
"""Of a letter that is not among the likeliest tokens."""
_SAID = re.compile(r"^\W*([ABC])\b")


@dataclass(frozen=True)
class Preference:
    """What a judge says of two samples."""

    outcome: ComparisonOutcome
    margin: float
    """By how much the first is ahead if it is shown first."""
    margin_if_second: float
    """By how much the first is ahead if it is shown second."""
    unit: MarginUnit
    judge: str
    limit: float
    """The margin that it needs in both orders."""

    @property
    def first_is_better(self) -> bool | None:
        """Whether the first is the better one; None if the orders do not agree."""
        return self.margin > 0 if self.outcome is ComparisonOutcome.CONSISTENT else None

    @property
    def least(self) -> float:
        """The smaller margin of the two orders."""
        return min(abs(self.margin), abs(self.margin_if_second))


@dataclass(frozen=True)
class _Lead:
    """By how much the answer that is shown first is ahead, and whether neither is."""

    margin: float
    is_tie: bool
    unit: MarginUnit
    model: str


@dataclass(frozen=True)
class PreferenceJudge:
    """Judges the samples to one question."""

    asker: Asker
    settings: Retrospect
    question: str
    notes: Sequence[str]
    """The context of the clip, a line each; empty if there is none, or if it is not about what is shown."""
    shown: ChatFrames

    async def preferred(self, first: str, second: str) -> Preference:
        """Which of two answers is better. Raises NoReply."""
        one, other = await asyncio.gather(self._lead(first, second), self._lead(second, first))
        margins = one.margin, 0.0 - other.margin
        unit = one.unit if one.unit is other.unit else MarginUnit.VOTES
        least = self._least(unit)
        if one.is_tie or other.is_tie:
            outcome = ComparisonOutcome.TIE
        elif (margins[0] > 0) != (margins[1] > 0):
            outcome = ComparisonOutcome.FLIP
        else:
            clear = min(map(abs, margins)) >= least
            outcome = ComparisonOutcome.CONSISTENT if clear else ComparisonOutcome.TIE
        return Preference(outcome, *margins, unit, one.model, least)

    async def reason(self, better: str, worse: str) -> ReasonReply | None:
        """What is wrong about the worse answer, in its own words; None if the judge says nothing that can be used."""
        try:
            said = await self.asker.ask(
                ModelRole.JUDGE,
                REASON_PROMPT,
                ReasonReply,
                self.shown,
                question=self.question,
                better=better,
                worse=worse,
            )
        except NoReply:
            return None
        clause = normalise_text(said.reply.clause)
        is_quoted = bool(clause) and f" {clause} " in f" {normalise_text(worse)} "
        return said.reply if is_quoted else said.reply.model_copy(update={"clause": ""})

    def _least(self, unit: MarginUnit) -> float:
        of_votes, of_nats = self.settings.least_margin_votes, self.settings.least_margin_nats
        return of_votes if unit is MarginUnit.VOTES else of_nats

    async def _lead(self, first: str, second: str) -> _Lead:
        reply = await self._said(first, second, Drawing(choices=_LETTERS))
        if reply.choice_log_probs is not None:
            return _told(reply.choice_log_probs[0], MarginUnit.NATS, reply.model, _LEAST_LOG_PROB)
        drawing = Drawing(self.settings.votes, temperature=1.0, choices=_LETTERS, some_suffice=True)
        voted = await self._said(first, second, drawing)
        letters = Counter(found[1] for text in voted.texts if (found := _SAID.match(text)))
        shares = {letter: count / letters.total() for letter, count in letters.items()}
        return _told(shares, MarginUnit.VOTES, voted.model, 0.0)

    async def _said(self, first: str, second: str, drawing: Drawing) -> ChatReply:
        return await self.asker.texts(
            ModelRole.JUDGE,
            PROMPT,
            self.shown,
            drawing,
            question=self.question,
            notes=self.notes,
            first=first,
            second=second,
        )


def _told(of_letter: Mapping[str, float], unit: MarginUnit, model: str, least: float) -> _Lead:
    """What log-probabilities, or shares of votes, say. Raises ReplyUnparsable if no letter is among them."""
    if not of_letter:
        raise ReplyUnparsable(ModelRole.JUDGE, "none of A, B and C")
    first, second, neither = (of_letter.get(letter, least) for letter in _LETTERS)
    if neither >= max(first, second) or first == second:
        return _Lead(0.0, is_tie=True, unit=unit, model=model)
    ahead = first - max(second, neither) if first > second else max(first, neither) - second
    return _Lead(ahead, is_tie=False, unit=unit, model=model)
