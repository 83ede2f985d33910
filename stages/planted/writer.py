"""The writer `planted`: the questions about edits that can be seen in a clip, each with its siblings."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from numpy.random import Generator
from pydantic import Field

from prompts.template import Filled, Template
from prompts.wordings import Wording, planted_wordings
from schemas.claim import PREDICATES, Claim
from schemas.clip import UnitClip
from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.group import CandidateAnswer, CandidateGroup
from schemas.interval import Interval
from schemas.pair import Corruption, Evidence
from schemas.record import Record
from schemas.shown import EditKind, Shown, ShownEdit
from schemas.visual_negative import VisualKind, VisualLevel, VisualNegative
from stages.claims.proof import ClipProver
from stages.claims.typed_edit import typed_edit
from stages.planted.parts import LEAST_FRAMES, PARTS, Parts, parts_of
from stages.planted.questions import (
    PlantedAnswer,
    PlantedQuestion,
    kind_question,
    order_question,
    part_questions,
    swap_question,
)
from stages.visuals.plan import content_stretch, planned, within
from stages.visuals.standard import standard_edit

STAGE = "generate"
WRITER = "planted"
"""The name of this writer in the rows."""

_LEAST_KINDS, _MOST_KINDS = 2, 4
_NOT_IN_PART = (EditKind.REORDERED, EditKind.SWAPPED, EditKind.SEAM)


class PlantedWriter(Record):
    """Plants edits into clips and asks about them: no names, no weights; true by what was done."""

    share: float = Field(default=0.3, ge=0, le=1)
    """Largest share of a set's pairs that may be about planted edits; 0: none is asked."""
    kinds: tuple[EditKind, ...] = tuple(kind for kind in EditKind if kind not in _NOT_IN_PART)
    """What may be done to a part of a clip."""
    reorder: bool = True
    """Whether the parts of a clip may be shown in another order."""
    swap: bool = True
    """Whether a part of a clip may be replaced by another video, which finalise chooses."""
    max_questions: int = Field(default=10, ge=0)
    """Most questions about planted edits of one clip; each is asked once for each of its answers."""

    def prompts(self) -> tuple[str, ...]:
        """The wordings, and the code that fills them."""
        return ("planted", "template.py", "wordings.py")

    def write(self, clip: UnitClip, prover: ClipProver, rng: Generator) -> Iterator[tuple[CandidateGroup, ...] | Drop]:
        """Yield the groups of each question, one for each of its answers, or its drop.

        Drops: TOO_FEW_FRAMES if the clip has too few frames for four parts; EDIT_NOT_VISIBLE for each kind of edit that
        would be seen in fewer than two parts; OVER_MAX_GROUPS for questions beyond `max_questions`.
        """
        if self.share == 0 or self.max_questions == 0:
            return
        if len(clip.frames) < LEAST_FRAMES:
            few = DropCause(DropReason.TOO_FEW_FRAMES, "frames for planted edits", len(clip.frames), LEAST_FRAMES)
            yield few.drop(_slot_id(clip, "parts"), ItemType.QUESTION, STAGE)
            return
        offer = _Offer(clip, prover, parts_of(clip))
        questions: list[list[PlantedQuestion]] = []
        visible: dict[EditKind, list[int]] = {}
        for kind in self.kinds:
            seen = offer.visible(kind)
            visible[kind] = [part for part, margin in enumerate(seen) if margin >= offer.least(kind)]
            if len(visible[kind]) < _LEAST_KINDS:
                yield offer.unseen(kind, sorted(seen)[-_LEAST_KINDS])
                continue
            questions.append(_mixed(list(part_questions(kind, offer.parts, visible[kind])), rng))
        questions.append(list(offer.kind_questions(visible, rng)))
        if self.reorder:
            margin = offer.order_margin()
            if margin >= offer.least(EditKind.REORDERED):
                questions.append([order_question(offer.parts)])
            else:
                yield offer.unseen(EditKind.REORDERED, margin)
        if self.swap:
            questions.append([swap_question(offer.parts)])
        in_turn = _in_turns([questions[int(i)] for i in rng.permutation(len(questions))])
        full = DropCause(DropReason.OVER_MAX_GROUPS, "questions about planted edits", len(in_turn), self.max_questions)
        for place, question in enumerate(in_turn):
            if place < self.max_questions:
                yield offer.groups(question, rng)
            else:
                yield full.drop(_slot_id(clip, question.key), ItemType.QUESTION, STAGE)


