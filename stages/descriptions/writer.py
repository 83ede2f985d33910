"""The writer `descriptions`: groups of answers of three or four clauses, each of which is proven or disproven."""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice

from numpy.random import Generator
from pydantic import Field

from prompts.clauses import STYLES, description_wordings
from schemas.claim import Axis, Claim, QuestionType
from schemas.clip import UnitClip
from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.group import CandidateAnswer, CandidateGroup
from schemas.pair import Corruption, Evidence
from schemas.record import Record
from schemas.shown import AS_STORED, Shown
from schemas.text_span import TextSpan
from stages.claims.proof import ClipProver
from stages.claims.typed_edit import typed_edit_of_several
from stages.descriptions.clause import Clause
from stages.descriptions.clauses import proven_clauses
from stages.descriptions.edits import LEAST_EXCHANGED, edited_clips, exchangeable, visible_edits
from stages.descriptions.versions import LEAST_CHANGED, Clauses, Versions, changeable, plans
from stages.facts.evidence import frames_within
from stages.facts.twins import TwinMaker
from stages.planted.parts import LEAST_FRAMES

STAGE = "generate"
WRITER = "descriptions"
"""The name of this writer in the rows."""
_NOT_IN_ORDER = DropCause(DropReason.CHOSEN_NOT_TRUE, "no three clauses that follow each other in time")
_NOT_TOLD_APART = DropCause(DropReason.EDIT_NOT_VISIBLE, "no three edits that are told apart in each other's quarter")


class DescriptionWriter(Record):
    """Tells what is proven of a clip in order of time, and what is not true of it in the same words."""

    max_questions: int = Field(default=4, ge=0)
    """Most descriptions of what one clip shows; 0: none is asked for."""
    max_of_edits: int = Field(default=2, ge=0)
    """Most descriptions of edits that are planted into one clip; 0: none is asked for. Each is asked for twice, of the
    edits in two orders. They count as questions about planted edits."""

    def prompts(self) -> tuple[str, ...]:
        """The wordings, and the code that fills them."""
        return ("descriptions", "clauses.py", "template.py")

    def write(
        self, clip: UnitClip, prover: ClipProver, twins: TwinMaker, rng: Generator, *, edits: bool
    ) -> Iterator[tuple[CandidateGroup, ...] | Drop]:
        """Yield each description as a group, with its twin if the mirrored or reversed clip has one.

        `edits`: whether edits may be planted.

        Drops: CHOSEN_NOT_TRUE if too few clauses are proven that a description can tell; of edits TOO_FEW_FRAMES, and
        EDIT_NOT_VISIBLE if too few can be seen in each other's quarter, or told apart there.
        """
        if self.max_questions > 0:
            yield from self._of_clip(clip, prover, twins, rng)
        if edits and self.max_of_edits > 0:
            yield from self._of_edits(clip, prover, rng)

    def _of_clip(
        self, clip: UnitClip, prover: ClipProver, twins: TwinMaker, rng: Generator
    ) -> Iterator[tuple[CandidateGroup, ...] | Drop]:
        clauses = proven_clauses(prover, rng)
        found = plans(clauses, lambda clause: _truth(clause, prover), rng)
        number = -1
        for number, plan in enumerate(islice(found, self.max_questions)):
            group = _group(clip, f"description.{number}", plan, AS_STORED, rng)
            twin = twins.twin(group, rng)
            yield (group, twin) if twin else (group,)
        if number < 0:
            said = changeable(clauses)
            few = DropCause(DropReason.CHOSEN_NOT_TRUE, "things that can be said otherwise", said, LEAST_CHANGED)
            yield _drop(clip, "description", few if said < LEAST_CHANGED else _NOT_IN_ORDER)

    def _of_edits(
        self, clip: UnitClip, prover: ClipProver, rng: Generator
    ) -> Iterator[tuple[CandidateGroup, ...] | Drop]:
        key, number = "planted/description", -1
        if len(clip.frames) < LEAST_FRAMES:
            yield _drop(clip, key, DropCause(DropReason.TOO_FEW_FRAMES, "frames", len(clip.frames), LEAST_FRAMES))
            return
        visible = visible_edits(clip, prover)
        found = edited_clips(clip, visible, prover, rng)
        for number, (one, other) in enumerate(islice(found, self.max_of_edits)):
            first = _group(clip, f"{key}.{number}", Versions("order", one.clauses, (other.clauses,)), one.shown, rng)
            yield first, _sibling(first, other.shown)
        if number < 0:
            seen = exchangeable(visible)
            few = DropCause(DropReason.EDIT_NOT_VISIBLE, "edits that can be exchanged", seen, LEAST_EXCHANGED)
            yield _drop(clip, key, few if seen < LEAST_EXCHANGED else _NOT_TOLD_APART)


