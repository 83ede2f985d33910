"""What an evaluation is told with --set."""

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
    """Of the options' order, the bootstrap and which groups --limit takes."""
    num_frames: int | None = Field(default=None, ge=1)
    """Frames of a clip; by default as in training, else what the family was made for, else all that are stored."""
    generate_groups: int = Field(default=200, ge=0)
    """At most so many questions are answered in the model's own words."""
    max_new_tokens: int = Field(default=64, ge=1)
    """Limit of such an answer."""
    choice_groups: int = Field(default=200, ge=0)
    """At most so many questions are put as multiple choice."""
    held_out_share: float | None = Field(default=None, ge=0, lt=1)
    """Of the videos, where the set has no validation split; by default as in training, else 0.05."""
    precision: Precision | None = None
    """bfloat16, float32 or float64; by default bfloat16 on a GPU, float32 on a CPU."""


def settings_of(overrides: Sequence[str]) -> EvaluateSettings:
    """The settings with each `key=value` in them; RecipeError for an unknown key or a value out of range."""
    try:
        return EvaluateSettings.model_validate(apply_overrides({}, overrides))
    except ValidationError as error:
        raise RecipeError(f"--set {first_problem(error, EvaluateSettings)}") from error
