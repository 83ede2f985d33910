"""Whether other edits, or none, make a claim about planted edits false."""

from schemas.claim import Claim
from schemas.drop import DropCause, DropReason
from schemas.visual_negative import VisualKind, VisualNegative
from stages.claims.proof import ClipProver


def edits_failure(claim: Claim, negative: VisualNegative, prover: ClipProver) -> DropCause | None:
    """Why a visual negative of a clip with planted edits cannot be used; None if it breaks the claim."""
    if negative.kind is not VisualKind.OTHER_EDITS or negative.shown is None:
        return DropCause(DropReason.NEGATIVE_NOT_FALSE, f"{negative.kind} does not break {claim.predicate}")
    failure = prover.prove(claim, chosen=False, shown=negative.shown).failure
    if failure is None:
        return None
    return DropCause(DropReason.NEGATIVE_NOT_FALSE, f"{negative.kind}: not false", failure.measured, failure.limit)
