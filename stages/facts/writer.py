"""The writer `facts`: the questions of every family, proven, worded and offered."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from numpy.random import Generator
from pydantic import Field

from schemas.clip import UnitClip
from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.record import Record
from schemas.visual_negative import VisualKind
from stages.claims.proof import ClipProver, ProofConfig
from stages.claims.scene_view import SceneView
from stages.claims.writing import may_be_mirrored
from stages.facts.askable_scene import AskableScene, QuestionFamily
from stages.facts.border import border
from stages.facts.camera import camera
from stages.facts.colour import colour
from stages.facts.count import count
from stages.facts.entity import absent_colours, nameable_objects, named_then, named_things
from stages.facts.happening import happening
from stages.facts.identity import identity
from stages.facts.location import location
from stages.facts.moment import moment
from stages.facts.movement import movement
from stages.facts.named import named
from stages.facts.offer import STAGE, Offerer
from stages.facts.order import order
from stages.facts.picture import picture
from stages.facts.presence import presence
from stages.facts.relation import relation
from stages.facts.slot import Slot
from stages.facts.stillness import asks_of_movement_or_light, is_still_picture
from stages.facts.turns import Alternatives, few_of_series, in_turns
from stages.facts.twins import TWIN_EDITS, TwinMaker
from stages.facts.writing import writing
from stages.negatives.check import ClipChecks
from stages.negatives.choose import NegativeChooser

T = TypeVar("T")

_ORDERS_TRIED = 10

FAMILIES: tuple[QuestionFamily, ...] = (
    relation,
    location,
    colour,
    count,
    order,
    presence,
    movement,
    border,
    moment,
    camera,
    picture,
    identity,
    named,
    happening,
    writing,
)
"""Every family of questions; together they cover all predicates."""


class FactsWriter(Record):
    """The embedded writer: no weights, no network, every answer proven from the scene."""

    alternatives: int = Field(default=3, ge=1)
    """Groups offered per question, with other words, values and absent things, for finalise to choose among."""
    absent_offered: int = Field(default=4, ge=0)
    """Absent things that the alternatives of one question draw from."""
    present_share: float = Field(default=0.15, ge=0, le=1)
    """Probability that the second row of a grid is another thing of the clip, if one can be used."""
    stretches_per_question: int = Field(default=3, ge=1)
    """Number of intervals that one question about one thing is asked with."""
    picture_stretches: int = Field(default=12, ge=1)
    """Number of intervals that a question about the picture is asked with, if the picture changes or the clip has no
    object to ask about."""
    max_per_predicate: int = Field(default=12, ge=1)
    """Most questions about one clip whose true answers assert one predicate; counted separately for questions with and
    without absent things."""
    max_alike: int = Field(default=3, ge=1)
    """Most of these whose true answers say the same about the same thing, such as that the camera stands still, at
    different times."""
    twin_share: float = Field(default=1.0, ge=0, le=1)
    """Share of the questions that get a counterfactual twin, if mirroring or reversing the clip makes another of their
    answers true: the edited clip, the same texts, and labels proven for the edited clip."""
    mirror: bool = True
    """Whether twins may be mirrored. Only clips that were read and in which nothing may be written ever are: mirrored
    letters would show which clips are twins."""
    negatives: tuple[VisualKind, ...] = tuple(
        kind for kind in VisualKind if not kind.borrows and kind is not VisualKind.OTHER_EDITS
    )
    """Kinds of visual negatives that a question gets, if the checker finds that they make its true answer false;
    finalise adds those that show another video."""

    def prompts(self) -> tuple[str, ...]:
        """The wordings, and the code that fills them."""
        return ("facts", "template.py", "wordings.py")

    def write(
        self, clip: UnitClip, max_groups: int, proof: ProofConfig, rng: Generator
    ) -> Iterator[Alternatives | Drop]:
        """Yield for each question about the clip its alternatives with their twins, or its drop.

        To balance axes, predicates and true values, only some of the provable questions are asked.
        Drops: see `Offerer.offer`; OVER_REPRESENTED for questions beyond `max_alike` and `max_per_predicate`;
        OVER_MAX_GROUPS for the others beyond `max_groups`.
        """
        prover = ClipProver(clip, proof)
        view = self.askable_scene(prover.view(), proof.min_gap_seconds, rng)
        offerer = Offerer(clip, prover, self.alternatives, self.present_share)
        offered = [(slot, offerer.offer(slot, rng)) for slot in _worth_asking(view)]
        yield from (drop for _, drop in offered if isinstance(drop, Drop))
        proven = [(slot, groups) for slot, groups in offered if not isinstance(groups, Drop)]
        mirrored = self.mirror and may_be_mirrored(prover.view().scene)
        twins = TwinMaker(prover, TWIN_EDITS if mirrored else TWIN_EDITS[:1])
        few = few_of_series(_shuffled(proven, rng))
        in_turn = in_turns(few, self.max_per_predicate, self.max_alike)
        yield from _unasked([groups for _, groups in proven], in_turn, max_groups)
        asked = [self._with_twins(groups, twins, rng) for groups in in_turn[:max_groups]]
        intervals = dict.fromkeys(interval for groups in asked for g in groups for interval in g.event_intervals)
        orders = tuple(int(seed) for seed in rng.integers(2**31, size=_ORDERS_TRIED))
        chooser = NegativeChooser(
            ClipChecks(prover, proof),
            proof,
            kinds=frozenset(self.negatives),
            intervals=tuple(intervals),
            orders=orders,
        )
        yield from (tuple(chooser.chosen(group, rng) for group in groups) for groups in asked)

    def _with_twins(self, groups: Alternatives, twins: TwinMaker, rng: Generator) -> Alternatives:
        if rng.random() >= self.twin_share:
            return groups
        made = (twins.twin(group, rng) for group in groups)
        return (*groups, *(twin for twin in made if twin))

    def askable_scene(self, seen: SceneView, min_gap_seconds: float, rng: Generator) -> AskableScene:
        """A scene with what may be named in it, as the families of questions read it."""
        objects, absent, named = nameable_objects(seen), absent_colours(seen.scene), named_things(seen)
        throughout = (named_then(seen, thing, [seen.whole_clip]) for thing in named)
        half = seen.whole_clip.duration_seconds / 2
        return AskableScene(
            seen=seen,
            objects=_shuffled(objects, rng),
            named=_shuffled(named, rng),
            throughout=tuple(thing for thing in throughout if thing),
            absent=_shuffled(absent, rng)[: self.absent_offered],
            min_gap_seconds=min(min_gap_seconds, half),
            stretches_per_question=self.stretches_per_question,
            picture_stretches=self.picture_stretches,
            rng=rng,
        )


def _worth_asking(view: AskableScene) -> Iterator[Slot]:
    """The questions of every family; of a still picture none about movement, the camera, moving things or light."""
    still = is_still_picture(view.seen)
    for family in FAMILIES:
        yield from (slot for slot in family(view) if not (still and asks_of_movement_or_light(slot)))


def _unasked(questions: Sequence[Alternatives], in_turn: Sequence[Alternatives], max_groups: int) -> Iterator[Drop]:
    """The drops of provable questions that are not asked."""
    turns = {groups[0].slot_id for groups in in_turn}
    over = DropCause(DropReason.OVER_REPRESENTED, "enough similar questions are asked already")
    for groups in questions:
        if groups[0].slot_id not in turns:
            yield over.drop(groups[0].slot_id, ItemType.QUESTION, STAGE)
    full = DropCause(DropReason.OVER_MAX_GROUPS, "the clip has max_groups questions already", len(in_turn), max_groups)
    for groups in in_turn[max_groups:]:
        yield full.drop(groups[0].slot_id, ItemType.QUESTION, STAGE)


def _shuffled(items: Sequence[T], rng: Generator) -> tuple[T, ...]:
    return tuple(items[int(i)] for i in rng.permutation(len(items)))
