"""A policy samples answers to a question; those that say the same are one."""

from collections.abc import Sequence

from schemas.claim import Claim
from schemas.pair import normalise_text
from schemas.samples import Sample, SampledQuestion, SampleFate, count_words
from stages.language.asking import Asker, Drawing
from stages.language.form import as_sentence, plain_failure
from stages.models.chat import ChatFrames, ModelRole, NoReply
from stages.payloads import KnownAnswer, RoundQuestion
from stages.retrospection.settings import Retrospect

PROMPT = "sample"


async def sampled(asker: Asker, question: RoundQuestion, shown: ChatFrames, settings: Retrospect) -> SampledQuestion:
    """The question with its samples; without any, and with the reason, if the policy gives no usable reply."""
    start = SampledQuestion(
        question_id=question.question_id,
        clip_id=question.clip_id,
        question=question.text,
        question_type=question.question_type,
        axis=question.axis,
        has_forms=question.has_forms,
        asked=settings.samples,
    )
    forms = [answer.text for answer in question.answers] if question.has_forms else []
    drawing = Drawing(settings.samples, settings.temperature, settings.top_p, some_suffice=True)
    try:
        reply = await asker.texts(ModelRole.TARGET, PROMPT, shown, drawing, question=question.text, forms=forms)
    except NoReply as failure:
        return start.model_copy(update={"no_reply": failure.reason})
    samples = told_apart([as_sentence(text) for text in reply.texts], question.answers)
    return start.model_copy(update={"samples": samples, "model": reply.model})


def told_apart(texts: Sequence[str], known: Sequence[KnownAnswer]) -> tuple[Sample, ...]:
    """The samples with what becomes of each.

    A sample that says what a known answer says, after normalising, is that answer, in its words and with its claims.
    """
    by_text = {normalise_text(answer.text): answer for answer in known}
    seen: set[object] = set()
    samples = []
    for text in texts:
        plain = normalise_text(text)
        answer = by_text.get(plain, KnownAnswer(text, (), None))
        says: set[object] = {plain, *([_unmeasured(answer.claims)] if answer.claims else [])}
        if answer.is_true is None and plain_failure(text) is not None:
            fate = SampleFate.UNUSABLE
        else:
            fate = SampleFate.REPEATED if says & seen else SampleFate.KEPT
            seen |= says
        samples.append(
            Sample(text=answer.text, words=count_words(text), fate=fate, claims=answer.claims, is_true=answer.is_true)
        )
    return tuple(samples)


def _unmeasured(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """The claims without their margins: two that assert the same are equal."""
    return tuple(claim.model_copy(update={"margin": None}) for claim in claims)
