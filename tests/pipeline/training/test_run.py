"""What a training would fail on is an error before anything is written."""

import io
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.training.options import TrainOptions
from pipeline.training.run import check_training, run_train
from schemas.errors import DatasetError, ModelError, RecipeError
from schemas.policy import WeightsType
from tests.finished import write_set
from tests.trainer.checkpoints import checkpoint
from tests.trainer.trainings import training_set


@pytest.fixture
def options(tmp_path: Path) -> TrainOptions:
    """A training on a small set, by a model that is not there."""
    data = write_set(tmp_path / "ds").path
    return TrainOptions("dpo", (str(data),), str(tmp_path / "model"), str(tmp_path / "policy"))


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"recipe": "nothing"}, RecipeError),
        ({"overrides": ("loss.nothing=1",)}, RecipeError),
        ({"data": ("/nowhere",)}, DatasetError),
        ({"merge_dtype": WeightsType.FLOAT32}, RecipeError),
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
        check_training(replace(options, data=("/not/built/yet",), **changed))


def test_a_model_that_was_copied_again_is_the_same_model(tmp_path: Path) -> None:
    """On a machine that was started anew the model has another folder and other times: its policy is finished, not
    another recipe's.
    """
    said = io.StringIO()
    few = ("run.precision=float32", "data.num_frames=2", "data.max_groups=1", "data.held_out_share=0")
    for name in ("model", "copied"):
        model = Path(shutil.copytree(checkpoint("qwen2_5_vl"), tmp_path / name))
        for file in model.iterdir():
            os.utime(file)
        asked = TrainOptions("dpo", (str(training_set()),), str(model), str(tmp_path / "policy"), few)
        run_train(Console(file=said), asked)
    assert "finished already" in said.getvalue()
