"""A question and its answers become a group."""

import hashlib
from collections.abc import Sequence

from numpy.random import Generator

from schemas.clip import UnitClip
from schemas.group import BY_MODELS, CandidateAnswer, CandidateGroup
from schemas.interval import Interval
from schemas.pair import Evidence
from stages.language.draft import DraftAnswer, DraftQuestion


def composed(
    clip: UnitClip,
    question: DraftQuestion,
    answers: Sequence[DraftAnswer],
    rng: Generator,
    *,
    alone: Interval | None = None,
    twin_of: str | None = None,
    hashes: Sequence[str] = (),
) -> CandidateGroup:
    """The group of a question, its preferred answer (the first) and its wrong ones, in an order that tells nothing.

    Args:
        clip: what the question is about.
        question: the question.
        answers: the preferred answer, then at least one wrong one.
        rng: the order.
        alone: the stretch that is shown alone; None for the whole clip.
        twin_of: the group whose twin this is.
        hashes: of further prompts that it was made with.
    """
    order = [int(place) for place in rng.permutation(len(answers))]
    frames = clip.frame_indices_in([alone] if alone else question.evidence)
    texts = "\0".join((question.slot_id, question.text, answers[0].text, *(f"{alone}",) * (alone is not None)))
    used = dict.fromkeys((question.prompt_hash, *(answer.prompt_hash for answer in answers), *hashes))
    return CandidateGroup(
        group_id=hashlib.sha256(texts.encode()).hexdigest()[:20],
        slot_id=question.slot_id,
        clip_id=clip.clip_id,
        twin_of=twin_of,
        shown_alone=alone,
        question=question.text,
        question_model=question.model,
        question_type=question.question_type,
        axis=question.axis,
        form=BY_MODELS,
        balance=(),
        balance_others=((),) * (len(answers) - 1),
        answers=tuple(_answer(answers[place]) for place in order),
        evidence=Evidence(frame_indices=frames, track_ids=_tracks(answers)),
        event_intervals=() if alone else question.evidence,
        keyframe_indices=frames,
        prompt_hashes=tuple(used),
    )


def _tracks(answers: Sequence[DraftAnswer]) -> tuple[str, ...]:
    """The tracks that proven answers name."""
    claims = [answer.claim for answer in answers if answer.claim is not None]
    return tuple(sorted({track for claim in claims for track in (*claim.subject_tracks, *claim.object_tracks)}))


def _answer(answer: DraftAnswer) -> CandidateAnswer:
    return CandidateAnswer(
        text=answer.text,
        claims=() if answer.claim is None else (answer.claim,),
        rejected_kind=answer.rejected_kind,
        adversary_axis=answer.adversary_axis,
        corruption=answer.corruption,
        model=answer.model,
        absent=answer.absent,
    )
