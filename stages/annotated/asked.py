"""Annotated questions become groups: their truth rests on the annotation, unless claims fit their answers.

Of the wrong answers only those can serve that are right answers to questions of the same type about other videos;
otherwise a reader of the texts alone could tell them. Which these are is known only over the whole set: each choice of
wrong answers is an alternative, and finalise takes one whose texts are all true elsewhere.
"""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import combinations

from numpy.random import Generator

from schemas.annotations import AnnotatedQuestion, Annotations
from schemas.claim import Axis, Claim, QuestionType
from schemas.clip import UnitClip
from schemas.group import CandidateAnswer, CandidateGroup
from schemas.interval import Interval
from schemas.pair import ANNOTATED, Corruption, Evidence, RejectedKind, Verdict, is_complete, normalise_text
from stages.annotated.fitting import fitting_claims
from stages.claims.proof import ClipProver, ProofConfig
from stages.claims.typed_edit import typed_edit

WRITER = "annotations"
"""The name of this writer in the rows."""
_MOST_WRONG = 3
_EVIDENCE_SECONDS = 0.5  # before and after a moment at which the answer can be seen
_WHOLE_SECONDS = 0.1  # a clip that lacks no more of its video is the whole of it
AXES = {
    QuestionType.ACTION: Axis.TEMPORAL,
    QuestionType.SEQUENCE: Axis.TEMPORAL,
    QuestionType.CAMERA: Axis.TEMPORAL,
    QuestionType.DYNAMIC_ATTRIBUTE: Axis.CROSS_FRAME,
    QuestionType.DYNAMIC_RELATION: Axis.CROSS_FRAME,
    QuestionType.PLACE: Axis.CROSS_FRAME,
}
"""The axis of a question that states none; spatial for all other types."""


def asked(
    clip: UnitClip, annotations: Annotations, proof: ProofConfig, rng: Generator
) -> Iterator[tuple[CandidateGroup, ...]]:
    """For each annotated question with right and wrong answers its alternatives, proven where claims fit them.

    None if the clip is a part of its video only: the questions are about the whole.
    """
    if not is_whole_video(clip):
        return
    prover = ClipProver(clip, proof)
    for number, question in enumerate(annotations.questions):
        if question.certain and question.question_type is not None:
            alternatives = tuple(_alternatives(clip, number, question, question.question_type, rng))
            if alternatives:
                yield tuple(_proven(group, prover) for group in alternatives)


def is_whole_video(clip: UnitClip) -> bool:
    """Whether the clip is all of its video, which annotated questions are about."""
    return clip.duration_seconds_measured - (clip.end_seconds - clip.start_seconds) <= _WHOLE_SECONDS


def _alternatives(
    clip: UnitClip, number: int, question: AnnotatedQuestion, question_type: QuestionType, rng: Generator
) -> Iterator[CandidateGroup]:
    distinct = {normalise_text(text): text for text in reversed(question.wrong)}
    distinct.pop(normalise_text(question.answer), None)
    wrong = tuple(distinct.values())[:_MOST_WRONG]
    for count in range(1, len(wrong) + 1):
        for chosen in combinations(sorted(wrong), count):
            yield _group(clip, number, question, question_type, chosen, rng)


def _proven(group: CandidateGroup, prover: ClipProver) -> CandidateGroup:
    """The group with claims in place of the verdict, if claims fit all of its answers and are proven."""
    claims = fitting_claims(group.question, [answer.text for answer in group.answers], prover.view())
    if claims is None:
        return group
    true = claims[group.answers.index(group.chosen)]
    proofs = [prover.prove(claim, chosen=claim is true) for claim in claims]
    if any(proof.failure is not None for proof in proofs):
        return group
    answers = tuple(_with_claim(answer, claim, true) for answer, claim in zip(group.answers, claims, strict=True))
    return group.model_copy(update={"answers": answers})


def _with_claim(answer: CandidateAnswer, claim: Claim, true: Claim) -> CandidateAnswer:
    corruption = Corruption() if claim is true else typed_edit(true, claim)[2]
    return answer.model_copy(update={"claims": (claim,), "corruption": corruption, "verdicts": ()})


def _group(
    clip: UnitClip,
    number: int,
    question: AnnotatedQuestion,
    question_type: QuestionType,
    wrong: Sequence[str],
    rng: Generator,
) -> CandidateGroup:
    axis = question.axis or AXES.get(question_type, Axis.SPATIAL)
    texts = [question.answer, *wrong]
    order = [int(i) for i in rng.permutation(len(texts))]
    intervals = intervals_of(clip, question)
    frames = clip.frame_indices_in(intervals)
    slot_id = f"{clip.clip_id}/annotated.{number}"
    digest = hashlib.sha256("\0".join((slot_id, *wrong)).encode()).hexdigest()
    features = [(f"annotated_{question_type.value}={normalise_text(text)}",) for text in texts]
    return CandidateGroup(
        group_id=digest[:20],
        slot_id=slot_id,
        clip_id=clip.clip_id,
        question=_ended(question.question, "?"),
        question_model=WRITER,
        question_type=question_type,
        axis=axis,
        form="values",
        balance=features[0],
        balance_others=tuple(features[i] for i in order if i != 0),
        borrowed=tuple(wrong),
        answers=tuple(_answer(texts[i], question_type, None if i == 0 else axis) for i in order),
        evidence=Evidence(frame_indices=frames),
        event_intervals=intervals,
        keyframe_indices=frames,
    )


def _answer(text: str, question_type: QuestionType, wrong_axis: Axis | None) -> CandidateAnswer:
    return CandidateAnswer(
        text=_ended(text, "."),
        rejected_kind=None if wrong_axis is None else RejectedKind.RELEVANT,
        adversary_axis=wrong_axis,
        model=WRITER,
        verdicts=(Verdict(check=ANNOTATED, passed=True, detail=question_type.value),),
    )


def _ended(text: str, end: str) -> str:
    """The text as a sentence: with a capital letter, and an end."""
    words = " ".join(text.split())
    return words[0].upper() + words[1:] + ("" if is_complete(words) else end)


def intervals_of(clip: UnitClip, question: AnnotatedQuestion) -> tuple[Interval, ...]:
    """When the answer can be seen: around the given moments, or at any time."""
    inside = [at for at in question.evidence_seconds if clip.start_seconds <= at <= clip.end_seconds]
    if not inside:
        return (Interval(start_seconds=clip.start_seconds, end_seconds=clip.end_seconds),)
    joined: list[tuple[float, float]] = []
    for at in sorted(inside):
        start = max(clip.start_seconds, min(at - _EVIDENCE_SECONDS, clip.end_seconds - 2 * _EVIDENCE_SECONDS))
        end = min(clip.end_seconds, start + 2 * _EVIDENCE_SECONDS)
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(Interval(start_seconds=start, end_seconds=end) for start, end in joined)
