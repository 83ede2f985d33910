"""Claims are proven from what is stored of their clip."""

from schemas.drop import DropReason
from schemas.shown import Shown
from stages.claims.proof import ClipProver, ProofConfig
from tests.scenes import claim, line, scene, track
from tests.stages.claims.groups import unit_clip

RED = track("r", line((0.2, 0.5), (0.8, 0.5), (0, 9.9)), name="red")
RIGHT = claim("moves", RED, value="right", during=[(0.0, 10.0)])


def test_a_claim_is_checked_once() -> None:
    """The same claim with another stored margin has the very same proof."""
    prover = ClipProver(unit_clip(scene(RED)), ProofConfig())
    assert prover.prove(RIGHT, chosen=True) is prover.prove(RIGHT.model_copy(update={"margin": 3.0}), chosen=True)
    assert prover.prove(RIGHT, chosen=False).failure is not None


def test_nothing_is_proven_of_a_part_that_is_shown_alone() -> None:
    """The scene is that of the whole clip: of a segment the same claim is neither true nor false."""
    prover = ClipProver(unit_clip(scene(RED)), ProofConfig())
    for chosen, reason in ((True, DropReason.CHOSEN_NOT_TRUE), (False, DropReason.REJECTED_NOT_FALSE)):
        failure = prover.prove(RIGHT, chosen=chosen, shown=Shown(segment_id="s")).failure
        assert failure is not None
        assert failure.reason is reason
