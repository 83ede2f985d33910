"""The settings of the scripted server."""

from enum import StrEnum

from pydantic import Field

from pipeline.scripted.faults import Faults
from schemas.record import Record


class SchemaSupport(StrEnum):
    """What the server does with the JSON schema of a reply."""

    ENFORCED = "enforced"
    IGNORED = "ignored"
    """As `transformers serve` does: the reply is JSON between sentences."""
    REFUSED = "refused"
    """Status 400."""


class Errors(Record):
    """How often roles are wrong. An error is fixed for each item and check: asked again, the server errs again."""

    writer: float = Field(default=0.0, ge=0, le=1)
    """Share of answers that are false though they should be true, or true though they should be false."""
    judge: float = Field(default=0.0, ge=0, le=1)
    """Share of verdicts that are turned round."""


class Habits(Record):
    """How the policy and the judge of a round of self-sampling behave; what they do is fixed for each item."""

    right: float = Field(default=0.6, ge=0, le=1)
    """Share of samples that are true."""
    wordy: float = Field(default=0.5, ge=0, le=1)
    """Share of samples with further words that say nothing; not of those whose form the prompt names."""
    position_bias: float = Field(default=0.0, ge=0, le=1)
    """Share of comparisons in which the judge prefers what is shown first, in either order."""
    length_bias: float = Field(default=0.0, ge=0, le=1)
    """Share of comparisons in which it prefers the longer answer; both shares together are at most 1."""
    planted: tuple[str, ...] = ()
    """Nouns of things that every context names, though they are not there."""


class ServerSettings(Record):
    """What the scripted server knows, how fast it is, and what it gets wrong."""

    manifest: str | None = None
    """Manifest of the videos it knows, with their annotations; null: replies are the shortest that fit their schema."""
    host: str = "127.0.0.1"
    """Address that it listens on."""
    port: int = Field(default=0, ge=0, le=65535)
    """Port; 0 for any that is free."""
    seed: int = 0
    """Seed of all that is drawn: faults, errors and wordings."""
    models: tuple[str, ...] = ("scripted",)
    """Names of the models that it lists and answers for."""
    key: str | None = None
    """The key that requests must carry; null: none is needed."""
    slots: int | None = Field(default=None, ge=1)
    """Requests that it works on at a time; one more gets status 429. Null: any number."""
    latency_seconds: float = Field(default=0.0, ge=0)
    """How long an answer takes."""
    slow_every: int = Field(default=0, ge=0)
    """Each request of this number takes `slow_seconds`; 0: none."""
    slow_seconds: float = Field(default=0.0, ge=0)
    """How long a slow answer takes."""
    sees: bool = True
    """False: status 400 for a request with images or a video."""
    video_url: bool = True
    """Whether it takes a list of JPEG frames as one video; else status 400."""
    context_tokens: int = Field(default=1_000_000, ge=1)
    """A longer prompt gets status 400."""
    schema_support: SchemaSupport = SchemaSupport.ENFORCED
    """What it does with the JSON schema of a reply."""
    logprobs: bool = True
    """Whether it gives log-probabilities; else the wish is ignored."""
    faults: Faults = Faults()
    """What goes wrong, and how often."""
    errors: Errors = Errors()
    """How often writers and judges are wrong."""
    habits: Habits = Habits()
    """How the policy and the judge of a round of self-sampling behave."""
