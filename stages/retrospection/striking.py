"""What the scene refutes is struck from a context: a thing that was searched and is not there, or not at that time."""

from schemas.claim import Claim, Predicate
from schemas.context import ClauseTruth, ContextClause
from schemas.interval import Interval
from schemas.pair import normalise_text
from schemas.scene import EventKind
from stages.claims.proof import ClipProver
from stages.retrospection.mentions import things_said_to_be_there

SPARE_SECONDS = 1.0
"""Models tell times by the frames that they see: a clause is refuted by its time only if it is wrong by more."""


def checked_clause(text: str, interval: Interval | None, prover: ClipProver, *, is_repeated: bool) -> ContextClause:
    """A clause of a context with what the scene says of it.

    Args:
        text: one sentence.
        interval: when it is so, as it was stated; None for all of the clip.
        prover: of the clip.
        is_repeated: whether an earlier context holds the same words.
    """
    whole = prover.view().whole_clip
    when = whole if interval is None else _widened(interval, whole)
    refuted_by, truth = _refuted(text, when, prover), ClauseTruth.REFUTED
    if refuted_by is None:
        truth = ClauseTruth.CONFIRMED if _is_confirmed(text, when, prover) else ClauseTruth.UNKNOWN
    return ContextClause(text=text, interval=interval, truth=truth, refuted_by=refuted_by, is_repeated=is_repeated)


def _refuted(text: str, when: Interval, prover: ClipProver) -> str | None:
    """The thing, or the event, that is proven not to be there then; None if there is none."""
    for noun in things_said_to_be_there(text):
        if prover.prove(_present(noun, when, in_video=False), chosen=False).failure is None:
            return noun
    plain = normalise_text(text)
    for event in prover.view().scene.events:
        if event.kind is EventKind.NAMED and event.phrase and _holds(plain, normalise_text(event.phrase)):
            happens = Claim(predicate=Predicate.HAPPENS_IN, subject_phrases=(event.phrase,), intervals=(when,))
            if prover.prove(happens, chosen=False).failure is None:
                return event.phrase
    return None


def _is_confirmed(text: str, when: Interval, prover: ClipProver) -> bool:
    nouns = things_said_to_be_there(text)
    proofs = (prover.prove(_present(noun, when, in_video=True), chosen=True) for noun in nouns)
    return bool(nouns) and all(proof.failure is None for proof in proofs)


def _present(noun: str, when: Interval, *, in_video: bool) -> Claim:
    return Claim(predicate=Predicate.PRESENT, noun=noun, intervals=(when,), in_video=in_video)


def _holds(text: str, phrase: str) -> bool:
    return f" {phrase} " in f" {text} "


def _widened(interval: Interval, whole: Interval) -> Interval:
    return Interval(
        start_seconds=max(whole.start_seconds, interval.start_seconds - SPARE_SECONDS),
        end_seconds=min(whole.end_seconds, interval.end_seconds + SPARE_SECONDS),
    )
