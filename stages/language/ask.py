"""A writer asks questions on one topic about one clip."""

from collections.abc import Iterator

from prompts.topics import topics
from schemas.claim import Axis
from schemas.clip import UnitClip
from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.pair import is_complete, normalise_text
from stages.language.asking import Asker, timed
from stages.language.draft import DraftQuestion
from stages.language.evidence import reach_seconds, stretches
from stages.language.form import MOST_WORDS, as_sentence
from stages.language.replies import WriterReply
from stages.models.chat import ModelRole, NoReply

STAGE = "ask"


async def questions(
    asker: Asker, clip: UnitClip, topic_name: str, count: int, min_gap_seconds: float
) -> list[DraftQuestion | Drop]:
    """At most `count` questions on a topic, or drops in their place.

    Drops: NO_QUESTION if the model asks none, and one of `NoReply` if it does not answer; EVIDENCE_MISSING for a text
    that is no question; REPEATED_TEXT for one that was asked before; SINGLE_FRAME_ANSWERS for a question across frames
    whose evidence is less than `min_gap_seconds` long.
    """
    topic, slot = topics()[topic_name], f"{clip.clip_id}/{topic_name}"
    across = topic.axis is Axis.CROSS_FRAME
    try:
        said = await asker.ask(
            ModelRole.WRITER,
            "writer",
            WriterReply,
            timed(clip.frames, clip.start_seconds),
            about=topic_name,
            frame_count=len(clip.frames),
            count=count,
            topic=topic,
            gap_seconds=min_gap_seconds if across else None,
        )
    except NoReply as failure:
        return [failure.cause.drop(slot, ItemType.QUESTION, STAGE)]
    asked = [
        DraftQuestion(
            slot_id=f"{slot}.{number}",
            text=as_question(one.question),
            question_type=topic.question_type,
            axis=topic.axis,
            evidence=stretches(one.evidence, clip),
            model=said.model,
            prompt_hash=said.prompt_hash,
            objects=tuple(normalise_text(noun) for noun in one.objects),
        )
        for number, one in enumerate(said.reply.questions[:count])
    ]
    if not asked:
        cause = DropCause(DropReason.NO_QUESTION, f"the writer asks nothing about {topic_name}", 0, count)
        return [cause.drop(slot, ItemType.QUESTION, STAGE)]
    return list(_checked(asked, clip, min_gap_seconds))


def as_question(text: str) -> str:
    """The text as a question, with a capital letter and a question mark."""
    sentence = as_sentence(text)
    return sentence if sentence.endswith("?") or not sentence else sentence.rstrip(".!") + "?"


def _checked(asked: list[DraftQuestion], clip: UnitClip, min_gap_seconds: float) -> Iterator[DraftQuestion | Drop]:
    seen = set[str]()
    for question in asked:
        plain = normalise_text(question.text)
        failure = None
        if not is_complete(question.text) or len(plain.split()) > MOST_WORDS:
            failure = DropCause(DropReason.EVIDENCE_MISSING, "the question is not one plain sentence")
        elif plain in seen:
            failure = DropCause(DropReason.REPEATED_TEXT, "the writer asks it twice")
        elif question.axis is Axis.CROSS_FRAME:
            least = min(min_gap_seconds, (clip.end_seconds - clip.start_seconds) / 2)
            reach = reach_seconds(question.evidence, clip)
            if reach < least:
                failure = DropCause(
                    DropReason.SINGLE_FRAME_ANSWERS, "the evidence is too short", round(reach, 3), least
                )
        seen.add(plain)
        yield question if failure is None else failure.drop(question.slot_id, ItemType.QUESTION, STAGE)