def _truth(clause: Clause, prover: ClipProver) -> bool | None:
    """Whether a clause is proven true, or false; None if neither is."""
    if prover.single_frame_failure(clause.claim, ()):
        return None
    for truth in (True, False):
        if prover.prove(clause.claim, chosen=truth).failure is None:
            return truth
    return None


def _drop(clip: UnitClip, key: str, cause: DropCause) -> Drop:
    return cause.drop(f"{clip.clip_id}/{key}", ItemType.QUESTION, STAGE)


def _group(clip: UnitClip, key: str, plan: Versions, shown: Shown, rng: Generator) -> CandidateGroup:
    style = int(rng.integers(STYLES))
    wordings = description_wordings()
    asked = wordings.ask if shown == AS_STORED else wordings.ask_edits
    ask = asked[int(rng.integers(len(asked)))]
    versions = (plan.true, *plan.false)
    order = [int(i) for i in rng.permutation(len(versions))]
    frames = frames_within(clip, [interval for clause in plan.true for interval in clause.claim.intervals])
    tracks = sorted({track for version in versions for clause in version for track in clause.claim.subject_tracks})
    features = [_features(plan, version) for version in versions]
    return CandidateGroup(
        group_id=hashlib.sha256("\0".join((WRITER, clip.clip_id, key)).encode()).hexdigest()[:20],
        slot_id=f"{clip.clip_id}/{key}",
        clip_id=clip.clip_id,
        shown=shown,
        question=ask.text,
        question_model=WRITER,
        question_type=QuestionType.SEQUENCE,
        axis=Axis.TEMPORAL,
        form=plan.form,
        balance=features[0],
        balance_others=tuple(features[i] for i in order if i != 0),
        absent=_absent(versions),
        answers=tuple(_answer(versions[i], plan.true, style) for i in order),
        evidence=Evidence(frame_indices=frames, track_ids=tuple(tracks)),
        event_intervals=(),
        keyframe_indices=frames,
        prompt_hashes=(ask.digest,),
    )


def _absent(versions: Iterable[Clauses]) -> tuple[str, ...]:
    """The kinds of things that are named and are not in the video."""
    claims = (clause.claim for version in versions for clause in version)
    return tuple(dict.fromkeys(claim.noun for claim in claims if claim.noun and not claim.in_video))


def _sibling(group: CandidateGroup, shown: Shown) -> CandidateGroup:
    """The same texts about the other version of the clip, of which the other answer is true."""
    [false] = group.rejected
    true = group.chosen.claims
    kind, axis, corruption = typed_edit_of_several(false.claims, true)
    parts: dict[tuple[Claim, ...], dict[str, object]] = {
        true: {"rejected_kind": kind, "adversary_axis": axis, "corruption": corruption},
        false.claims: {"rejected_kind": None, "adversary_axis": None, "corruption": Corruption()},
    }
    answers = (answer.model_copy(update=parts[answer.claims]) for answer in group.answers)
    return group.model_copy(
        update={
            "group_id": f"{group.group_id}-reversed",
            "twin_of": group.group_id,
            "shown": shown,
            "answers": tuple(answers),
            "balance": group.balance_others[0],
            "balance_others": (group.balance,),
        }
    )


def _answer(version: Clauses, true: Clauses, style: int) -> CandidateAnswer:
    text, parts = "", list[TextSpan]()
    for clause in version:
        sentence = clause.sentence(style)
        start = len(text) + (1 if text else 0)
        text = f"{text} {sentence}" if text else sentence
        parts.append(TextSpan(start=start, end=start + len(sentence)))
    claims, trues = (tuple(clause.claim for clause in clauses) for clauses in (version, true))
    kind, axis, corruption = typed_edit_of_several(trues, claims)
    return CandidateAnswer(
        text=text,
        claims=claims,
        parts=tuple(parts),
        rejected_kind=kind,
        adversary_axis=axis,
        corruption=corruption,
        model=WRITER,
    )


def _features(plan: Versions, version: Clauses) -> tuple[str, ...]:
    """What the balance counts: what the clauses say in which the versions differ, alone and together."""
    differing = [i for i, clauses in enumerate(zip(plan.true, *plan.false, strict=True)) if len(set(clauses)) > 1]
    said = tuple(version[i].feature for i in differing)
    together = f"described_together={'<'.join(said)}"
    return (f"described_first={said[0]}", together) if plan.form == "order" else (*said, together)
