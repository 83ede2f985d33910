"""The settings of an evaluation, changed with --set."""

from collections.abc import Sequence

from pydantic import Field, ValidationError

from pipeline.recipes.overrides import apply_overrides
from schemas.errors import RecipeError
from schemas.problems import first_problem
from schemas.record import Record
from trainer.recipe import Precision


class EvaluateSettings(Record):
    """The keys of --set."""

    seed: int = Field(default=0, ge=0)
    """Seed for the order of options, the bootstrap, and the groups that --limit takes."""
    num_frames: int | None = Field(default=None, ge=1)
    """Frames per clip; by default as in training, else as many as the model was made for, else all stored ones."""
    generate_groups: int = Field(default=200, ge=0)
    """Number of questions to answer in the model's own words, at most."""
    max_new_tokens: int = Field(default=64, ge=1)
    """Limit of such an answer, in tokens."""
    choice_groups: int = Field(default=200, ge=0)
    """Number of questions to ask as multiple choice, at most."""
    held_out_share: float | None = Field(default=None, ge=0, lt=1)
    """Share of the videos to hold out if the set has no validation split; by default as in training, else 0.05."""
    precision: Precision | None = None
    """bfloat16, float32 or float64; by default bfloat16 on a GPU, float32 on a CPU."""


def settings_of(overrides: Sequence[str]) -> EvaluateSettings:
    """The settings with each `key=value` applied. RecipeError for an unknown key or a value out of range."""
    try:
        return EvaluateSettings.model_validate(apply_overrides({}, overrides))
    except ValidationError as error:
        raise RecipeError(f"--set {first_problem(error, EvaluateSettings)}") from error
