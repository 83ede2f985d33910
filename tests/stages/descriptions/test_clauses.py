"""Clauses are what is proven of a clip, with what is proven false in its place."""

import numpy as np
import pytest

from schemas.scene import Scene
from stages.claims.proof import ClipProver, ProofConfig
from stages.descriptions.clause import Clause
from stages.descriptions.clauses import proven_clauses
from tests.stages.facts.clips import clip_of, cut_film, deeds, empty, signs, toys, walkers

SCENES = {"walkers": walkers, "cut_film": cut_film, "toys": toys, "deeds": deeds, "signs": signs}


def found(content: Scene, seed: int = 0) -> tuple[Clause, ...]:
    """The clauses of a scene."""
    return proven_clauses(ClipProver(clip_of(content), ProofConfig()), np.random.default_rng(seed))


@pytest.mark.parametrize("name", sorted(SCENES))
def test_a_clause_is_true_and_what_may_stand_in_its_place_is_false(name: str) -> None:
    """Proven by the margins, each at the same time as the clause."""
    content = SCENES[name]()
    prover, clauses = ClipProver(clip_of(content), ProofConfig()), found(content)
    assert clauses
    for clause in clauses:
        assert prover.prove(clause.claim, chosen=True).failure is None
        for other in clause.others:
            assert prover.prove(other.claim, chosen=False).failure is None
            assert (other.topic, other.stretch) == (clause.topic, clause.stretch)
            assert other.sentence(0) != clause.sentence(0)


def test_there_are_clauses_of_all_that_is_known() -> None:
    """Things that move and come and go, light, movement, the camera, kinds and their number, writing, events."""
    topics = {clause.topic for make in SCENES.values() for clause in found(make())}
    assert topics == {
        "brighter",
        "busier",
        "camera",
        "counted",
        "event",
        "happens",
        "motion",
        "moves",
        "seen",
        "written",
    }


def test_a_false_number_is_next_to_the_true_one() -> None:
    """Of three balls, two or four are said, never one."""
    numbers = {(c.key, other.key) for c in found(toys()) if c.topic == "counted" for other in c.others}
    assert numbers
    assert all(abs(int(true) - int(false)) == 1 for true, false in numbers)


def test_no_stretch_with_a_cut_in_it_is_compared() -> None:
    """It would show two pictures: the film has a cut at half time."""
    content = cut_film()
    [cut] = content.cuts
    compared = [clause for clause in found(content) if len(clause.claim.intervals) == 2]
    assert compared
    for clause in compared:
        for interval in clause.claim.intervals:
            assert not interval.start_seconds < cut.pts_seconds < interval.end_seconds


def test_nothing_is_told_of_a_clip_in_which_nothing_is_known() -> None:
    """There is no clause."""
    assert found(empty()) == ()


def test_the_same_draws_give_the_same_clauses() -> None:
    """Nothing but the random numbers decides."""
    assert found(walkers(), 3) == found(walkers(), 3)
