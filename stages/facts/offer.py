"""Makes groups of slots: one cell that is proven true, others proven false, and words for each."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from numpy.random import Generator

from prompts.template import Template
from prompts.wordings import Wording, fact_wordings
from schemas.claim import PREDICATES, Predicate
from schemas.clip import UnitClip
from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.group import CandidateAnswer, CandidateGroup
from stages.claims import TruthValue
from stages.claims.proof import ClipProver
from stages.claims.typed_edit import typed_edit
from stages.facts.entity import Entity, alike
from stages.facts.evidence import event_intervals, evidence, frames_within
from stages.facts.slot import Column, Slot, claim_of
from stages.facts.speech import answer_text, features, question_text

STAGE = "generate"
WRITER = "facts"
"""The name of this writer in the rows."""

Cell = tuple[Entity | None, Column]


@dataclass(frozen=True)
class Offerer:
    """Makes the groups of one clip's slots."""

    clip: UnitClip
    prover: ClipProver
    alternatives: int
    """Groups per slot, with other words, values and absent things."""
    present_share: float
    """Probability that the second row of a grid is another thing of the clip, if one can be used."""

    def offer(self, slot: Slot, rng: Generator) -> tuple[CandidateGroup, ...] | Drop:
        """The alternatives of a slot, or why it is dropped.

        Drops: CHOSEN_NOT_TRUE if no value is proven for the slot's thing; MARGIN_TOO_SMALL if the best value is not
        clear enough; PARTLY_SEEN if its thing is not fully visible; SINGLE_FRAME_ANSWERS if its stretches are too close
        in time; REJECTED_NOT_FALSE if no other value is proven false; NO_ABSENT_ENTITY if no alternative has another
        thing to name wrongly.
        """
        noun = slot.row.nouns[0] if slot.row else ""
        proofs = {c.key: self.prover.prove(claim_of(slot, slot.row, c, noun), chosen=True) for c in slot.columns}
        true = [column for column in slot.columns if proofs[column.key].failure is None]
        denied = (column for column in slot.columns if proofs[column.key].checked.truth is TruthValue.FALSE)
        false = tuple(column for column in denied if self._is_false(slot, slot.row, column, noun))
        if not true:
            return self._unproven(slot, [proof.failure for proof in proofs.values() if proof.failure])
        if slot.width > 1 and not false:
            return self._drop(slot, DropCause(DropReason.REJECTED_NOT_FALSE, "no other value is proven false"))
        groups: dict[tuple[str, tuple[str, ...]], CandidateGroup] = {}
        for alternative in range(self.alternatives * slot.chances):
            cells = self._cells(slot, true[int(rng.integers(len(true)))], false, rng)
            if cells is None:
                continue  # other values may do
            group = self._group(slot, alternative, cells, rng)
            groups.setdefault((group.question, tuple(sorted(a.text for a in group.answers))), group)
        if not groups:
            return self._drop(slot, DropCause(DropReason.NO_ABSENT_ENTITY, "no other entity can be named wrongly here"))
        return tuple(groups.values())

    def _cells(self, slot: Slot, true: Column, false: tuple[Column, ...], rng: Generator) -> tuple[Cell, ...] | None:
        """The cells of a group, the true one first; None if too few rows are proven false."""
        if slot.choose:
            beside = slot.choose(true, false, rng)
        else:
            order = rng.permutation(len(false))[: slot.width - 1]
            beside = tuple(false[int(i)] for i in order)
        columns = (true, *beside)
        rows = (slot.row, *self._rows(slot, columns, rng)) if slot.height > 1 else (slot.row,)
        alone = len(rows) < min(slot.height, 2) or len(rows) * len(columns) < 2
        if alone and not slot.open_words:
            return None
        return tuple((row, column) for row in rows for column in columns)

    def _rows(self, slot: Slot, columns: tuple[Column, ...], rng: Generator) -> Iterator[Entity]:
        """Rows beside the true one: things for which every column is proven false."""
        others = [slot.others[int(i)] for i in rng.permutation(len(slot.others))]
        absent = [slot.absent[int(i)] for i in rng.permutation(len(slot.absent))]
        rows = [slot.row]
        for _ in range(slot.height - 1):
            sources = (*others, *absent) if rng.random() < self.present_share else (*absent, *others)
            found = next((e for e in sources if _differs(e, rows) and self._serves(slot, e, columns)), None)
            if found is not None:
                rows.append(found)
                yield found

    def _serves(self, slot: Slot, entity: Entity, columns: tuple[Column, ...]) -> bool:
        return all(self._is_false(slot, entity, column, entity.nouns[0]) for column in columns)

    def _is_false(self, slot: Slot, row: Entity | None, column: Column, noun: str) -> bool:
        return self.prover.prove(claim_of(slot, row, column, noun), chosen=False).failure is None

    def _group(self, slot: Slot, alternative: int, cells: tuple[Cell, ...], rng: Generator) -> CandidateGroup:
        wording = fact_wordings()[slot.wording]
        nouns = slot.row.nouns if slot.row else ("",)
        noun = nouns[int(rng.integers(len(nouns)))]
        ask = wording.question_templates[int(rng.integers(len(wording.questions)))]
        reply = wording.answer_templates[int(rng.integers(len(wording.answers)))]
        order = [int(i) for i in rng.permutation(len(cells))]
        answers = tuple(self._answer(slot, cells[0], cells[i], wording, reply, noun) for i in order)
        events = slot.events or tuple(s.interval for s in slot.stretches)
        if not events:
            events = tuple(s.interval for s in cells[0][1].stretches or ())
        intervals = event_intervals(self.clip, events)
        frames = frames_within(self.clip, intervals)
        rows = (*(row for row, _ in cells), slot.fixed)
        return CandidateGroup(
            group_id=_digest(self.clip.clip_id, slot.key, str(alternative)),
            slot_id=_slot_id(self.clip, slot),
            clip_id=self.clip.clip_id,
            question=question_text(slot, ask, noun),
            question_model=WRITER,
            question_type=PREDICATES[cells[0][1].predicate].question_type,
            axis=PREDICATES[cells[0][1].predicate].axis,
            form=slot.form,
            balance=features(slot, *cells[0]),
            balance_others=tuple(features(slot, *cells[i]) for i in order if i != 0),
            absent=self._absent(cells),
            open_words=slot.open_words,
            answers=answers,
            evidence=evidence(frames, rows),
            event_intervals=intervals,
            keyframe_indices=frames,
            prompt_hashes=(ask.digest, reply.digest),
        )

    def _absent(self, cells: tuple[Cell, ...]) -> tuple[str, ...]:
        """What the answers name and the clip does not contain: things, and colours."""
        shown = {track.colour.name for track in self.clip.scene.tracks if track.colour}
        things = [row.name for row, _ in cells if row and not row.in_video]
        colours = [c.value for _, c in cells if c.predicate is Predicate.HAS_COLOUR and c.value not in shown]
        return tuple(dict.fromkeys((*things, *(colour for colour in colours if colour))))

    def _answer(
        self, slot: Slot, true: Cell, cell: Cell, wording: Wording, reply: Template, noun: str
    ) -> CandidateAnswer:
        row, column = cell
        claim = claim_of(slot, row, column, noun)
        text, parts = answer_text(slot, row, column, wording, reply, noun)
        if cell == true:
            return CandidateAnswer(text=text, claims=(claim,), parts=parts, rejected_kind=None, model=WRITER)
        kind, axis, corruption = typed_edit(claim_of(slot, *true, noun), claim)
        return CandidateAnswer(
            text=text,
            claims=(claim,),
            parts=parts,
            rejected_kind=kind,
            adversary_axis=axis,
            corruption=corruption,
            model=WRITER,
        )

    def _unproven(self, slot: Slot, failures: Sequence[DropCause]) -> Drop:
        """The drop of a question without a true answer, for the reason of the value that came closest."""
        misses = [failure for failure in failures if failure.reason is not DropReason.CHOSEN_NOT_TRUE]
        if not misses:
            return self._drop(slot, DropCause(DropReason.CHOSEN_NOT_TRUE, "no value is proven"))
        return self._drop(slot, max(misses, key=lambda failure: failure.measured or 0.0))

    def _drop(self, slot: Slot, failure: DropCause) -> Drop:
        return failure.drop(_slot_id(self.clip, slot), ItemType.QUESTION, STAGE)


def _differs(entity: Entity, rows: Sequence[Entity | None]) -> bool:
    """Whether its colour is not near that of any row; otherwise the row without a neighbour would be the true one."""
    return all(row is None or (entity.name != row.name and not alike(entity, row)) for row in rows)


def _slot_id(clip: UnitClip, slot: Slot) -> str:
    return f"{clip.clip_id}/{slot.key}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]
