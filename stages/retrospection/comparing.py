"""The samples to a question are compared with each other: by proof where their claims decide, else by the judge."""

import asyncio
import hashlib
from dataclasses import dataclass
from itertools import combinations, islice

from schemas.drop import DropCause, DropReason
from schemas.pair import Grounds
from schemas.samples import Comparison, ComparisonOutcome, Sample, SampledQuestion, SampleFate
from stages.models.chat import NoReply
from stages.payloads import RoundQuestion
from stages.retrospection.preferring import Preference, PreferenceJudge

_TIE = "neither is better, or not clearly"
_FLIP = "the better one changes with the order"
AGAINST_PROOF = "the judge contradicts the scene"
"""Detail of a comparison whose verdict in both orders is disproven."""
_BOTH_TRUE, _BOTH_FALSE = "both are true", "both are false"
_ID_DIGITS = 20


@dataclass(frozen=True)
class Compared:
    """One comparison, and why it is no pair."""

    comparison: Comparison
    failure: DropCause | None
    """None if it makes a pair."""


async def comparisons(judge: PreferenceJudge, question: RoundQuestion, sampled: SampledQuestion) -> list[Compared]:
    """All comparisons of samples that say different things, at most as many as the settings allow."""
    kept = [sample for sample in sampled.samples if sample.fate is SampleFate.KEPT]
    couples = islice(combinations(kept, 2), judge.settings.comparisons)
    return list(await asyncio.gather(*(_compared(judge, question, first, second) for first, second in couples)))


async def _compared(judge: PreferenceJudge, question: RoundQuestion, first: Sample, second: Sample) -> Compared:
    start = _start(question, first, second)
    if first.is_true is not None and second.is_true is not None and not judge.settings.examines_judge:
        return _by_proof(start, first_is_true=first.is_true, second_is_true=second.is_true)
    try:
        preference = await judge.preferred(first.text, second.text)
    except NoReply as failure:
        unjudged = {"outcome": ComparisonOutcome.UNJUDGED, "detail": failure.cause.detail}
        return Compared(start.model_copy(update=unjudged), failure.cause)
    judged = start.model_copy(update=_as_judged(preference))
    better = preference.first_is_better
    if better is None:
        detail = _FLIP if preference.outcome is ComparisonOutcome.FLIP else _TIE
        return _undecided(judged, detail, preference.least, preference.limit)
    if False in (_is_borne_out(first, better=better), _is_borne_out(second, better=not better)):
        tie = {"outcome": ComparisonOutcome.TIE, "first_is_better": None}
        return _undecided(judged.model_copy(update=tie), AGAINST_PROOF)
    return Compared(await _with_reason(judge, judged), None)


def _undecided(judged: Comparison, detail: str, measured: float | None = None, limit: float | None = None) -> Compared:
    cause = DropCause(DropReason.JUDGES_DISAGREE, detail, measured, limit)
    return Compared(judged.model_copy(update={"detail": detail}), cause)


async def _with_reason(judge: PreferenceJudge, judged: Comparison) -> Comparison:
    """The comparison with what the judge finds wrong about the worse sample, if it is asked."""
    texts = (judged.first, judged.second) if judged.first_is_better else (judged.second, judged.first)
    reason = await judge.reason(*texts) if judge.settings.reasons else None
    if reason is None:
        return judged
    axis = None if reason.axis == "none" else reason.axis
    return judged.model_copy(update={"reason_axis": axis, "reason_clause": reason.clause or None})


def _is_borne_out(sample: Sample, *, better: bool) -> bool:
    """Whether what is proven of a sample, if anything is, agrees with its being the better one, or the worse."""
    return sample.is_true is None or sample.is_true is better


def _by_proof(start: Comparison, *, first_is_true: bool, second_is_true: bool) -> Compared:
    if first_is_true is not second_is_true:
        decided = {"outcome": ComparisonOutcome.CONSISTENT, "first_is_better": first_is_true}
        return Compared(start.model_copy(update={**decided, "grounds": Grounds.PROVEN}), None)
    detail = _BOTH_TRUE if first_is_true else _BOTH_FALSE
    reason = DropReason.REJECTED_NOT_FALSE if first_is_true else DropReason.CHOSEN_NOT_TRUE
    tied = start.model_copy(update={"grounds": Grounds.PROVEN, "detail": detail})
    return Compared(tied, DropCause(reason, detail))


def _start(question: RoundQuestion, first: Sample, second: Sample) -> Comparison:
    """The comparison before anything is known: a tie."""
    named = "\0".join((question.question_id, first.text, second.text))
    return Comparison(
        comparison_id=hashlib.sha256(named.encode()).hexdigest()[:_ID_DIGITS],
        question_id=question.question_id,
        clip_id=question.clip_id,
        question=question.text,
        first=first.text,
        second=second.text,
        first_words=first.words,
        second_words=second.words,
        outcome=ComparisonOutcome.TIE,
        first_is_better=None,
        grounds=Grounds.JUDGED,
    )


def _as_judged(preference: Preference) -> dict[str, object]:
    return {
        "outcome": preference.outcome,
        "first_is_better": preference.first_is_better,
        "margin": preference.margin,
        "margin_if_second": preference.margin_if_second,
        "unit": preference.unit,
        "judge": preference.judge,
    }
