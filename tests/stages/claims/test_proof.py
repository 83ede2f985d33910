"""Claims are proven from what is stored of their clip."""

from schemas.clip import Segment
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


def _of_segment() -> ClipProver:
    """Of a clip with a segment from 2 to 6 s."""
    segment = Segment(segment_id="s", start_seconds=2.0, end_seconds=6.0, frames=())
    return ClipProver(unit_clip(scene(RED)).model_copy(update={"segments": (segment,)}), ProofConfig())


def test_of_a_part_that_is_shown_alone_only_what_is_said_of_it_is_proven() -> None:
    """That the thing moves from 2 to 6 s is proven of that segment; that it does from 0 to 10 s is neither true nor
    false of it, nor is anything of a segment that is not stored.
    """
    inside = claim("moves", RED, value="right", during=[(2.0, 6.0)])
    prover = _of_segment()
    assert prover.prove(inside, chosen=True, shown=Shown(segment_id="s")).failure is None
    for said, name in ((RIGHT, "s"), (inside, "other")):
        for chosen, reason in ((True, DropReason.CHOSEN_NOT_TRUE), (False, DropReason.REJECTED_NOT_FALSE)):
            failure = prover.prove(said, chosen=chosen, shown=Shown(segment_id=name)).failure
            assert failure is not None
            assert failure.reason is reason


def test_what_takes_no_time_is_not_proven_of_a_part() -> None:
    """A colour is that of the whole track: it is not asked of a stretch alone."""
    colour = claim("has_colour", RED, value="red")
    prover = _of_segment()
    assert prover.prove(colour, chosen=True).failure is None
    assert prover.prove(colour, chosen=True, shown=Shown(segment_id="s")).failure is not None
