"""The versions of a description differ in two clauses, and each but one is false."""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from schemas.scene import Scene
from stages.claims.proof import ClipProver, ProofConfig
from stages.descriptions.clause import Clause, comes_before
from stages.descriptions.clauses import proven_clauses
from stages.descriptions.versions import Versions, changeable, plans
from tests.stages.facts.clips import clip_of, cut_film, deeds, runners, toys, walkers


def planned(content: Scene, seed: int = 0) -> list[Versions]:
    """The descriptions of a scene."""
    prover, rng = ClipProver(clip_of(content), ProofConfig()), np.random.default_rng(seed)

    def truth(clause: Clause) -> bool | None:
        proofs = {chosen: prover.prove(clause.claim, chosen=chosen).failure is None for chosen in (True, False)}
        return True if proofs[True] else False if proofs[False] else None

    return list(plans(proven_clauses(prover, rng), truth, rng))


ALL = [plan for make in (walkers, runners, deeds, cut_film) for plan in planned(make())]


def says(clauses: Iterable[Clause]) -> list[str]:
    """The sentences without their times."""
    return [clause.sentence(1).replace(clause.stretch.words, "") for clause in clauses]


def test_clauses_are_told_in_order_of_time() -> None:
    """Three or four, each before the next, in every version."""
    assert {plan.form for plan in ALL} == {"order", "grid"}
    for plan in ALL:
        assert 3 <= len(plan.true) <= 4
        for version in (plan.true, *plan.false):
            assert [clause.stretch for clause in version] == [clause.stretch for clause in plan.true]
            assert all(comes_before(a, b) for a, b in pairwise(version))


def test_an_order_exchanges_two_clauses() -> None:
    """Both versions say the same things, two of them at each other's time."""
    for plan in (plan for plan in ALL if plan.form == "order"):
        [other] = plan.false
        assert sorted(says(plan.true)) == sorted(says(other))
        assert sum(a != b for a, b in zip(says(plan.true), says(other), strict=True)) == 2


def test_a_grid_has_each_of_two_clauses_twice_true_and_twice_false() -> None:
    """Four versions; one clause alone tells nothing of the other."""
    for plan in (plan for plan in ALL if plan.form == "grid"):
        versions = (plan.true, *plan.false)
        assert len(versions) == 4
        changed = [i for i in range(len(plan.true)) if len({version[i] for version in versions}) > 1]
        assert len(changed) == 2
        for place in changed:
            assert sum(version[place] == plan.true[place] for version in versions) == 2


def test_what_is_mostly_so_is_not_what_versions_differ_in() -> None:
    """That the view or a thing stays where it is stands in all versions or in none: a reader would take it for true,
    or know that it is false.
    """
    for plan in (plan for plan in ALL if plan.form == "grid"):
        for clauses in zip(plan.true, *plan.false, strict=True):
            assert len(set(clauses)) == 1 or not any(clause.is_usual for clause in clauses)


def test_a_description_compares_light_or_movement_once() -> None:
    """One clause at most compares two stretches: a list of what is brighter than what describes nothing."""
    compared = [sum(clause.compares for clause in plan.true) for plan in ALL]
    assert set(compared) == {0, 1}


def test_no_version_says_a_thing_twice() -> None:
    """Else a reader would know that it is false, since what is true is told once."""
    for plan in ALL:
        for version in (plan.true, *plan.false):
            assert len(set(says(version))) == len(version)


def test_no_two_descriptions_of_a_kind_differ_in_the_same_clauses() -> None:
    """What is asked twice would be asked once too often."""
    for make in (walkers, runners):
        for form in ("order", "grid"):
            told = [
                frozenset(c for c, d in zip(plan.true, plan.false[-1], strict=True) if c != d)
                for plan in planned(make())
                if plan.form == form
            ]
            assert len(set(told)) == len(told)


def test_what_can_be_said_otherwise_is_counted_once() -> None:
    """That a number of balls is in view, said of several stretches, is one thing; of an empty clip nothing is said."""
    balls = proven_clauses(ClipProver(clip_of(toys()), ProofConfig()), np.random.default_rng(0))
    assert changeable([clause for clause in balls if clause.claim.noun == "ball"]) == 1
    assert changeable(()) == 0
