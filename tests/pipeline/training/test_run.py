"""What a training would fail on is an error before anything is written."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.training.options import TrainOptions
from pipeline.training.run import check_training, run_train
from schemas.errors import DatasetError, ModelError, RecipeError
from tests.finished import write_set


@pytest.fixture
def options(tmp_path: Path) -> TrainOptions:
    """A training on a small set, by a model that is not there."""
    data = write_set(tmp_path / "ds").path
    return TrainOptions("dpo", str(data), str(tmp_path / "model"), str(tmp_path / "policy"))


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"recipe": "nothing"}, RecipeError),
        ({"overrides": ("loss.nothing=1",)}, RecipeError),
        ({"data": "/nowhere"}, DatasetError),
    ],
)
def test_wrong_options_leave_nothing(
    options: TrainOptions, changed: dict[str, object], error: type[Exception], tmp_path: Path
) -> None:
    """The error is of what is wrong, and no folder is made for the policy."""
    with pytest.raises(error):
        run_train(Console(file=io.StringIO()), replace(options, **changed))
    assert not (tmp_path / "policy").exists()


@pytest.mark.parametrize(
    ("changed", "error"), [({}, ModelError), ({"recipe": "nothing"}, RecipeError), ({"overrides": ("a",)}, RecipeError)]
)
def test_a_training_is_checked_before_its_set_exists(
    options: TrainOptions, changed: dict[str, object], error: type[Exception]
) -> None:
    """Recipe and model are looked at although there is no set yet."""
    with pytest.raises(error):
        check_training(replace(options, data="/not/built/yet", **changed))
