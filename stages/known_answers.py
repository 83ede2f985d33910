"""A true and a false answer of each question stand in for samples: a judge is examined on them."""

from collections.abc import Iterator
from dataclasses import replace

from numpy.random import Generator

from schemas.drop import Drop
from schemas.samples import Sample, SampledQuestion, SampleFate, count_words
from stages.payloads import KnownAnswer, RoundQuestion, RoundVideo
from stages.stage import PixelReader, Stage


class KnownAnswers(Stage[RoundVideo, None, RoundVideo]):
    """Take the answers of each question that are proven true and false, the first of each. Drops nothing."""

    def open(self, _read: PixelReader, /) -> None:
        """Nothing is needed."""

    def process(self, item: RoundVideo, _tools: None, _rng: Generator, /) -> Iterator[RoundVideo | Drop]:
        """Yield the video with them."""
        yield replace(item, sampled=tuple(map(_sampled, item.questions)))


def _sampled(question: RoundQuestion) -> SampledQuestion:
    firsts = [next((one for one in question.answers if one.is_true is truth), None) for truth in (True, False)]
    both = [one for one in question.answers if one in firsts] if None not in firsts else []
    return SampledQuestion(
        question_id=question.question_id,
        clip_id=question.clip_id,
        question=question.text,
        question_type=question.question_type,
        axis=question.axis,
        has_forms=question.has_forms,
        asked=len(both),
        samples=tuple(map(_sample, both)),
        model=question.model,
    )


def _sample(known: KnownAnswer) -> Sample:
    words = count_words(known.text)
    return Sample(text=known.text, words=words, fate=SampleFate.KEPT, claims=known.claims, is_true=known.is_true)
