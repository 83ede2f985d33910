"""Annotated question-answer pairs become questions with a preferred answer: rewritten as sentences, not invented."""

import asyncio
from collections.abc import Sequence

from schemas.annotations import AnnotatedQuestion, Annotations
from schemas.claim import Axis
from schemas.clip import UnitClip
from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.pair import normalise_text
from stages.annotated.asked import AXES, intervals_of, is_whole_video
from stages.language.ask import STAGE, as_question
from stages.language.asking import Asker
from stages.language.draft import DraftAnswer, DraftQuestion
from stages.language.form import as_sentence, plain_failure
from stages.language.replies import RewriteReply
from stages.models.chat import ModelRole, NoReply

_EMPTY = frozenset(["a", "an", "the", "yes", "it", "is", "are"])
_STEM_LETTERS = 4
Rewritten = tuple[DraftQuestion, DraftAnswer]


def usable(clip: UnitClip, annotations: Annotations | None) -> Sequence[tuple[int, AnnotatedQuestion]]:
    """The certain, typed questions of people, with their numbers; none if the clip is a part of its video only."""
    if annotations is None or not is_whole_video(clip):
        return ()
    return [
        (number, one)
        for number, one in enumerate(annotations.questions)
        if one.certain and one.question_type is not None
    ]


async def rewritten(
    asker: Asker, clip: UnitClip, asked: Sequence[tuple[int, AnnotatedQuestion]]
) -> list[Rewritten | Drop]:
    """Each question with its answer as whole sentences, or a drop in its place.

    Drops: one of `NoReply`; FORM_DIFFERS if the answer is not plain; EVIDENCE_MISSING if it lacks a word of the answer
    that people gave: then something was changed.
    """
    return list(await asyncio.gather(*(_rewritten(asker, clip, number, one) for number, one in asked)))


async def _rewritten(asker: Asker, clip: UnitClip, number: int, one: AnnotatedQuestion) -> Rewritten | Drop:
    slot = f"{clip.clip_id}/annotated.{number}"
    try:
        said = await asker.ask(ModelRole.WRITER, "rewrite", RewriteReply, question=one.question, answer=one.answer)
    except NoReply as failure:
        return failure.cause.drop(slot, ItemType.QUESTION, STAGE)
    text = as_sentence(said.reply.answer)
    failure_cause = plain_failure(text) or _changed(one.answer, text)
    if failure_cause is not None:
        return failure_cause.drop(slot, ItemType.QUESTION, STAGE)
    if one.question_type is None:
        raise ValueError(f"{slot}: only questions of a known type are rewritten")
    question = DraftQuestion(
        slot_id=slot,
        text=as_question(said.reply.question),
        question_type=one.question_type,
        axis=one.axis or AXES.get(one.question_type, Axis.SPATIAL),
        evidence=intervals_of(clip, one),
        model=said.model,
        prompt_hash=said.prompt_hash,
    )
    return question, DraftAnswer(text, said.model, said.prompt_hash)


def _changed(given: str, text: str) -> DropCause | None:
    """EVIDENCE_MISSING if a word of the given answer is missing in every form of it."""
    said = normalise_text(text).split()
    lacking = [
        word
        for word in normalise_text(given).split()
        if word not in _EMPTY and not any(other.startswith(word[:_STEM_LETTERS]) for other in said)
    ]
    if not lacking:
        return None
    detail = "the rewritten answer lacks a word of the annotated one"
    return DropCause(DropReason.EVIDENCE_MISSING, detail, len(lacking), 0)
