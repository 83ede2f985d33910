"""When something is so, as a question about a start and an end in seconds, where that is known."""

from pipeline.export.question import ExportQuestion
from pipeline.export.rewards.truth import interval_truth
from pipeline.export.verifiable.question import AnswerKind, VerifiableQuestion
from prompts.wordings import planted_wordings
from schemas.claim import Claim, Predicate, sole_claim
from schemas.interval import Interval
from stages.seeding import rng_for

_STAGE = "export/intervals"
_HOW = "Answer with its start and its end in seconds, such as 1.5 to 4."


def interval(question: ExportQuestion, seed: int) -> VerifiableQuestion | None:
    """From when to when the only planted edit lasts, or the event that an answer names; None if neither is known."""
    claim = sole_claim(question.first.chosen_claims)
    meant = _planted(question, seed) or (_named(question, claim) if claim is not None else None)
    if meant is None:
        return None
    text, lasts = meant
    shown = question.shown
    start, end = lasts.start_seconds - shown.start_seconds, lasts.end_seconds - shown.start_seconds
    truth = interval_truth(max(0.0, start), min(end, shown.duration_seconds), shown.duration_seconds)
    return VerifiableQuestion(AnswerKind.INTERVAL, f"{text}\n{_HOW}", truth, speaks_of_seconds=True)


def _planted(question: ExportQuestion, seed: int) -> tuple[str, Interval] | None:
    """How the writer of planted edits asks when, and what was edited: true by construction."""
    edits = question.first.shown.planted
    wording = planted_wordings().get(f"time.{edits[0].kind.value}") if len(edits) == 1 else None
    covers = edits[0].stretch.overlap_seconds(question.shown) < question.shown.duration_seconds if wording else False
    if wording is None or not covers:
        return None  # several, none, or a twin: all of the clip is mirrored or played backwards
    rng = rng_for(seed, _STAGE, question.visual.visual_id)
    return wording.questions[int(rng.integers(len(wording.questions)))], edits[0].stretch


def _named(question: ExportQuestion, claim: Claim) -> tuple[str, Interval] | None:
    """An event that people described and that happens once in a clip shown as it is."""
    happens = question.first.event_intervals
    if claim.predicate is not Predicate.HAPPENS_IN or len(happens) != 1 or question.first.shown.edits:
        return None
    return f"From when to when does this happen: {claim.subject_phrases[0]}?", happens[0]
