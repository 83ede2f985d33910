"""The answers to one question get their claims: proven where the scene decides, refuted where it says otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.claim import Claim
from schemas.drop import DropCause
from schemas.interval import Interval
from stages.claims.checked import TruthValue
from stages.claims.proof import ClipProver
from stages.claims.scene_view import SceneView
from stages.language.asking import Asker, ReadReply
from stages.language.replies import ClaimsReply
from stages.language.typed import Asserted, predicate_lines, typed_claim
from stages.models.chat import ModelRole, NoReply


@dataclass(frozen=True)
class Resolved:
    """What the scene says of one answer. Proof overrides every judge; with neither field it is left to a judge."""

    claim: Claim | None = None
    """The claim, if it is proven."""
    failure: DropCause | None = None
    """Why the answer cannot be used, if the contrary is proven."""


OPEN = Resolved()


async def stated_claims(asker: Asker, question: str, answers: Sequence[str]) -> ReadReply[ClaimsReply] | DropCause:
    """What the writer says that each answer asserts, or why there is no usable reply."""
    try:
        return await asker.ask(
            ModelRole.WRITER, "claims", ClaimsReply, predicates=predicate_lines(), question=question, answers=answers
        )
    except NoReply as failure:
        return failure.cause


def typed_claims(
    said: ReadReply[ClaimsReply], question: str, answers: Sequence[str], view: SceneView, shown: Interval
) -> tuple[Asserted | None, ...]:
    """For each answer the claim that its words bear out; None where there is none, or where several were stated."""
    found = []
    for number, answer in enumerate(answers, start=1):
        own = [claim for claim in said.reply.claims if claim.answer == number]
        found.append(typed_claim(own[0], question, answer, view, shown) if len(own) == 1 else None)
    return tuple(found)


def resolved(
    asserted: Asserted | None, prover: ClipProver, evidence_frames: Sequence[int], *, chosen: bool
) -> Resolved:
    """What the scene says of an answer that is to be true (`chosen`) or false.

    A claim across frames that one frame decides is left to the judge, which asks about single frames, too; so is an
    answer that says more than a claim which is true.
    """
    if asserted is None:
        return OPEN
    claim = asserted.claim
    proof = prover.prove(claim, chosen=chosen)
    may_be_proven, may_be_refuted = asserted.is_all or not chosen, asserted.is_all or chosen
    if proof.failure is None:
        decided = prover.single_frame_failure(claim, evidence_frames) is not None
        return Resolved(claim) if may_be_proven and not decided else OPEN
    contrary = TruthValue.FALSE if chosen else TruthValue.TRUE
    if may_be_refuted and proof.checked.truth is contrary and prover.prove(claim, chosen=not chosen).failure is None:
        return Resolved(failure=proof.failure)
    return OPEN
