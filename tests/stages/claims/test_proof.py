"""Stored pairs are proven again."""

import pytest

from schemas.drop import DropReason
from schemas.pair import Corruption, Evidence, Pair, RejectedKind
from schemas.video import Split
from stages.claims.proof import ClipProver, ProofConfig, prove_pair
from tests.scenes import claim, line, scene, track
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
        rejected_kind=RejectedKind.RELEVANT,
        adversary_axis=None,
        chosen_claim=RIGHT.model_copy(update={"margin": margin}),
        rejected_claim=LEFT.model_copy(update={"margin": margin}),
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
    swapped = pair.model_copy(update={"chosen_claim": pair.rejected_claim, "rejected_claim": pair.chosen_claim})
    assert [failure.reason for failure in prove_pair(swapped, prover)] == [
        DropReason.CHOSEN_NOT_TRUE,
        DropReason.REJECTED_NOT_FALSE,
    ]
    other = prove_pair(stored(0.5), prover)
    assert [(failure.reason, failure.limit) for failure in other] == [(DropReason.MARGIN_TOO_SMALL, 0.5)] * 2


def test_a_pair_without_claims_is_held_to_its_text_and_evidence(prover: ClipProver) -> None:
    """Without claims there is nothing to prove, but the evidence must exist."""
    plain = stored().model_copy(update={"chosen_claim": None, "rejected_claim": None})
    assert prove_pair(plain, prover) == ()
    lost = plain.model_copy(update={"evidence": Evidence(frame_indices=(99,))})
    assert [failure.reason for failure in prove_pair(lost, prover)] == [DropReason.EVIDENCE_MISSING]


def test_a_claim_is_checked_once(prover: ClipProver) -> None:
    """The same claim with another stored margin has the very same proof."""
    assert prover.prove(RIGHT, chosen=True) is prover.prove(RIGHT.model_copy(update={"margin": 3.0}), chosen=True)
    assert prover.prove(RIGHT, chosen=False).failure is not None
