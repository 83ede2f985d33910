"""Whether answers hold: all clauses of a true one, in their order; of a false one a clause or the order is false."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from schemas.claim import PREDICATES, Claim, Names
from schemas.drop import DropCause, DropReason
from schemas.interval import Interval
from schemas.pair import Pair, Verdict
from schemas.shown import Shown
from stages.claims.checked import TruthValue
from stages.claims.proof import ClipProver, Proof
from stages.claims.texts import evidence_failure, text_failure

_ROUNDING_SECONDS = 1e-6
_ROUNDING = 1e-9
_DECODED_AGAIN = 0.02
"""Margins that are measured on pictures may differ by this much where another library decodes them."""


@dataclass(frozen=True)
class AnswerProof:
    """What was found about the claims of one answer."""

    claims: tuple[Claim, ...]
    """The claims, with the margins that were found."""
    verdicts: tuple[Verdict, ...]
    """Those of the claims that are proven, and of their order."""
    failures: tuple[DropCause, ...]
    """Why the answer is not proven; empty if it is."""


def prove_answer(
    claims: Sequence[Claim], prover: ClipProver, shown: Shown, evidence_frames: Iterable[int], *, chosen: bool
) -> AnswerProof:
    """Prove that an answer is true (`chosen`), or that it is false.

    It is true if every claim is, and their order holds. It is false if a claim or the order is, and all else is known.
    """
    evidence_frames = tuple(evidence_frames)
    proofs = [_prove(claim, prover, shown, chosen=chosen, several=len(claims) > 1) for claim in claims]
    failures = [proof.failure for proof in proofs]
    verdicts = []
    for claim, proof in zip(claims, proofs, strict=True):
        verdicts.append(proof.verdict(claim))
        if prover.must_hide_from_single_frames(claim):
            failures.append(prover.single_frame_failure(claim, evidence_frames, shown))
            verdicts.append(Verdict(check="single_frame", passed=True, detail=claim.predicate.value))
    if len(claims) > 1 and not any(failures):
        order = order_of(claims, prover, shown)
        failures.append(_list_failure([proof.checked.truth for proof in proofs], order, chosen=chosen))
        verdicts.append(Verdict(check="order", passed=order is not TruthValue.UNKNOWN, detail=f"order is {order}"))
    measured = zip(claims, proofs, strict=True)
    return AnswerProof(
        tuple(claim.model_copy(update={"margin": proof.checked.margin}) for claim, proof in measured),
        tuple(verdicts),
        tuple(failure for failure in failures if failure is not None),
    )


def _prove(claim: Claim, prover: ClipProver, shown: Shown, *, chosen: bool, several: bool) -> Proof:
    """The proof of a claim as the answer needs it; one of several claims of a false answer may be true."""
    if several and not chosen:
        true = prover.prove(claim, chosen=True, shown=shown)
        if true.failure is None:
            return true
    return prover.prove(claim, chosen=chosen, shown=shown)


def _list_failure(truths: Sequence[TruthValue], order: TruthValue, *, chosen: bool) -> DropCause | None:
    """Why several claims, each of which is known, do not make a true answer, or a false one."""
    if order is TruthValue.UNKNOWN:
        reason = DropReason.CHOSEN_NOT_TRUE if chosen else DropReason.REJECTED_NOT_FALSE
        return DropCause(reason, "the order of the clauses is not known")
    if chosen and order is TruthValue.FALSE:
        return DropCause(DropReason.CHOSEN_NOT_TRUE, "the clauses come in another order")
    if not chosen and TruthValue.FALSE not in (*truths, order):
        return DropCause(DropReason.REJECTED_NOT_FALSE, "every clause is true, in this order")
    return None


def order_of(claims: Sequence[Claim], prover: ClipProver, shown: Shown) -> TruthValue:
    """Whether what the claims assert comes in their order.

    FALSE if one comes wholly before the one that is said first, and neither is true at the other's time; claims without
    intervals have no place in the order.
    """
    timed = [claim for claim in claims if claim.intervals]
    steps = [(first, then, _time(first), _time(then)) for first, then in pairwise(timed)]
    if all(a.start_seconds <= b.start_seconds and a.end_seconds <= b.end_seconds for _, _, a, b in steps):
        return TruthValue.TRUE
    for first, then, a, b in steps:
        if b.end_seconds <= a.start_seconds + _ROUNDING_SECONDS:
            moved = (_at(first, then), _at(then, first))
            if all(claim and prover.prove(claim, chosen=False, shown=shown).failure is None for claim in moved):
                return TruthValue.FALSE
    return TruthValue.UNKNOWN


def _time(claim: Claim) -> Interval:
    """When it is; of two intervals that it compares, the later one."""
    return max(claim.intervals, key=lambda interval: (interval.start_seconds, interval.end_seconds))


def _at(claim: Claim, other: Claim) -> Claim | None:
    """The claim at the time of another; None if they have different numbers of intervals."""
    if len(claim.intervals) != len(other.intervals):
        return None
    return claim.model_copy(update={"intervals": other.intervals})


def prove_pair(pair: Pair, prover: ClipProver) -> tuple[DropCause, ...]:
    """Everything that a stored pair asserts and that its stored clip does not prove; empty if all is proven."""
    texts, claims = (pair.chosen, pair.rejected), (pair.chosen_claims, pair.rejected_claims)
    failures = [evidence_failure(pair, prover.clip), text_failure(pair.question, texts, claims)]
    # frames that are not in the clip are reported by evidence_failure
    evidence = [index for index in pair.evidence.frame_indices if prover.clip.has_frames([index])]
    for stored, chosen in ((pair.chosen_claims, True), (pair.rejected_claims, False)):
        found = prove_answer(stored, prover, pair.shown, evidence, chosen=chosen)
        failures += found.failures or _other_margins(stored, found.claims)
    return tuple(failure for failure in failures if failure is not None)


def _other_margins(stored: Sequence[Claim], found: Sequence[Claim]) -> Iterator[DropCause]:
    for claim, again in zip(stored, found, strict=True):
        apart = _DECODED_AGAIN if PREDICATES[claim.predicate].names is Names.EDITS else _ROUNDING
        if claim.margin is None or again.margin is None or abs(claim.margin - again.margin) > apart:
            detail = f"{claim.predicate.value}: a different margin is stored"
            yield DropCause(DropReason.MARGIN_TOO_SMALL, detail, again.margin, claim.margin)
