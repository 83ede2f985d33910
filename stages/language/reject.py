"""Wrong answers: adversaries that make a named error or see too little, and relevant and irrelevant rejections."""

import asyncio
from collections.abc import Sequence
from typing import Self

from numpy.random import Generator
from pydantic import Field, model_validator

from prompts.topics import NamedError, named_errors
from schemas.clip import UnitClip
from schemas.drop import DropCause, DropReason
from schemas.pair import Corruption, FramesCorruption, PromptCorruption, RejectedKind, normalise_text
from schemas.record import Record
from stages.claims.nouns import plural
from stages.language.asking import Asker, timed
from stages.language.corruption import corrupted
from stages.language.draft import DraftAnswer, DraftQuestion
from stages.language.form import as_sentence
from stages.language.replies import AnswerReply, IrrelevantReply
from stages.models.chat import ChatFrames, ModelRole, NoReply

Attempt = DraftAnswer | DropCause
"""A wrong answer, or why there is none."""


_ERRORS = 3
"""Named errors of each axis."""


_NOT_MADE = DropCause(DropReason.EVIDENCE_MISSING, "no adversary makes the first of its errors alone")


class Adversary(Record):
    """How one adversary of a preferred answer is made; frames and prompt are corrupted independently."""

    frames: FramesCorruption = FramesCorruption.NONE
    """Which frames it is shown: none (all of them), sparse, shuffled, reversed, disjoint or partial."""
    prompt: PromptCorruption = PromptCorruption.FALSE_PREMISE
    """`false_premise`: it is told which error to make; `none`: it is asked as the target is."""
    errors: tuple[int, ...] = Field(default=(0,), min_length=1, max_length=2)
    """Which of the three errors of the axis it is told to make, 0 to 2, in an order drawn for each question. With
    two, it makes the second in the answer of the adversary that makes the first: a right answer, two with one error and
    one with both are alike, and the right one is not the one most like the others."""

    @model_validator(mode="after")
    def _makes_errors_that_there_are(self) -> Self:
        if not set(self.errors) <= set(range(_ERRORS)) or len(set(self.errors)) < len(self.errors):
            raise ValueError(f"errors must be one or two of 0 to {_ERRORS - 1}, each once, got {list(self.errors)}")
        return self


async def adversaries(
    asker: Asker,
    clip: UnitClip,
    question: DraftQuestion,
    answer: str,
    wanted: Sequence[Adversary],
    coverage: float,
    rng: Generator,
) -> list[Attempt]:
    """One wrong answer for each that is wanted, on the axis of the question. Those with one error are made first.

    Args:
        asker: asks.
        clip: what the question is about.
        question: the question.
        answer: the preferred answer.
        wanted: how each is made.
        coverage: most of the evidence that sparse frames show, 0..1.
        rng: chooses frames, and the order of the errors.
    """
    errors = [named_errors()[question.axis][int(place)] for place in rng.permutation(_ERRORS)]
    shown = [corrupted(clip.frames, clip.start_seconds, question.evidence, one.frames, coverage, rng) for one in wanted]
    found: list[Attempt] = [_NOT_MADE] * len(wanted)
    for count in (1, 2):
        places = [place for place, one in enumerate(wanted) if len(one.errors) == count]
        bases = [_base(wanted, found, place, answer) for place in places]
        tries = (
            _adversary(asker, question, base, wanted[place], errors[wanted[place].errors[-1]], shown[place])
            for place, base in zip(places, bases, strict=True)
        )
        for place, attempt in zip(places, await asyncio.gather(*tries), strict=True):
            found[place] = attempt
    return found


def _base(wanted: Sequence[Adversary], found: Sequence[Attempt], place: int, answer: str) -> str | None:
    """The answer that an adversary is made from: the preferred one, or the one with its first error; None without."""
    if len(wanted[place].errors) == 1:
        return answer
    first = wanted[place].errors[:1]
    made = (attempt for one, attempt in zip(wanted, found, strict=True) if one.errors == first)
    return next((attempt.text for attempt in made if isinstance(attempt, DraftAnswer)), None)


async def _adversary(
    asker: Asker,
    question: DraftQuestion,
    answer: str | None,
    one: Adversary,
    error: NamedError,
    shown: ChatFrames | None,
) -> Attempt:
    if answer is None:
        return _NOT_MADE
    if shown is None:
        return DropCause(DropReason.EVIDENCE_MISSING, f"no frames are left to show {one.frames.value}")
    premise = one.prompt is PromptCorruption.FALSE_PREMISE
    try:
        if premise:
            said = await asker.ask(
                ModelRole.CORRUPTER,
                "corrupter",
                AnswerReply,
                shown,
                about=question.axis.value,
                question=question.text,
                answer=answer,
                error=error,
            )
        else:
            said = await asker.ask(ModelRole.CORRUPTER, "target", AnswerReply, shown, question=question.text)
    except NoReply as failure:
        return failure.cause
    corruption = Corruption(frames=one.frames, prompt=one.prompt)
    if premise:
        corruption = corruption.model_copy(update={"edit": error.edit})
    return DraftAnswer(
        text=as_sentence(said.reply.answer),
        model=said.model,
        prompt_hash=said.prompt_hash,
        rejected_kind=RejectedKind.RELEVANT,
        adversary_axis=question.axis,
        corruption=corruption,
    )


async def relevant(asker: Asker, clip: UnitClip, question: DraftQuestion, answer: str) -> Attempt:
    """A wrong answer made of what the video shows elsewhere."""
    shown = timed(clip.frames, clip.start_seconds)
    try:
        said = await asker.ask(
            ModelRole.CORRUPTER, "relevant", AnswerReply, shown, question=question.text, answer=answer
        )
    except NoReply as failure:
        return failure.cause
    return DraftAnswer(
        text=as_sentence(said.reply.answer),
        model=said.model,
        prompt_hash=said.prompt_hash,
        rejected_kind=RejectedKind.RELEVANT,
        corruption=Corruption(prompt=PromptCorruption.FALSE_PREMISE),
    )


async def irrelevant(asker: Asker, question: DraftQuestion, answer: str, names: Sequence[str]) -> list[Attempt]:
    """Wrong answers that each name one thing which the video does not show; the model leaves out what does not fit."""
    if not names:
        return []
    try:
        said = await asker.ask(
            ModelRole.CORRUPTER, "irrelevant", IrrelevantReply, question=question.text, answer=answer, entities=names
        )
    except NoReply as failure:
        return [failure.cause]
    found: list[Attempt] = []
    for one in said.reply.answers:
        name, text = normalise_text(one.entity), as_sentence(one.answer)
        if name not in names:
            found.append(DropCause(DropReason.EVIDENCE_MISSING, "an irrelevant answer names another thing"))
            continue
        if not set(normalise_text(text).split()) & {name, plural(name)}:
            found.append(DropCause(DropReason.EVIDENCE_MISSING, "an irrelevant answer lacks its thing"))
            continue
        found.append(
            DraftAnswer(
                text=text,
                model=said.model,
                prompt_hash=said.prompt_hash,
                rejected_kind=RejectedKind.IRRELEVANT,
                corruption=Corruption(prompt=PromptCorruption.FALSE_PREMISE),
                absent=name,
            )
        )
    return found
