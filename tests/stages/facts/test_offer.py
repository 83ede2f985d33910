"""Slots become groups where some alternative can be proven, and a drop where none can."""

from dataclasses import replace

import numpy as np
import pytest

from schemas.claim import Predicate
from schemas.drop import Drop, DropReason
from stages.claims.proof import ClipProver, ProofConfig
from stages.claims.scene_view import SceneView
from stages.facts.entity import nameable_objects
from stages.facts.offer import Offerer
from stages.facts.slot import Column, Slot
from stages.wording.stretch import whole_clip
from tests.scenes import line, scene, track
from tests.stages.facts.clips import clip_of

RED = track("r", line((0.2, 0.3), (0.8, 0.3), (0, 9.9)), name="red")
BLUE = track("b", line((0.8, 0.7), (0.2, 0.7), (0, 9.9)), name="blue")
CLIP = clip_of(scene(RED, BLUE))
ALTERNATIVES = 12


@pytest.fixture
def offerer() -> Offerer:
    return Offerer(CLIP, ClipProver(CLIP, ProofConfig()), ALTERNATIVES, present_share=1.0)


@pytest.fixture
def slot() -> Slot:
    """Which way red moves, set against blue alone, that moves left: no grid of which "left" is a column is proven."""
    things = {entity.name: entity for entity in nameable_objects(SceneView(CLIP.scene))}
    return Slot(
        key="moves.red",
        wording="movement.moves_grid",
        feature="moves",
        columns=tuple(Column(way, Predicate.MOVES, way) for way in ("right", "left", "up", "down")),
        form="grid",
        row=things["red"],
        others=(things["blue"],),
        height=2,
        stretches=(whole_clip(CLIP.scene),),
    )


def test_an_alternative_for_which_nothing_serves_leaves_the_others(offerer: Offerer, slot: Slot) -> None:
    """Each of twelve alternatives has "left" with probability 1/3: those are left out, the others are offered."""
    offered = offerer.offer(slot, np.random.default_rng(0))
    assert not isinstance(offered, Drop)
    assert {answer.claim.value for group in offered for answer in group.answers} == {"right", "up", "down"}


def test_a_question_of_which_no_alternative_serves_is_dropped(offerer: Offerer, slot: Slot) -> None:
    """If "left" is the only other value, every grid has it."""
    dropped = offerer.offer(replace(slot, columns=slot.columns[:2]), np.random.default_rng(0))
    assert isinstance(dropped, Drop)
    assert dropped.reason is DropReason.NO_ABSENT_ENTITY