@dataclass(frozen=True)
class _Offer:
    """What can be asked of one clip."""

    clip: UnitClip
    prover: ClipProver
    parts: Parts

    def least(self, kind: EditKind) -> float:
        """The least log ratio by which an edit must be visible."""
        return self.prover.margins.of_edit(kind)

    def visible(self, kind: EditKind) -> list[float]:
        """How visible an edit would be in each part; 0 at least. A slowed one is measured when `cut` has stored it."""
        edits = [standard_edit(kind, stretch) for stretch in self.parts.stretches]
        if any(len(within(planned(self.clip, Shown()), edit)) < len(edit.order) for edit in edits):
            return [0.0] * PARTS
        changes = self.prover.changes
        measure = changes.expected if kind is EditKind.SLOWED else changes.change
        return [max(0.0, measure(self.parts.shown(), edit)) for edit in edits]

    def order_margin(self) -> float:
        """How visible it is in which order the parts belong, in the least clear of the versions; 0 at least."""
        edits = order_question(self.parts).edits
        return max(0.0, min(self.prover.changes.change(self.parts.shown(), edit) for edit in edits))

    def unseen(self, kind: EditKind, margin: float) -> Drop:
        """The drop of a kind that cannot be seen."""
        cause = DropCause(DropReason.EDIT_NOT_VISIBLE, kind.value, round(margin, 3), self.least(kind))
        return cause.drop(_slot_id(self.clip, kind.value), ItemType.QUESTION, STAGE)

    def kind_questions(self, visible: dict[EditKind, list[int]], rng: Generator) -> Iterator[PlantedQuestion]:
        """For each part in which several edits would be seen, and told from each other: which one it has."""
        for part in rng.permutation(PARTS):
            stretch, kinds = self.parts.stretches[int(part)], list[EditKind]()
            there = [kind for kind, seen in visible.items() if int(part) in seen and kind is not EditKind.SLOWED]
            for place in rng.permutation(len(there)):
                edit = standard_edit(there[int(place)], stretch)
                others = (standard_edit(kind, stretch) for kind in kinds)
                if all(self._differ(edit, one) for one in others):
                    kinds.append(edit.kind)
            if len(kinds) >= _LEAST_KINDS:
                yield kind_question(int(part), kinds[:_MOST_KINDS], self.parts)

    def _differ(self, one: ShownEdit, other: ShownEdit) -> bool:
        """Whether nobody takes one edit of a stretch for the other."""
        least = max(self.least(one.kind), self.least(other.kind))
        return self.prover.changes.between(self.parts.shown(), one, other) >= least

    def groups(self, question: PlantedQuestion, rng: Generator) -> tuple[CandidateGroup, ...]:
        """One group for each answer, with the same texts, in an order that does not tell which one is true."""
        wording = planted_wordings()[question.wording]
        ask = wording.question_templates[int(rng.integers(len(wording.questions)))]
        reply = wording.answer_templates[int(rng.integers(len(wording.answers)))]
        said = [_said(answer, wording, reply) for answer in question.answers]
        order = [int(i) for i in rng.permutation(len(said))]
        dense = self._dense(question.edits)
        first = _digest(self.clip.clip_id, question.key, str(order[0]))
        groups = []
        for true in order:
            answer = question.answers[true]
            negatives = [*question.negatives, question.answers[(true + 1) % len(said)].shown]
            frames = self._frames(answer.shown)
            groups.append(
                CandidateGroup(
                    group_id=_digest(self.clip.clip_id, question.key, str(true)),
                    slot_id=_slot_id(self.clip, question.key),
                    clip_id=self.clip.clip_id,
                    twin_of=None if true == order[0] else first,
                    shown=answer.shown,
                    question=ask.fill(**question.words),
                    question_model=WRITER,
                    question_type=PREDICATES[answer.claim.predicate].question_type,
                    axis=PREDICATES[answer.claim.predicate].axis,
                    form="values",
                    balance=(_feature(answer.claim, true),),
                    balance_others=tuple((_feature(question.answers[i].claim, i),) for i in order if i != true),
                    answers=tuple(_candidate(said[i], question.answers[i].claim, answer.claim) for i in order),
                    evidence=Evidence(frame_indices=frames),
                    event_intervals=dense,
                    keyframe_indices=frames,
                    visual_negatives=tuple(_negative(shown) for shown in dict.fromkeys(negatives)),
                    prompt_hashes=(ask.digest, reply.digest),
                )
            )
        return tuple(groups)

    def _dense(self, edits: Sequence[ShownEdit]) -> tuple[Interval, ...]:
        """What slowed stretches show: it is stored with frames that lie nearer to each other."""
        start, end = self.clip.start_seconds, self.clip.end_seconds
        return tuple(content_stretch(edit, start, end) for edit in edits if edit.kind is EditKind.SLOWED)

    def _frames(self, shown: Shown) -> tuple[int, ...]:
        """The stored frames in whose place something edited is shown."""
        plan = planned(self.clip, Shown())
        return tuple(dict.fromkeys(place for edit in shown.planted for place in within(plan, edit)))


def _said(answer: PlantedAnswer, wording: Wording, reply: Template) -> Filled:
    value = {"value": wording.values[answer.value]} if answer.value is not None else {}
    return reply.filled(**answer.words, **value)


def _candidate(said: Filled, claim: Claim, true: Claim) -> CandidateAnswer:
    kind, axis, corruption = (None, None, Corruption()) if claim == true else typed_edit(true, claim)
    return CandidateAnswer(
        text=said.text,
        claims=(claim,),
        parts=said.parts,
        rejected_kind=kind,
        adversary_axis=axis,
        corruption=corruption,
        model=WRITER,
    )


def _feature(claim: Claim, place: int) -> str:
    return f"{claim.predicate.value}={claim.value}@{place}"


def _negative(shown: Shown) -> VisualNegative:
    return VisualNegative(level=VisualLevel.INSTANCE, kind=VisualKind.OTHER_EDITS, shown=shown)


def _mixed(questions: Sequence[PlantedQuestion], rng: Generator) -> list[PlantedQuestion]:
    return [questions[int(i)] for i in rng.permutation(len(questions))]


def _in_turns(lists: Sequence[Sequence[PlantedQuestion]]) -> list[PlantedQuestion]:
    """The first of each list, then the second of each, and so on."""
    most = max(map(len, lists), default=0)
    return [questions[turn] for turn in range(most) for questions in lists if turn < len(questions)]


def _slot_id(clip: UnitClip, key: str) -> str:
    return f"{clip.clip_id}/planted/{key}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(("planted", *parts)).encode()).hexdigest()[:20]
