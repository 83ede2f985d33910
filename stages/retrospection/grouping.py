"""Consistent comparisons become groups: a sample, and those that it is better than."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence

from schemas.group import BY_SAMPLING, CandidateAnswer, CandidateGroup
from schemas.pair import PREFERRED, RejectedKind, Verdict
from schemas.samples import Comparison, Sample, SampledQuestion
from stages.payloads import RoundQuestion

_ID_DIGITS = 20


def groups_of(
    question: RoundQuestion, sampled: SampledQuestion, consistent: Sequence[Comparison], prompt_hashes: Sequence[str]
) -> list[CandidateGroup]:
    """A group for each sample that is better than another one, in the order in which they were drawn.

    Args:
        question: what was asked.
        sampled: its samples.
        consistent: the comparisons that make pairs.
        prompt_hashes: of the prompts of samples and verdicts.
    """
    samples = {sample.text: sample for sample in reversed(sampled.samples)}
    beaten: dict[str, list[tuple[str, Comparison]]] = defaultdict(list)
    for one in consistent:
        better, worse = (one.first, one.second) if one.first_is_better else (one.second, one.first)
        beaten[better].append((worse, one))
    model = sampled.model or ""
    return [
        _group(question, samples, better, beaten[better], model, prompt_hashes)
        for better in dict.fromkeys(sample.text for sample in sampled.samples)
        if better in beaten
    ]


def _group(
    question: RoundQuestion,
    samples: Mapping[str, Sample],
    better: str,
    beaten: Sequence[tuple[str, Comparison]],
    model: str,
    prompt_hashes: Sequence[str],
) -> CandidateGroup:
    answers = [_answer(samples[better], model, None), *(_answer(samples[worse], model, one) for worse, one in beaten)]
    group_id = hashlib.sha256(f"{question.question_id}\0{better}".encode()).hexdigest()[:_ID_DIGITS]
    return CandidateGroup(
        group_id=group_id,
        slot_id=question.question_id,
        clip_id=question.clip_id,
        shown=question.shown,
        question=question.text,
        question_model=question.model,
        question_type=question.question_type,
        axis=question.axis,
        form=BY_SAMPLING,
        balance=(),
        balance_others=((),) * len(beaten),
        # in an order that does not depend on which is true
        answers=tuple(sorted(answers, key=lambda one: hashlib.sha256(one.text.encode()).digest())),
        evidence=question.evidence,
        event_intervals=question.event_intervals,
        keyframe_indices=question.keyframe_indices,
        prompt_hashes=tuple(dict.fromkeys((*question.prompt_hashes, *prompt_hashes))),
    )


def _answer(sample: Sample, model: str, lost: Comparison | None) -> CandidateAnswer:
    """A sample as an answer; `lost`: the comparison in which it was the worse one."""
    judged = lost if lost is not None and lost.judge is not None else None
    return CandidateAnswer(
        text=sample.text,
        claims=sample.claims,
        rejected_kind=None if lost is None else RejectedKind.SELF_SAMPLED,
        adversary_axis=lost.reason_axis if lost else None,
        model=model,
        verdicts=() if judged is None else (_verdict(judged),),
    )


def _verdict(judged: Comparison) -> Verdict:
    """The judge's verdict, with the smaller one of the margins of both orders."""
    margins = [abs(margin) for margin in (judged.margin, judged.margin_if_second) if margin is not None]
    margin = min(margins, default=None)
    return Verdict(check=PREFERRED, passed=True, margin=margin, model=judged.judge, detail="both orders")
