"""The writer: the questions of every family, proven, worded and offered."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from numpy.random import Generator
from pydantic import Field

from schemas.clip import UnitClip
from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.group import CandidateGroup
from schemas.pair import VisualEdit, VisualKind
from schemas.record import Record
from stages.claims.proof import ClipProver, ProofConfig
from stages.claims.scene_view import SceneView
from stages.facts.border import border
from stages.facts.camera import camera
from stages.facts.colour import colour
from stages.facts.count import count
from stages.facts.entity import absent_colours, faces_of, nameable_objects
from stages.facts.identity import identity
from stages.facts.location import location
from stages.facts.moment import moment
from stages.facts.movement import movement
from stages.facts.offer import STAGE, Offerer
from stages.facts.order import order
from stages.facts.picture import picture
from stages.facts.presence import presence
from stages.facts.relation import relation
from stages.facts.twins import TwinMaker
from stages.facts.view import Family, View
from stages.negatives.check import ClipChecks
from stages.negatives.choose import NegativeChooser

T = TypeVar("T")
Alternatives = tuple[CandidateGroup, ...]
"""Groups that ask one question in other words, or with other values and absent things."""

_PAIRS_A_TURN = 3
_ORDERS_TRIED = 10
_EDITS = (VisualEdit.REVERSED, VisualEdit.MIRRORED)

FAMILIES: tuple[Family, ...] = (
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
)
"""Every family of questions; between them all predicates."""


class FactsWriter(Record):
    """The embedded writer: no weights, no network, every answer proven from the scene."""

    alternatives: int = Field(default=3, ge=1)
    """Groups offered per question, of other words, values and absent things, for finalise to choose among."""
    absent_offered: int = Field(default=4, ge=0)
    """Absent things that the alternatives of one question draw from."""
    present_share: float = Field(default=0.15, ge=0, le=1)
    """How often the second row of a grid is another thing of the clip, where one serves."""
    stretches_per_question: int = Field(default=3, ge=1)
    """With how many stretches of time one question is asked of one thing."""
    picture_stretches: int = Field(default=12, ge=1)
    """With how many a question about the picture is asked, where it changes or the clip has no object to ask about."""
    max_per_predicate: int = Field(default=12, ge=1)
    """Questions about one clip whose true answers assert one predicate, with absent things and without, at most."""
    max_alike: int = Field(default=3, ge=1)
    """Of these, questions whose true answers say the same of the same: that the camera stands still, at other times."""
    twin_share: float = Field(default=1.0, ge=0, le=1)
    """Of the questions whose answers a mirror or a time reversal turns into each other, the share that get a
    counterfactual twin: the edited clip, the same texts, and the labels that are proven of it."""
    mirror: bool = True
    """Whether twins may be mirrored. Set it to false for videos with writing in view: the embedded detector does not
    read, so it cannot say that there is none. No answer is made wrong by mirrored letters, since `facts` asks of no
    writing, but they would tell which clips are twins."""
    negatives: tuple[VisualKind, ...] = tuple(kind for kind in VisualKind if not kind.borrows)
    """Kinds of visual negatives that a question gets, where the checker finds that they break its true answer; those
    that show another video are for finalise to give."""

    def write(
        self, clip: UnitClip, max_groups: int, proof: ProofConfig, rng: Generator
    ) -> Iterator[Alternatives | Drop]:
        """The alternatives of each question asked of the clip with their twins, or the drop that came of it.

        So that axes, predicates and what is true come up alike, not all questions that came of something are asked.
        Drops: see `Offerer.offer`; OVER_REPRESENTED, questions beyond `max_alike` and `max_per_predicate`;
        OVER_MAX_GROUPS, of the others those beyond `max_groups`.
        """
        prover = ClipProver(clip, proof)
        view = self._view(prover.view(), proof.min_gap_seconds, rng)
        offerer = Offerer(clip, prover, self.alternatives, self.present_share)
        offered = [offerer.offer(slot, rng) for family in FAMILIES for slot in family(view)]
        yield from (drop for drop in offered if isinstance(drop, Drop))
        questions = [groups for groups in offered if not isinstance(groups, Drop)]
        twins = TwinMaker(prover, _EDITS if self.mirror else _EDITS[:1])
        in_turn = list(self._in_turn(questions, rng))
        yield from _unasked(questions, in_turn, max_groups)
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

    def _view(self, seen: SceneView, min_gap_seconds: float, rng: Generator) -> View:
        objects, absent = nameable_objects(seen), absent_colours(seen.scene)
        half = seen.whole_clip.duration_seconds / 2
        return View(
            seen=seen,
            objects=_shuffled(objects, rng),
            faces=_shuffled(faces_of(seen), rng),
            absent=_shuffled(absent, rng)[: self.absent_offered],
            min_gap_seconds=min(min_gap_seconds, half),
            stretches_per_question=self.stretches_per_question,
            picture_stretches=self.picture_stretches,
            rng=rng,
        )

    def _in_turn(self, questions: Sequence[Alternatives], rng: Generator) -> Iterator[Alternatives]:
        """The questions in random order, but of each axis in turn, of each of its predicates in turn, and of each truth
        of a predicate in turn; the rarest first. A turn is worth a few pairs.
        """
        axes = _sorted_out(_shuffled(questions, rng), lambda groups: groups[0].axis)
        for turn in _turns([list(_turns(self._predicates(axis))) for axis in axes]):
            yield from turn

    def _predicates(self, questions: Sequence[Alternatives]) -> list[list[list[Alternatives]]]:
        """Per predicate of the true answer: its turns, with and without absent things, with them first."""
        found = []
        for kind in _sorted_out(questions, lambda groups: groups[0].chosen.claim.predicate):
            halves = [[groups for groups in kind if bool(groups[0].absent) == absent] for absent in (True, False)]
            found.append(list(_alternating([self._truths(half) for half in halves if half])))
        return found

    def _truths(self, questions: Sequence[Alternatives]) -> list[list[Alternatives]]:
        """The turns of questions of one kind: as many questions each as make a few pairs."""
        alike = _sorted_out(questions, lambda groups: (groups[0].balance[:1], groups[0].chosen.claim.subject_phrases))
        kept = [groups for same in alike for groups in same[: self.max_alike]]
        mixed = _turns(_sorted_out(kept, lambda groups: groups[0].balance[:1]))
        turns: list[list[Alternatives]] = [[]]
        for groups in islice(mixed, self.max_per_predicate):
            if sum(len(question[0].rejected) for question in turns[-1]) >= _PAIRS_A_TURN:
                turns.append([])
            turns[-1].append(groups)
        return turns


def _unasked(questions: Sequence[Alternatives], in_turn: Sequence[Alternatives], max_groups: int) -> Iterator[Drop]:
    """The drops of questions that came of something, and are one too many."""
    turns = {groups[0].slot_id for groups in in_turn}
    over = DropCause(DropReason.OVER_REPRESENTED, "as much is asked of the like")
    for groups in questions:
        if groups[0].slot_id not in turns:
            yield over.drop(groups[0].slot_id, ItemType.QUESTION, STAGE)
    full = DropCause(DropReason.OVER_MAX_GROUPS, "the clip has as many", len(in_turn), max_groups)
    for groups in in_turn[max_groups:]:
        yield full.drop(groups[0].slot_id, ItemType.QUESTION, STAGE)


def _sorted_out(items: Sequence[T], kind: Callable[[T], Hashable]) -> list[list[T]]:
    """The items by kind, each in order."""
    found: dict[Hashable, list[T]] = {}
    for item in items:
        found.setdefault(kind(item), []).append(item)
    return list(found.values())


def _turns(queues: Sequence[Sequence[T]]) -> Iterator[T]:
    """The first of each queue, the shortest queue first, then the second of each, and so on."""
    return _alternating(sorted(queues, key=len))


def _alternating(queues: Sequence[Sequence[T]]) -> Iterator[T]:
    """The first of each queue, then the second of each, and so on."""
    for turn in range(max(map(len, queues), default=0)):
        yield from (queue[turn] for queue in queues if turn < len(queue))


def _shuffled(items: Sequence[T], rng: Generator) -> tuple[T, ...]:
    return tuple(items[int(i)] for i in rng.permutation(len(items)))
