"""A question and its answers become a group, with the visual negatives that a judge is to look at."""

import hashlib
from collections.abc import Sequence

from numpy.random import Generator

from schemas.clip import UnitClip
from schemas.group import BY_MODELS, CandidateAnswer, CandidateGroup
from schemas.interval import Interval
from schemas.pair import Evidence, VisualKind, VisualNegative
from stages.language.draft import DraftAnswer, DraftQuestion
from stages.language.evidence import frames_in

_TYPICAL_SHARE = 0.6  # evidence that covers more of the clip is no event: no stretch lacks it


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
    frames = frames_in([alone] if alone else question.evidence, clip)
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
        evidence=Evidence(frame_indices=frames),
        event_intervals=() if alone else question.evidence,
        keyframe_indices=frames,
        prompt_hashes=tuple(used),
    )


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


def with_negatives(
    group: CandidateGroup, clip: UnitClip, kinds: Sequence[VisualKind], rng: Generator
) -> CandidateGroup:
    """The group with the visual negatives that may break its preferred answer, where no claim decides it.

    A judge looks at each. Those with a segment are completed by `cut`: the first stretch of evidence shows the answer,
    and a stretch of the same length without evidence, drawn at random, does not.
    """
    seed = int(rng.integers(2**31))
    specs = [
        VisualNegative(level=kind.level, kind=kind, seed=seed)
        for kind in kinds
        if kind in (VisualKind.REVERSED, VisualKind.SHUFFLED)
    ]
    event = _event(group, clip)
    if event is None:
        return group.model_copy(update={"visual_negatives": tuple(specs)})
    inside = set(group.keyframe_indices)
    others = [index for index in range(len(clip.frames)) if index not in inside]
    if VisualKind.OTHER_FRAME in kinds and others:
        key = group.keyframe_indices[len(group.keyframe_indices) // 2]
        other = others[int(rng.integers(len(others)))]
        kind = VisualKind.OTHER_FRAME
        specs.append(VisualNegative(level=kind.level, kind=kind, preferred_frame_index=key, frame_index=other))
    lacking = _lacking(event, group.event_intervals, clip, rng) if VisualKind.OTHER_SEGMENT in kinds else None
    return group.model_copy(
        update={"visual_negatives": tuple(specs), "event_shown": event if lacking else None, "lacking": lacking}
    )


def _event(group: CandidateGroup, clip: UnitClip) -> Interval | None:
    """The first stretch of evidence; None if the evidence is most of the clip, or another stretch is shown alone."""
    length = clip.end_seconds - clip.start_seconds
    covered = sum(interval.duration_seconds for interval in group.event_intervals)
    return group.event_intervals[0] if group.event_intervals and covered <= _TYPICAL_SHARE * length else None


def _lacking(event: Interval, events: Sequence[Interval], clip: UnitClip, rng: Generator) -> Interval | None:
    """A stretch as long as the event, a frame away from all evidence; None if there is none."""
    length, tries = event.duration_seconds, 20
    spare = clip.end_seconds - clip.start_seconds - length
    for share in rng.random(tries):
        start = clip.start_seconds + float(share) * spare
        found = Interval(start_seconds=start, end_seconds=start + length)
        if all(found.overlap_seconds(other) <= 0 for other in events):
            return found
    return None
