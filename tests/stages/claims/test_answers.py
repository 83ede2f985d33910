"""Answers of one and of several clauses are proven, and stored pairs are proven again."""

import pytest

from schemas.claim import Claim
from schemas.drop import DropReason
from schemas.pair import Corruption, Evidence, Pair, RejectedKind
from schemas.shown import AS_STORED
from schemas.text_span import TextSpan
from schemas.video import Split
from stages.claims import TruthValue
from stages.claims.answers import order_of, prove_answer, prove_pair
from stages.claims.proof import ClipProver, ProofConfig
from tests.scenes import claim, line, measure, scene, track
from tests.stages.claims.groups import unit_clip

WHOLE = [(0.0, 10.0)]
RED = track("r", line((0.2, 0.5), (0.8, 0.5), (0, 9.9)), name="red")
RIGHT = claim("moves", RED, value="right", during=WHOLE)
LEFT = claim("moves", RED, value="left", during=WHOLE)


def stored(margin: float = 0.58) -> Pair:
    return Pair(
        pair_id="p",
        group_id="g",
        clip_id="clip",
        video_id="v",
        source=None,
        split=Split.TRAIN,
        licence=None,
        question="Which way does the red object move?",
        question_type="action",
        axis="temporal",
        chosen="To the right.",
        rejected="To the left.",
        chosen_spans=(TextSpan(start=7, end=12),),
        rejected_spans=(TextSpan(start=7, end=11),),
        rejected_kind=RejectedKind.RELEVANT,
        adversary_axis=None,
        chosen_claims=(RIGHT.model_copy(update={"margin": margin}),),
        rejected_claims=(LEFT.model_copy(update={"margin": margin}),),
        corruption=Corruption(),
        evidence=Evidence(frame_indices=(3,)),
        event_intervals=(),
        keyframe_indices=(),
        verdicts=(),
        chosen_model="facts",
        rejected_model="facts",
        question_model="facts",
    )


@pytest.fixture
def prover() -> ClipProver:
    return ClipProver(unit_clip(scene(RED)), ProofConfig())


def proven(prover: ClipProver) -> Pair:
    margin = prover.prove(RIGHT, chosen=True).checked.margin
    return stored(margin)


def test_a_pair_that_holds_has_no_failures(prover: ClipProver) -> None:
    """Red moves to the right by the stored margin."""
    assert prove_pair(proven(prover), prover) == ()


def test_a_damaged_pair_names_what_fails(prover: ClipProver) -> None:
    """Swapped claims are neither true nor false as needed; a different margin is not the one that was proven."""
    pair = proven(prover)
    swapped = pair.model_copy(update={"chosen_claims": pair.rejected_claims, "rejected_claims": pair.chosen_claims})
    assert [failure.reason for failure in prove_pair(swapped, prover)] == [
        DropReason.CHOSEN_NOT_TRUE,
        DropReason.REJECTED_NOT_FALSE,
    ]
    other = prove_pair(stored(0.5), prover)
    assert [(failure.reason, failure.limit) for failure in other] == [(DropReason.MARGIN_TOO_SMALL, 0.5)] * 2


def test_a_pair_without_claims_is_held_to_its_text_and_evidence(prover: ClipProver) -> None:
    """Without claims there is nothing to prove, but the evidence must exist."""
    plain = stored().model_copy(update={"chosen_claims": (), "rejected_claims": ()})
    assert prove_pair(plain, prover) == ()
    lost = plain.model_copy(update={"evidence": Evidence(frame_indices=(99,))})
    assert [failure.reason for failure in prove_pair(lost, prover)] == [DropReason.EVIDENCE_MISSING]


FIRST, THEN, LAST = (0.0, 3.0), (3.5, 6.5), (7.0, 10.0)
STEPS = {FIRST: "right", THEN: "still", LAST: "left"}
PANNING = scene(
    measures=[
        measure(float(i), shift=((-0.05, 0.0) if i < 3 else (0.0, 0.0) if i < 7 else (0.05, 0.0))) for i in range(10)
    ]
)


