"""The writer: the questions of every family, proven, worded and offered."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from numpy.random import Generator
from pydantic import Field

from schemas.clip import UnitClip
from schemas.drop import Drop
from schemas.group import CandidateGroup
from schemas.record import Record
from stages.claims.margins import Margins
from stages.facts.border import border
from stages.facts.camera import camera
from stages.facts.colour import colour
from stages.facts.count import count
from stages.facts.entity import absent_colours, nameable_faces, nameable_objects
from stages.facts.identity import identity
from stages.facts.location import location
from stages.facts.moment import moment
from stages.facts.movement import movement
from stages.facts.offer import Offerer
from stages.facts.order import order
from stages.facts.picture import picture
from stages.facts.presence import presence
from stages.facts.proof import Prover
from stages.facts.relation import relation
from stages.facts.slot import Family, Slot, View

T = TypeVar("T")

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
    present_share: float = Field(default=0.25, ge=0, le=1)
    """How often the second row of a grid is another thing of the clip, where one serves."""
    stretches_per_question: int = Field(default=2, ge=1)
    """With how many stretches of time one question is asked of one thing."""
    min_gap_seconds: float = Field(default=1.0, gt=0)
    """How far apart the two stretches of a cross_frame claim are at least; at most half of the clip."""
    edge_seconds: float = Field(default=0.25, ge=0)
    """How much earlier or later the edges of a worded stretch may be read."""

    def write(
        self, clip: UnitClip, max_groups: int, margins: Margins, rng: Generator
    ) -> Iterator[tuple[CandidateGroup, ...] | Drop]:
        """The alternatives of each question asked of the clip, or the drop that came of it.

        Questions beyond `max_groups` that came of something are not asked. Drops: see `Offerer.offer`.
        """
        view = self._view(clip, rng)
        slots = [slot for family in FAMILIES for slot in family(view)]
        prover = Prover(clip.scene, margins, self.edge_seconds)
        offerer = Offerer(clip, prover, self.alternatives, self.present_share)
        asked = 0
        for slot in _interleaved(slots, rng):
            if asked == max_groups:
                return
            offered = offerer.offer(slot, rng)
            asked += not isinstance(offered, Drop)
            yield offered

    def _view(self, clip: UnitClip, rng: Generator) -> View:
        objects, absent = nameable_objects(clip.scene), absent_colours(clip.scene)
        half = (clip.end_seconds - clip.start_seconds) / 2
        return View(
            scene=clip.scene,
            objects=_shuffled(objects, rng),
            faces=nameable_faces(clip.scene),
            absent=_shuffled(absent, rng)[: self.absent_offered],
            min_gap_seconds=min(self.min_gap_seconds, half),
            stretches_per_question=self.stretches_per_question,
            rng=rng,
        )


def _interleaved(slots: Sequence[Slot], rng: Generator) -> Iterator[Slot]:
    """The slots in random order, one of each wording in turn, so that none crowds the others out."""
    queues: dict[str, list[Slot]] = {}
    for slot in _shuffled(slots, rng):
        queues.setdefault(slot.wording, []).append(slot)
    while queues:
        yield from [queue.pop() for queue in queues.values()]
        queues = {wording: queue for wording, queue in queues.items() if queue}


def _shuffled(items: Sequence[T], rng: Generator) -> tuple[T, ...]:
    return tuple(items[int(i)] for i in rng.permutation(len(items)))
