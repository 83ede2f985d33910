"""A question with two answers, each true of one stretch, becomes a group about the one and a twin about the other.

Both texts are chosen once and rejected once, so that no reader of texts alone can tell, whoever wrote them.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from numpy.random import Generator

from schemas.claim import Axis, Claim, QuestionType
from schemas.clip import UnitClip
from schemas.group import CandidateAnswer, CandidateGroup
from schemas.interval import Interval
from schemas.pair import Corruption, Evidence, RejectedKind
from schemas.text_span import TextSpan
from stages.claims.typed_edit import typed_edit_of_several
from stages.facts.evidence import frames_within


@dataclass(frozen=True)
class AloneAnswer:
    """An answer that is true of one of two stretches, and false of the other."""

    text: str
    claims: tuple[tuple[Claim, ...], tuple[Claim, ...]]
    """What it asserts of the first stretch, and of the second; empty where nothing is typed."""
    features: tuple[str, ...]
    """What the balance counts."""
    parts: tuple[TextSpan, ...] = ()
    """What was filled into a template."""
    track_ids: tuple[str, ...] = ()
    """The tracks that it refers to."""


@dataclass(frozen=True)
class AloneQuestion:
    """A question that fits each of two stretches."""

    key: str
    """Unique among the questions of the clip."""
    text: str
    """It names no time, and nothing that one of the stretches lacks."""
    question_type: QuestionType
    axis: Axis
    form: str
    stretches: tuple[Interval, Interval]
    """They share no frame."""
    answers: tuple[AloneAnswer, AloneAnswer]
    """The one that is true of the first stretch, and the one that is true of the second."""
    model: str
    """The writer or model that wrote the texts."""
    prompt_hashes: tuple[str, ...] = ()


def segment_twins(clip: UnitClip, asked: AloneQuestion, rng: Generator) -> tuple[CandidateGroup, CandidateGroup]:
    """The group about one of the stretches, drawn at random, and its twin about the other."""
    first = int(rng.integers(2))
    order = [int(i) for i in rng.permutation(2)]
    group_id = _digest(clip.clip_id, asked.key, *map(str, asked.stretches))
    group = _group(clip, asked, first, order, group_id, None)
    return group, _group(clip, asked, 1 - first, order, f"{group_id}-segment", group_id)


def _group(
    clip: UnitClip, asked: AloneQuestion, true: int, order: Sequence[int], group_id: str, twin_of: str | None
) -> CandidateGroup:
    """The group about the stretch with that number, of which the answer with that number is true."""
    stretch = asked.stretches[true]
    frames = frames_within(clip, [stretch])
    tracks = {track for answer in asked.answers for track in answer.track_ids}
    return CandidateGroup(
        group_id=group_id,
        slot_id=f"{clip.clip_id}/alone/{asked.key}",
        clip_id=clip.clip_id,
        twin_of=twin_of,
        shown_alone=stretch,
        question=asked.text,
        question_model=asked.model,
        question_type=asked.question_type,
        axis=asked.axis,
        form=asked.form,
        balance=asked.answers[true].features,
        balance_others=(asked.answers[1 - true].features,),
        answers=tuple(_answer(asked, place, true) for place in order),
        evidence=Evidence(frame_indices=frames, track_ids=tuple(sorted(tracks)), segment_ids=()),
        event_intervals=(),
        keyframe_indices=frames,
        prompt_hashes=asked.prompt_hashes,
    )


def _answer(asked: AloneQuestion, place: int, true: int) -> CandidateAnswer:
    answer, right = asked.answers[place], asked.answers[true]
    claims = answer.claims[true]
    wrong = place != true
    corruption = typed_edit_of_several(right.claims[true], claims)[2] if wrong else Corruption()
    return CandidateAnswer(
        text=answer.text,
        claims=claims,
        parts=answer.parts,
        rejected_kind=RejectedKind.RELEVANT if wrong else None,
        adversary_axis=asked.axis if wrong else None,
        corruption=corruption,
        model=asked.model,
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(("alone", *parts)).encode()).hexdigest()[:20]
