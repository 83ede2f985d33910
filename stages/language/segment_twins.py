"""Segment twins: one question about two stretches of a clip, whose answers are each true of one and false of the other.

Each text is chosen once and rejected once, so that no reader of text can tell which is right.
"""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from numpy.random import Generator

from schemas.clip import Frame, UnitClip
from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.group import CandidateGroup
from schemas.interval import Interval
from schemas.pair import RejectedKind
from stages.alone.stretches import LEAST_CLIP_SECONDS, two_parts
from stages.claims.alone import is_of_stretch
from stages.claims.proof import ClipProver
from stages.language.answer import preferred
from stages.language.ask import STAGE, as_question
from stages.language.asking import Asker, ReadReply, timed
from stages.language.claims import resolved, stated_claims, typed_claims
from stages.language.compose import composed
from stages.language.draft import DraftAnswer, DraftQuestion
from stages.language.form import form_failure
from stages.language.replies import ClaimsReply, TwinsReply
from stages.language.times_said import said_interval
from stages.models.chat import ModelRole, NoReply
from stages.seeding import rng_for

TWIN_SLOT = "/twins"
"""In the ids of twin questions."""
_PART = re.compile(r"\bparts? [AB]\b|\b(the|this|that|which|each) part\b")
_ELSEWHERE = re.compile(
    r"\b(again|once more|already|still|first|last|next|previous(ly)?|earlier|later|before|after(wards)?|finally"
    r"|continues?|resumes?|returns?|another)\b",
    re.IGNORECASE,
)
"""Words of an answer that tell of what may lie outside of its stretch."""
_TELLS_OF_MORE = DropCause(DropReason.EVIDENCE_MISSING, "an answer tells of more than its stretch")
_NAMES_A_TIME = DropCause(
    DropReason.EVIDENCE_MISSING, "the question names a time or a part, and fits one stretch alone"
)


async def segment_twins(
    asker: Asker, prover: ClipProver, count: int, rng: Generator
) -> list[tuple[CandidateGroup, ...] | Drop]:
    """At most `count` questions, each as a group and its twin, or a drop in their place.

    Drops questions: SEGMENT_TOO_SHORT if the clip is too short; NO_QUESTION if the writer has none; one of `NoReply`;
    EVIDENCE_MISSING if one names a time; FORM_DIFFERS and REPEATED_TEXT by the answers; CHOSEN_NOT_TRUE and
    REJECTED_NOT_FALSE if the scene refutes one of them.
    """
    clip = prover.clip
    slot, pair = f"{clip.clip_id}{TWIN_SLOT}", two_parts(clip, rng)
    if pair is None:
        length = round(clip.end_seconds - clip.start_seconds, 3)
        cause = DropCause(DropReason.SEGMENT_TOO_SHORT, "seconds for two stretches", length, LEAST_CLIP_SECONDS)
        return [cause.drop(slot, ItemType.QUESTION, STAGE)]
    first, second = (_counted(stretch, clip) for stretch in pair)
    try:
        said = await asker.ask(
            ModelRole.WRITER,
            "twins",
            TwinsReply,
            timed(clip.frames, clip.start_seconds),
            frame_count=len(clip.frames),
            count=count,
            first=first,
            second=second,
        )
    except NoReply as failure:
        return [failure.cause.drop(slot, ItemType.QUESTION, STAGE)]
    asked = [
        DraftQuestion(
            slot_id=f"{slot}.{number}",
            text=as_question(one.question),
            question_type=one.type,
            axis=one.axis,
            evidence=pair,
            model=said.model,
            prompt_hash=said.prompt_hash,
        )
        for number, one in enumerate(said.reply.questions[:count])
        if as_question(one.question)
    ]
    if not asked:
        cause = DropCause(DropReason.NO_QUESTION, "the writer asks no twin question", 0, count)
        return [cause.drop(slot, ItemType.QUESTION, STAGE)]
    seed = int(rng.integers(2**31))
    made = (_twins(asker, prover, question, rng_for(seed, STAGE, question.slot_id)) for question in asked)
    return [
        one.drop(question.slot_id, ItemType.QUESTION, STAGE) if isinstance(one, DropCause) else one
        for question, one in zip(asked, await asyncio.gather(*made), strict=True)
    ]


async def _twins(
    asker: Asker, prover: ClipProver, question: DraftQuestion, rng: Generator
) -> tuple[CandidateGroup, CandidateGroup] | DropCause:
    clip, pair = prover.clip, question.evidence
    if said_interval(question.text, "", pair[0]) != pair[0] or _PART.search(question.text):
        return _NAMES_A_TIME
    shown = [timed(list(frames_of(stretch, clip)), stretch.start_seconds) for stretch in pair]
    found = await asyncio.gather(*(preferred(asker, question.text, frames) for frames in shown))
    answers = [one for one in found if isinstance(one, DraftAnswer)]
    if len(answers) < len(found):
        return next(one for one in found if isinstance(one, DropCause))
    if (failure := _answers_failure(*(answer.text for answer in answers))) is not None:
        return failure
    said = await stated_claims(asker, question.text, [answer.text for answer in answers])
    if isinstance(said, DropCause):
        return said
    groups: list[CandidateGroup] = []
    for own, stretch in enumerate(pair):
        drafts = _resolved(said, question, answers, own, prover, stretch)
        if isinstance(drafts, DropCause):
            return drafts
        twin_of = groups[0].group_id if groups else None
        groups.append(composed(clip, question, drafts, rng, alone=stretch, twin_of=twin_of, hashes=(said.prompt_hash,)))
    return groups[0], groups[1]


def _answers_failure(first: str, second: str) -> DropCause | None:
    if _ELSEWHERE.search(f"{first} {second}"):
        return _TELLS_OF_MORE
    return form_failure(second, first)


def _resolved(
    said: ReadReply[ClaimsReply],
    question: DraftQuestion,
    answers: Sequence[DraftAnswer],
    own: int,
    prover: ClipProver,
    stretch: Interval,
) -> list[DraftAnswer] | DropCause:
    """The answers as the group about one stretch has them: its own first, then the other's, which is wrong there."""
    claims = typed_claims(said, question.text, [answer.text for answer in answers], prover.view(), stretch)
    frames = prover.clip.frame_indices_in([stretch])
    drafts = []
    for place in (own, 1 - own):
        said_of_it = claims[place]
        if said_of_it is not None and not is_of_stretch(said_of_it.claim, stretch):
            said_of_it = None
        found = resolved(said_of_it, prover, frames, chosen=place == own)
        if found.failure is not None:
            return found.failure
        kind, axis = (None, None) if place == own else (RejectedKind.RELEVANT, question.axis)
        drafts.append(replace(answers[place], claim=found.claim, rejected_kind=kind, adversary_axis=axis))
    return drafts


def frames_of(stretch: Interval, clip: UnitClip) -> Iterator[Frame]:
    """The sampled frames of a stretch."""
    return (frame for frame in clip.frames if stretch.contains(frame.pts_seconds))


def _counted(stretch: Interval, clip: UnitClip) -> Interval:
    """The stretch in seconds from the start of the clip."""
    start, end = stretch.start_seconds - clip.start_seconds, stretch.end_seconds - clip.start_seconds
    return Interval(start_seconds=start, end_seconds=end)
