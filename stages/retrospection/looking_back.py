"""A policy writes what a clip shows, from its frames and from what it wrote before."""

from collections.abc import Sequence

from schemas.clip import UnitClip
from schemas.context import ClipContext, ContextClause
from schemas.drop import DropCause, DropReason
from schemas.interval import Interval
from schemas.pair import normalise_text
from stages.claims.proof import ClipProver
from stages.language.asking import Asker, timed
from stages.language.form import as_sentence
from stages.models.chat import ModelRole, NoReply
from stages.retrospection.replies import ContextReply, WrittenNote
from stages.retrospection.striking import checked_clause

PROMPT = "context"


async def context_of(
    asker: Asker, prover: ClipProver, earlier: ClipContext | None, most_notes: int
) -> ClipContext | DropCause:
    """The context of a clip, or why there is none: a cause of `NoReply`, or EVIDENCE_MISSING if it says nothing.

    Args:
        asker: asks.
        prover: of the clip.
        earlier: the context of the round before; None for a fresh start.
        most_notes: most sentences.
    """
    clip = prover.clip
    try:
        said = await asker.ask(
            ModelRole.WRITER,
            PROMPT,
            ContextReply,
            timed(clip.frames, clip.start_seconds),
            frame_count=len(clip.frames),
            count=most_notes,
            notes=notes_of(earlier, clip),
        )
    except NoReply as failure:
        return failure.cause
    clauses = _checked(said.reply.notes[:most_notes], prover, earlier)
    if not clauses:
        return DropCause(DropReason.EVIDENCE_MISSING, "the context says nothing", 0, 1)
    return ClipContext(
        clip_id=clip.clip_id, is_fresh=earlier is None, clauses=clauses, model=said.model, prompt_hash=said.prompt_hash
    )


def notes_of(context: ClipContext | None, clip: UnitClip) -> list[str]:
    """What a context says that is not struck, a line each, with times from the clip's start; none without a context."""
    return [_line(clause, clip) for clause in context.kept] if context else []


def _line(clause: ContextClause, clip: UnitClip) -> str:
    if clause.interval is None:
        return clause.text
    start, end = (
        seconds - clip.start_seconds for seconds in (clause.interval.start_seconds, clause.interval.end_seconds)
    )
    return f"{start:.1f} to {end:.1f} s: {clause.text}"


def _checked(
    notes: Sequence[WrittenNote], prover: ClipProver, earlier: ClipContext | None
) -> tuple[ContextClause, ...]:
    """The notes as clauses; what is said twice is said once."""
    before = {normalise_text(clause.text) for clause in earlier.kept} if earlier else set[str]()
    found: dict[str, ContextClause] = {}
    for note in notes:
        text = as_sentence(note.text)
        plain = normalise_text(text)
        if plain and plain not in found:
            interval = _interval(note, prover.clip)
            found[plain] = checked_clause(text, interval, prover, is_repeated=plain in before)
    return tuple(found.values())


def _interval(note: WrittenNote, clip: UnitClip) -> Interval | None:
    """When a note holds, on the container's clock; None if its times are none of the clip's."""
    first, last = sorted((note.start, note.end))
    start = max(clip.start_seconds, clip.start_seconds + first)
    end = min(clip.end_seconds, clip.start_seconds + last)
    return Interval(start_seconds=start, end_seconds=end) if start < end else None
