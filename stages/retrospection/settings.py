"""The section `retrospect:` of a recipe: one round of ISR-DPO."""

from pydantic import Field

from schemas.record import Record

PLACES = {"questions", "previous", "questions_per_clip"}
"""The fields of `Retrospect` that change no row: where sets lie, as hashes say which they are; and estimates."""


class Retrospect(Record):
    """How a round samples, looks back and judges."""

    questions: str | None = None
    """A finished set: its videos, clips, scenes and questions are those of the round."""
    questions_sha256: str | None = None
    """SHA-256 of that set's dataset.json, hex; null: it is computed."""
    previous: str | None = None
    """The set of the round before, whose contexts are gone on from; null for none."""
    previous_sha256: str | None = None
    """Likewise."""
    questions_per_clip: float = Field(default=8.0, ge=0)
    """Questions about a clip, for estimates; a build takes the number from the set of questions."""
    round: int = Field(default=1, ge=1)
    """The number of the round; each draws other samples."""
    reset_every: int = Field(default=3, ge=1)
    """In every round of this number after the first, contexts are written from the frames alone."""
    samples: int = Field(default=4, ge=2)
    """Answers sampled to each question."""
    temperature: float = Field(default=1.0, gt=0)
    """Of the samples."""
    top_p: float = Field(default=0.95, gt=0, le=1)
    """Share of the probability that the tokens of samples are drawn from."""
    max_answer_tokens: int = Field(default=96, ge=8)
    """Most tokens of a sample; a longer one is not used."""
    notes: int = Field(default=12, ge=1)
    """Most sentences of a context."""
    max_context_tokens: int = Field(default=1024, ge=64)
    """Most tokens of the reply that holds a context."""
    comparisons: int = Field(default=6, ge=1)
    """Most comparisons of samples to one question; 6 are all of 4 samples."""
    votes: int = Field(default=5, ge=1)
    """Verdicts that are sampled for each order, if the judge's server tells no log-probabilities."""
    least_margin_nats: float = Field(default=0.5, ge=0)
    """A verdict counts only if the log-probability of the better answer is ahead by as much, in both orders."""
    least_margin_votes: float = Field(default=0.5, ge=0, le=1)
    """The same for shares of votes."""
    examines_judge: bool = False
    """Whether the judge compares a true and a false answer of the set of questions, in place of samples, and although
    proof could decide: to learn how often it is right."""
    reasons: bool = True
    """Whether the judge is asked what is wrong about the worse answer."""

    @property
    def is_fresh(self) -> bool:
        """Whether contexts are written without those of the round before."""
        return (self.round - 1) % self.reset_every == 0
