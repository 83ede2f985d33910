"""What is known of a loop's rounds: one record, from which everything else about the loop is computed."""

from typing import Self

from pydantic import Field, model_validator

from schemas.record import Record


class BuiltRound(Record):
    """The set that a round has built from the samples of the policy that it starts from."""

    pairs: int = Field(ge=0)
    """Pairs to train on: those of the split train."""
    proven: int = Field(ge=0)
    """Pairs of the set whose label a proof decided."""
    judged: int = Field(ge=0)
    """Pairs of the set whose label the judge decided."""
    samples: int = Field(default=0, ge=0)
    """Answers sampled, without duplicates."""
    sample_words: float | None = Field(default=None, ge=0)
    """Their mean length; null if nothing was sampled."""
    ties: int = Field(default=0, ge=0)
    """Pairs of samples between which the judge found no difference."""
    flips: int = Field(default=0, ge=0)
    """Pairs of samples of which the judge preferred another one when it saw them in the other order."""
    chosen_words: float | None = None
    """Mean length of the chosen answers; null without a pair."""
    rejected_words: float | None = None
    """Mean length of the rejected answers; null without a pair."""
    length_correlation: float = 0.0
    """r of label and length, see `length_correlation`; 0 if all answers are of one length, or there is none."""
    context_kept: int = Field(default=0, ge=0)
    """Clauses of contexts that the scene does not refute."""
    context_struck: int = Field(default=0, ge=0)
    """Clauses that were struck because the scene refutes them."""
    context_unknown: int = Field(default=0, ge=0)
    """Clauses, among those that were kept, of which the scene does not say whether they are true."""


class TrainedRound(Record):
    """What became of a round's training."""

    steps: int = Field(default=0, ge=0)
    """Optimiser steps; 0 if it was not trained."""
    skipped: str | None = None
    """Why it was not trained; null if it was."""
    diverged: str | None = None
    """How its training went wrong: its loss or gradient was not finite; null if it did not."""

    @property
    def has_policy(self) -> bool:
        """Whether the round has a policy of its own."""
        return self.skipped is None and self.diverged is None

    @model_validator(mode="after")
    def _has_one_end(self) -> Self:
        if self.skipped is not None and self.diverged is not None:
            raise ValueError("a training that was skipped cannot have diverged")
        return self


class JudgeAgreement(Record):
    """How often the judge of a round prefers what is proven, on the rendered clips."""

    asked: int = Field(ge=0)
    """Pairs of a true and a false answer that it judged, in both orders."""
    right: int = Field(ge=0)
    """Pairs of which it prefers the true answer in both orders."""
    wrong: int = Field(ge=0)
    """Pairs of which it prefers the false answer in both orders."""

    @property
    def share(self) -> float | None:
        """Of its consistent verdicts the share that is right; None if there is none."""
        decided = self.right + self.wrong
        return self.right / decided if decided else None


class RoundMeasures(Record):
    """How a round's policy does on what no round is trained on."""

    wins: tuple[float, ...] = Field(min_length=1)
    """Of each held-out pair: 1 if the chosen answer is more likely than the rejected one, 0 if not, 0.5 for a tie."""
    videos: tuple[int, ...]
    """The number of each pair's video."""
    answers: int = Field(ge=0)
    """Held-out questions that it answered in its own words."""
    whole: float = Field(ge=0, le=1)
    """Share of these answers that are complete sentences and end."""
    right: float = Field(ge=0, le=1)
    """Share of them that are the chosen answer."""
    answer_words: float = Field(ge=0)
    """Their mean length."""
    kl_per_token: float | None = Field(ge=0)
    """KL divergence of round 0 from the policy, nats per token, along round 0's own answers; 0 for round 0. Null if
    round 0 has written none."""
    agreement: JudgeAgreement | None = None
    """Of the judge with proofs; null if it was not measured."""

    @property
    def accuracy(self) -> float:
        """Share of the held-out pairs that it wins."""
        return sum(self.wins) / len(self.wins)

    @model_validator(mode="after")
    def _has_a_video_for_each(self) -> Self:
        if len(self.videos) != len(self.wins):
            raise ValueError(f"{len(self.wins)} pairs need as many videos, got {len(self.videos)}")
        return self


class RoundState(Record):
    """One round: what its phases have left. Round 0 is the model that the loop was given: it is measured alone."""

    number: int = Field(ge=0)
    built: BuiltRound | None = None
    """Null before it is built, and of round 0."""
    trained: TrainedRound | None = None
    """Null before that, and of round 0."""
    measured: RoundMeasures | None = None
    """Its policy; of a round without a policy of its own, the one that it started from. Null before that."""

    @property
    def has_policy(self) -> bool:
        """Whether it has a policy of its own: the model that the loop was given, or what it has trained."""
        return self.number == 0 or (self.trained is not None and self.trained.has_policy)


class LoopState(Record):
    """All rounds, in order; the last one may be under way."""

    rounds: tuple[RoundState, ...] = (RoundState(number=0),)

    @property
    def measured(self) -> tuple[RoundState, ...]:
        """The rounds that are done."""
        return tuple(one for one in self.rounds if one.measured is not None)

    @property
    def last(self) -> RoundState:
        """The round that is under way, or the last one that is done."""
        return self.rounds[-1]

    def policy_of(self, number: int) -> int:
        """The round whose policy a round ends with: its own, or an earlier one's if it has none; 0 is the model."""
        return max(one.number for one in self.rounds[: number + 1] if one.has_policy)

    def with_last(self, last: RoundState) -> Self:
        """The state with another record of the last round."""
        return self.model_copy(update={"rounds": (*self.rounds[:-1], last)})

    def with_next(self) -> Self:
        """The state with one more round."""
        return self.model_copy(update={"rounds": (*self.rounds, RoundState(number=len(self.rounds)))})

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        numbers = [one.number for one in self.rounds]
        if numbers != list(range(len(numbers))) or not numbers:
            raise ValueError(f"rounds must be numbered from 0, got {numbers}")
        return self
