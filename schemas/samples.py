"""What a policy was asked in a round, what it sampled, and which of two samples is better."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from schemas.claim import Axis, Claim, QuestionType
from schemas.context import ClipContext
from schemas.drop import DropReason
from schemas.pair import Grounds, normalise_text
from schemas.record import Record


def count_words(text: str) -> int:
    """Words of a text after normalising: what the length of an answer is measured in."""
    return len(normalise_text(text).split())


class SampleFate(StrEnum):
    """What becomes of one sample."""

    KEPT = "kept"
    """It is compared with the others."""
    REPEATED = "repeated"
    """Another sample says the same: in equal words, or with an equal claim."""
    UNUSABLE = "unusable"
    """It is no plain answer."""


class Sample(Record):
    """One answer that the policy sampled."""

    text: str
    """The answer on one line, with an end."""
    words: int
    """Its words, as `count_words` counts them."""
    fate: SampleFate
    """What became of it."""
    claims: tuple[Claim, ...] = ()
    """What it asserts: the claims of the answer that the set of questions holds in the same words; empty if it holds
    none."""
    is_true: bool | None = None
    """Whether the scene proves it true, or false; null if that is not known."""


class SampledQuestion(Record):
    """One question of a round with its samples."""

    question_id: str
    """The group of the set of questions; questions keep it in all rounds."""
    clip_id: str
    """The clip that it is about."""
    question: str
    """Its text."""
    question_type: QuestionType
    """Its type."""
    axis: Axis
    """Its axis."""
    has_forms: bool
    """Whether the prompt named the forms that an answer may have."""
    asked: int
    """How many samples were asked for."""
    samples: tuple[Sample, ...] = ()
    """Those that came, in order; of the others the reply was empty, cut off or refused."""
    model: str | None = None
    """The model that sampled; null if it gave no usable reply."""
    no_reply: DropReason | None = None
    """Why there is no sample; null if there is any."""


class ComparisonOutcome(StrEnum):
    """What a comparison gives."""

    CONSISTENT = "consistent"
    """The same sample is better in both orders, or by proof."""
    TIE = "tie"
    """Neither is better, or not clearly."""
    FLIP = "flip"
    """The other sample is better in the other order."""
    UNJUDGED = "unjudged"
    """The judge gave no usable reply."""


class MarginUnit(StrEnum):
    """What the margins of a comparison are measured in."""

    NATS = "nats"
    """Difference of log-probabilities: of the sample, and of the likelier one of the other sample and of neither."""
    VOTES = "votes"
    """Difference of shares of votes, likewise."""


class Comparison(Record):
    """Two samples of one question, compared by proof or by the judge; what agrees becomes a pair."""

    comparison_id: str = Field(min_length=1)
    """Unique in the set."""
    question_id: str
    """The question of both."""
    clip_id: str
    """The clip that it is about."""
    question: str
    """Its text."""
    first: str
    """The text of one sample."""
    second: str
    """The text of the other."""
    first_words: int
    """Words of the first, as `count_words` counts them."""
    second_words: int
    """Words of the second."""
    outcome: ComparisonOutcome
    """What it gives."""
    first_is_better: bool | None
    """Whether the first is the better one, or the second; null if they do not agree."""
    grounds: Grounds
    """proven if the claims of both decide, else judged."""
    detail: str | None = None
    """A fixed phrase that says why they do not agree."""
    margin: float | None = None
    """By how much the first is better if it is shown first; negative if it is worse. Null if it is proven."""
    margin_if_second: float | None = None
    """By how much it is better if it is shown second."""
    unit: MarginUnit | None = None
    """What the margins are measured in; null if it is proven."""
    judge: str | None = None
    """The model that judged; null if it is proven."""
    reason_axis: Axis | None = None
    """The axis on which the worse one is wrong, as the judge says; null if it names none, or was not asked."""
    reason_clause: str | None = None
    """The words of the worse one that the judge finds wrong; null likewise."""
    pair_id: str | None = None
    """The pair that it became; null if it is none, also if it was left out for the length of its answers."""

    @property
    def better_words(self) -> int:
        """Words of the better one. ValueError if none is."""
        return self._words(better=True)

    @property
    def worse_words(self) -> int:
        """Words of the worse one. ValueError if none is."""
        return self._words(better=False)

    def _words(self, *, better: bool) -> int:
        if self.first_is_better is None:
            raise ValueError(f"comparison {self.comparison_id}: neither sample is better")
        return self.first_words if self.first_is_better is better else self.second_words

    @model_validator(mode="after")
    def _names_the_better_one(self) -> Self:
        if (self.first_is_better is not None) != (self.outcome is ComparisonOutcome.CONSISTENT):
            raise ValueError(
                f"comparison {self.comparison_id}: {self.outcome}, but first_is_better is {self.first_is_better}"
            )
        return self


class Retrospection(Record):
    """What one video's unit of a round holds besides groups, clips and drops."""

    contexts: tuple[ClipContext, ...]
    """One for each clip, but those for which the writer gave no usable reply."""
    questions: tuple[SampledQuestion, ...]
    """All questions of the video."""
    comparisons: tuple[Comparison, ...]
    """All comparisons of samples."""
