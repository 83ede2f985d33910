"""The settings of a loop of rounds, changed with --loop-set."""

from collections.abc import Sequence

from pydantic import Field, ValidationError

from pipeline.recipes.overrides import apply_overrides
from schemas.errors import RecipeError
from schemas.problems import first_problem
from schemas.record import Record


class StopSettings(Record):
    """When a loop ends before its last round. None of it can change a round, so a resume may change it."""

    rounds_without_gain: int = Field(default=2, ge=1)
    """The loop ends after so many rounds running whose gain over the best round is at most 0."""
    answer_growth: float = Field(default=0.1, gt=0)
    """Alarm if answers are longer than in the round before by more than this share."""
    length_correlation: float = Field(default=0.2, gt=0, le=1)
    """Alarm if |r| of label and length is above it, and cannot be by chance."""
    kl_per_token: float = Field(default=0.5, gt=0)
    """Alarm if the policy's KL divergence from round 0 is above it, in nats per token of round 0's own answers."""


class ProbeSettings(Record):
    """What every round's policy is measured on; the same in all rounds."""

    groups: int = Field(default=500, ge=1)
    """Held-out questions whose answers are compared, at most."""
    questions: int = Field(default=64, ge=1)
    """How many of them are answered in the policy's own words, too."""
    max_new_tokens: int = Field(default=64, ge=1)
    """Limit of such an answer, in tokens."""
    clips: int = Field(default=12, ge=0)
    """Clips that are rendered once, with known truth, to compare the judge with proofs; 0 for none."""
    seed: int = Field(default=0, ge=0)
    """Seed of the order of questions and of the bootstrap; another seed draws other ones."""


class LoopSettings(Record):
    """All settings of a loop."""

    min_pairs: int = Field(default=20, ge=1)
    """A round with fewer pairs to train on does not train, and is one without gain."""
    stop: StopSettings = StopSettings()
    """When the loop ends early."""
    probe: ProbeSettings = ProbeSettings()
    """What policies are measured on."""


def loop_settings(overrides: Sequence[str]) -> LoopSettings:
    """The settings with each `a.b=c` of --loop-set applied. RecipeError for an unknown key or a value out of range."""
    try:
        return LoopSettings.model_validate(apply_overrides({}, overrides))
    except ValidationError as error:
        raise RecipeError(f"--loop-set {first_problem(error, LoopSettings)}") from error