def said(*steps: tuple[tuple[float, float], str]) -> tuple[Claim, ...]:
    """What the camera does, step by step."""
    return tuple(claim("camera_moves", value=value, during=[during]) for during, value in steps)


def outcome(claims: tuple[Claim, ...], *, chosen: bool) -> list[DropReason]:
    """Why the answer is not proven of the clip in which the camera pans to the right, rests, and pans back."""
    prover = ClipProver(unit_clip(PANNING), ProofConfig())
    return [failure.reason for failure in prove_answer(claims, prover, AS_STORED, (), chosen=chosen).failures]


TRUE = said(*STEPS.items())
ONE_FALSE = said((FIRST, "right"), (THEN, "still"), (LAST, "right"))
TURNED_ROUND = TRUE[::-1]
OVERLAPPING = said((FIRST, "right"), ((3.5, 6.0), "still"), ((3.2, 6.5), "still"))


def test_several_clauses_are_true_if_each_is_and_they_come_in_their_order() -> None:
    """Right, still, left is what happens; with one clause false, or from the last to the first, it is not."""
    assert outcome(TRUE, chosen=True) == []
    assert outcome(ONE_FALSE, chosen=True) == [DropReason.CHOSEN_NOT_TRUE]
    assert outcome(TURNED_ROUND, chosen=True) == [DropReason.CHOSEN_NOT_TRUE]


def test_several_clauses_are_false_if_one_or_their_order_is_and_the_rest_is_known() -> None:
    """One false clause makes a false answer, and so does the opposite order; the true answer is no false one."""
    assert outcome(ONE_FALSE, chosen=False) == []
    assert outcome(TURNED_ROUND, chosen=False) == []
    assert outcome(TRUE, chosen=False) == [DropReason.REJECTED_NOT_FALSE]


def test_a_clause_or_an_order_that_is_not_known_proves_nothing() -> None:
    """From 2 to 5 s the camera pans and rests: neither "right" nor "left" is proven. Stretches that begin in one order
    and end in the other are in no order.
    """
    unknown = said((FIRST, "right"), ((2.0, 5.0), "left"))
    assert outcome(unknown, chosen=True) == [DropReason.CHOSEN_NOT_TRUE]
    assert outcome((*unknown, *said((LAST, "right"))), chosen=False) == [DropReason.MARGIN_TOO_SMALL]
    assert outcome(OVERLAPPING, chosen=True) == [DropReason.CHOSEN_NOT_TRUE]
    assert outcome(OVERLAPPING, chosen=False) == [DropReason.REJECTED_NOT_FALSE]


def test_an_order_is_false_only_if_the_clauses_do_not_hold_at_each_others_time() -> None:
    """The camera rests all the time: that it rests late and rests early is true in any order."""
    resting = ClipProver(
        unit_clip(scene(measures=[measure(float(i), shift=(0.0, 0.0)) for i in range(10)])), ProofConfig()
    )
    backwards = said((LAST, "still"), (FIRST, "still"))
    assert order_of(backwards, resting, AS_STORED) is TruthValue.UNKNOWN
    assert order_of(backwards[::-1], resting, AS_STORED) is TruthValue.TRUE


def test_each_clause_has_its_verdict_and_so_has_the_order() -> None:
    """Three proofs and one order; the claims carry the margins that were found."""
    prover = ClipProver(unit_clip(PANNING), ProofConfig())
    found = prove_answer(TRUE, prover, AS_STORED, (), chosen=True)
    assert [verdict.check for verdict in found.verdicts] == ["proof", "proof", "proof", "order"]
    assert all(verdict.passed for verdict in found.verdicts)
    assert [claim.margin for claim in found.claims] == [verdict.margin for verdict in found.verdicts[:3]]
