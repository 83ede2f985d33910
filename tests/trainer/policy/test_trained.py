"""What a training tells beside its policy is read back, or refused in one line."""

import json
from pathlib import Path

import pytest

from schemas.errors import ModelError
from trainer.policy.trained import POLICY_FILE, Trained, trained_of
from trainer.recipe import TrainRecipe


def test_the_recipe_of_a_policy_is_read_back(tmp_path: Path) -> None:
    """Frames and held-out share are those that it was trained with, and its base model is known."""
    recipe = TrainRecipe.model_validate({"data": {"num_frames": 4, "held_out_share": 0.2}})
    told = {"model": "someone/some-model", "recipe": recipe.model_dump(mode="json"), "num_frames": 4}
    (tmp_path / POLICY_FILE).write_text(json.dumps(told))
    assert trained_of(str(tmp_path)) == Trained(recipe, "someone/some-model", 4)


def test_a_policy_from_elsewhere_tells_nothing(tmp_path: Path) -> None:
    """An adapter that another program has trained, or a hub id, has no recipe."""
    assert trained_of(str(tmp_path)) is None
    assert trained_of("someone/some-model") is None


@pytest.mark.parametrize(
    "text", ["{", "{}", '{"recipe": {"data": {"frames": 4}}}', '{"recipe": {}, "model": "m"}', "[]"]
)
def test_a_damaged_policy_file_is_refused(tmp_path: Path, text: str) -> None:
    """The line names the file; nothing is evaluated with frames that were guessed."""
    (tmp_path / POLICY_FILE).write_text(text)
    with pytest.raises(ModelError, match=r"policy\.json cannot be read") as caught:
        trained_of(str(tmp_path))
    assert "\n" not in str(caught.value)
