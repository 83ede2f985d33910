"""The settings of an evaluation are set by key, and checked."""

import pytest

from pipeline.evaluation.settings import EvaluateSettings, settings_of
from schemas.errors import RecipeError
from trainer.recipe import Precision


def test_keys_are_set() -> None:
    """Each `key=value` changes its key, and the others keep their defaults."""
    changed = settings_of(["seed=3", "precision=float32", "num_frames=16"])
    assert changed == EvaluateSettings(seed=3, precision=Precision.FLOAT32, num_frames=16)
    assert settings_of([]) == EvaluateSettings()


@pytest.mark.parametrize("override", ["max_tokens=3", "seed=-1", "held_out_share=1", "precision=half", "seed"])
def test_what_is_unknown_or_out_of_range_is_refused(override: str) -> None:
    """In one line that names the key."""
    with pytest.raises(RecipeError, match=override.split("=", maxsplit=1)[0]) as caught:
        settings_of([override])
    assert "\n" not in str(caught.value)
