"""Planted edits by the pictures of the world: a ball crosses in the first half of 4 s, then nothing moves."""

import pytest

from pipeline.demo.world.world import DrawnPlace, DrawnThing, Keyframe, Shape, Shot, Stay, Surface, World
from schemas.claim import Claim, Predicate
from schemas.clip import Frame
from schemas.colour import ColourName
from schemas.shown import EditKind
from stages.claims import TruthValue
from stages.planted.parts import parts_of
from stages.planted.questions import PREDICATE_OF, PlantedAnswer, order_question
from stages.visuals.standard import standard_edit
from tests.prove.planted import PlantedTruth
from tests.scenes import scene
from tests.stages.claims.groups import unit_clip

K = EditKind
KEYS = (Keyframe(seconds=0.0, x=0.1, y=0.4, size=0.3), Keyframe(seconds=2.0, x=0.9, y=0.4, size=0.3))
BALL = DrawnThing(thing_id="ball", shape=Shape.BALL, colour=ColourName.RED, stays=(Stay(keys=KEYS),))
WORLD = World(
    name="ball",
    scenario="by_hand",
    seed=1,
    width=96,
    height=64,
    fps=8,
    duration_seconds=4.0,
    noise=4.0,
    shots=(Shot(start_seconds=0.0, place=DrawnPlace(surface=Surface.PEBBLES, seed=1, luma=0.5)),),
    things=(BALL,),
)
CLIP = unit_clip(scene(seconds=4.0)).model_copy(
    update={"frames": tuple(Frame(pts_seconds=index / 8, jpeg=b"") for index in range(32))}
)
PARTS = parts_of(CLIP)
TRUTH = PlantedTruth({"c": WORLD}, {"c": CLIP})


def judged(kind: EditKind, said_of: int, planted_in: int) -> TruthValue:
    """What is true of the claim that one part is edited, if another one is."""
    claim = Claim(predicate=PREDICATE_OF[kind], intervals=(PARTS.stretches[said_of],), value=kind.value)
    shown = PARTS.shown(standard_edit(kind, PARTS.stretches[planted_in]))
    return next(truth for truth in TruthValue if TRUTH.objection("c", claim, shown, truth) is None)


@pytest.mark.parametrize("kind", [K.MIRRORED, K.TURNED, K.ZOOMED, K.FROZEN, K.REVERSED, K.SPED_UP])
def test_an_edit_is_where_it_is(kind: EditKind) -> None:
    """In the first half, where the ball moves: true of the edited part, false of the other one."""
    assert judged(kind, 0, 0) is TruthValue.TRUE
    assert judged(kind, 0, 1) is TruthValue.FALSE


@pytest.mark.parametrize("kind", [K.FROZEN, K.REVERSED, K.SHUFFLED])
def test_what_cannot_be_seen_is_not_false(kind: EditKind) -> None:
    """In the second half nothing moves, so it looks frozen, reversed and shuffled at any time."""
    assert judged(kind, 3, 0) is TruthValue.TRUE


@pytest.mark.parametrize("answer", order_question(PARTS).answers)
def test_one_order_is_right(answer: PlantedAnswer) -> None:
    """The right order is true, and its reverse false."""
    right = str(answer.claim.value)
    for value, truth in ((right, TruthValue.TRUE), (right[::-1], TruthValue.FALSE)):
        claim = Claim(predicate=Predicate.PARTS_ORDERED, value=value)
        assert TRUTH.objection("c", claim, answer.shown, truth) is None
