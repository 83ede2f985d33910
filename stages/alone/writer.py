"""The writer `facts` asks about stretches that are shown alone: each question about two of them, with two answers."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from numpy.random import Generator
from pydantic import Field

from prompts.template import Template
from prompts.wordings import Wording, fact_wordings
from schemas.claim import PREDICATES, Claim, Predicate
from schemas.clip import UnitClip
from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.group import CandidateGroup
from schemas.interval import Interval
from schemas.record import Record
from schemas.visual_negative import VisualKind, VisualLevel, VisualNegative
from stages.alone.slots import AloneSlot, AloneSlots
from stages.alone.stretches import pairs_of, stretches_of
from stages.alone.twins import AloneAnswer, AloneQuestion, segment_twins
from stages.claims.alone import LEAST_SECONDS, is_of_stretch
from stages.claims.checked import TruthValue
from stages.claims.proof import ClipProver
from stages.facts.askable_scene import AskableScene
from stages.facts.entity import Entity
from stages.facts.offer import STAGE, WRITER
from stages.facts.slot import Column, claim_of
from stages.facts.speech import answer_text, features, question_text
from stages.negatives.check import ClipChecks
from stages.negatives.table import BREAKS
from stages.wording.stretch import Stretch

WHEN = "in this clip"
"""What a question says in place of a time: what is shown is all there is."""
_MOST_PAIRS = 2  # of stretches of one clip, each of which is stored as a whole clip is

Cell = tuple[Entity | None, Column]
Key = tuple[str, str]
"""What a cell says: its thing, and its value."""


class SegmentTwinWriter(Record):
    """Asks one question about two stretches of a clip, each shown alone, whose proven answers differ."""

    max_questions: int = Field(default=4, ge=0)
    """Most such questions of one clip, about two pairs of stretches at most; each is asked about both. 0: none."""

    def write(
        self, view: AskableScene, checks: ClipChecks, rng: Generator
    ) -> Iterator[tuple[CandidateGroup, ...] | Drop]:
        """Yield each question as a group and its twin, or its drop.

        Args:
            view: the clip, as `facts` asks about it.
            checks: of the same clip.
            rng: draws among stretches, questions and answers.

        Drops: SEGMENT_TOO_SHORT if the clip has no two stretches that are long enough; CHOSEN_NOT_TRUE if no question
        has different answers in two of them; OVER_MAX_GROUPS for questions beyond `max_questions`.
        """
        if self.max_questions == 0:
            return
        clip = checks.prover.clip
        stretches = stretches_of(clip, rng)
        pairs = pairs_of(stretches, rng)
        if not pairs:
            seconds = round(clip.end_seconds - clip.start_seconds, 3)
            short = DropCause(DropReason.SEGMENT_TOO_SHORT, "seconds for two stretches", seconds, 2 * LEAST_SECONDS)
            yield _drop(clip, "stretches", short)
            return
        asking = _Asking(checks, _told(view, checks.prover, stretches, rng), rng)
        found = [[asked for key in asking.keys(pair) if (asked := asking.asked(key, pair))] for pair in pairs]
        if not any(found):
            yield _drop(clip, "stretches", DropCause(DropReason.CHOSEN_NOT_TRUE, "no two stretches differ"))
            return
        in_turn = _varied(found, rng)
        full = DropCause(DropReason.OVER_MAX_GROUPS, "questions about two stretches", len(in_turn), self.max_questions)
        for place, asked in enumerate(in_turn):
            if place < self.max_questions:
                groups = segment_twins(clip, asked, rng)
                yield tuple(asking.with_negatives(group, asked) for group in groups)
            else:
                yield _drop(clip, asked.key, full)


def _varied(found: Sequence[Sequence[AloneQuestion]], rng: Generator) -> list[AloneQuestion]:
    """The questions of the pairs that have most kinds of them: first one of each kind, then the second of each.

    No question is asked about two pairs.
    """
    ranked = sorted(found, key=lambda asked: -len({_kind(one) for one in asked}))[:_MOST_PAIRS]
    mixed = [asked[int(i)] for asked in ranked for i in rng.permutation(len(asked))]
    once: dict[str, AloneQuestion] = {}
    for one in mixed:
        once.setdefault(one.key.rpartition("/")[0], one)
    seen: Counter[str] = Counter()
    turns = {}
    for one in once.values():
        seen[_kind(one)] += 1
        turns[one.key] = seen[_kind(one)]
    return sorted(once.values(), key=lambda one: turns[one.key])


def _kind(asked: AloneQuestion) -> str:
    return asked.key.partition(".")[0]


@dataclass(frozen=True)
class _Told:
    """What is proven true of one stretch in answer to one question."""

    one: AloneSlot
    noun: str
    """What the texts call the thing."""
    true: tuple[Cell, ...]

    def claim(self, cell: Cell) -> Claim:
        """What an answer asserts of the stretch: of the thing that its phrase names there."""
        row, column = cell
        return claim_of(self.one.slot, self.one.slot.row or row, column, self.noun)


def _told(
    view: AskableScene, prover: ClipProver, stretches: Sequence[Interval], rng: Generator
) -> Mapping[Interval, Mapping[str, _Told]]:
    """By stretch and question: what is proven true. A question calls its thing the same wherever it is asked."""
    nouns: dict[str, str] = {}
    slots, told = AloneSlots(view), dict[Interval, dict[str, _Told]]()
    for stretch in stretches:
        told[stretch] = {}
        for one in slots.of(Stretch(_name(stretch), WHEN, stretch)):
            thing = one.slot.row
            some = thing.nouns if thing else ("",)
            noun = nouns.setdefault(one.slot.key, some[int(rng.integers(len(some)))])
            asked = _Told(one, noun, ())
            true = tuple(_true(asked, stretch, prover))
            if true:
                told[stretch][one.slot.key] = _Told(one, noun, true)
    return told


def _true(asked: _Told, stretch: Interval, prover: ClipProver) -> Iterator[Cell]:
    """What is proven true of a stretch. If it is not known of one number, then of none; and only one is true."""
    for cell in ((row, column) for row in asked.one.rows for column in asked.one.slot.columns):
        claim = asked.claim(cell)
        is_true = _is_proven(claim, stretch, prover, chosen=True)
        if is_true:
            yield cell
        unknown = prover.prove(claim, chosen=True).checked.truth is TruthValue.UNKNOWN
        if claim.predicate is Predicate.NAMED_COUNT and (is_true or unknown):
            return


def _is_proven(claim: Claim, stretch: Interval, prover: ClipProver, *, chosen: bool) -> bool:
    """Whether a claim is proven true (`chosen`), or false, of a stretch that is shown alone."""
    return is_of_stretch(claim, stretch) and prover.prove(claim, chosen=chosen).failure is None


@dataclass(frozen=True)
class _Asking:
    """What is asked of one clip."""

    checks: ClipChecks
    told: Mapping[Interval, Mapping[str, _Told]]
    rng: Generator

    def keys(self, pair: tuple[Interval, Interval]) -> list[str]:
        """The questions to which something is proven in both stretches."""
        first, second = (self.told[stretch] for stretch in pair)
        return [key for key in first if key in second]

    def asked(self, key: str, pair: tuple[Interval, Interval]) -> AloneQuestion | None:
        """The question with an answer that is true of the first stretch alone, and one of the second; None without."""
        told = [self.told[stretch][key] for stretch in pair]
        true = [self._true_of_one(told, pair, here) for here in (0, 1)]
        if not all(true):
            return None
        drawn = [of_one[int(self.rng.integers(len(of_one)))] for of_one in true]
        slot, noun = told[0].one.slot, told[0].noun
        wording = fact_wordings()[slot.wording]
        ask = wording.question_templates[int(self.rng.integers(len(wording.questions)))]
        reply = wording.answer_templates[int(self.rng.integers(len(wording.answers)))]
        shape = PREDICATES[drawn[0][1].predicate]
        first, second = (_answer(told, cell, wording, reply) for cell in drawn)
        return AloneQuestion(
            key=f"{key}/{'+'.join(map(_name, pair))}",
            text=question_text(slot, ask, noun),
            question_type=shape.question_type,
            axis=shape.axis,
            form=slot.form,
            stretches=pair,
            answers=(first, second),
            model=WRITER,
            prompt_hashes=(ask.digest, reply.digest),
        )

    def _true_of_one(self, told: Sequence[_Told], pair: Sequence[Interval], here: int) -> list[Cell]:
        """What is proven true of one stretch and false of the other."""
        there, stretch = told[1 - here], pair[1 - here]
        also = {_key(cell) for cell in there.true}
        return [
            cell
            for cell in told[here].true
            if _key(cell) not in also and _is_proven(there.claim(cell), stretch, self.checks.prover, chosen=False)
        ]

    def with_negatives(self, group: CandidateGroup, asked: AloneQuestion) -> CandidateGroup:
        """The group with what its true answer is false of: black frames, and the other stretch, which `cut` stores."""
        claim = group.chosen.claim
        if claim is None:
            return group
        black = VisualNegative(level=VisualLevel.INSTANCE, kind=VisualKind.BLACK)
        fails = self.checks.failure(group.shown, claim, (group.question, group.chosen.text), black)
        lacks = VisualKind.OTHER_SEGMENT in BREAKS[claim.predicate]
        other = next(stretch for stretch in asked.stretches if stretch != group.shown_alone)
        return group.model_copy(
            update={"visual_negatives": () if fails else (black,), "lacking": other if lacks else None}
        )


def _answer(told: Sequence[_Told], cell: Cell, wording: Wording, reply: Template) -> AloneAnswer:
    row, column = cell
    text, parts = answer_text(told[0].one.slot, row, column, wording, reply, told[0].noun)
    of_first, of_second = ((one.claim(cell),) for one in told)
    things = chain.from_iterable((row, one.one.slot.row, one.one.slot.fixed) for one in told)
    return AloneAnswer(
        text=text,
        claims=(of_first, of_second),
        features=features(told[0].one.slot, row, column),
        parts=parts,
        track_ids=tuple(chain.from_iterable(thing.track_ids for thing in things if thing)),
    )


def _key(cell: Cell) -> Key:
    row, column = cell
    return row.name if row else "", column.key


def _name(stretch: Interval) -> str:
    return f"{stretch.start_seconds:.2f}-{stretch.end_seconds:.2f}"


def _drop(clip: UnitClip, key: str, cause: DropCause) -> Drop:
    return cause.drop(f"{clip.clip_id}/alone/{key}", ItemType.QUESTION, STAGE)
