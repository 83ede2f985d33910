"""What a training would fail on is an error before anything is written."""

import io
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.dataset.finished_set import FinishedSet
from pipeline.reviews.folder import ReviewFolder
from pipeline.reviews.review import Review
from pipeline.storage.location import Location
from pipeline.training.options import TrainOptions
from pipeline.training.run import check_training, run_train
from schemas.errors import DatasetError, ModelError, OutputError, RecipeError
from schemas.human_verdict import Judgement, texts_hash
from schemas.pair import Pair
from schemas.policy import PolicyManifest, WeightsType
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


def test_what_people_object_to_is_counted_in_the_policy(tmp_path: Path) -> None:
    """One pair is called wrong: its group and its twins are left out. The same folder without the verdicts is another
    training, which the policy is not of.
    """
    row = next(FinishedSet.open(str(training_set())).records(Pair, "pairs"))
    texts = texts_hash(row.question, row.chosen, row.rejected)
    Review(ReviewFolder(Location.parse(str(tmp_path / "r"))), "ann").say(
        row.pair_id, texts, {"judgement": Judgement.DOUBTFUL}
    )
    few = ("run.precision=float32", "data.num_frames=2", "data.max_groups=1", "data.held_out_share=0")
    asked = TrainOptions(
        "dpo",
        (str(training_set()),),
        str(checkpoint("qwen2_5_vl")),
        str(tmp_path / "policy"),
        few,
        reviews=(str(tmp_path / "r"),),
    )
    run_train(Console(file=io.StringIO()), asked)
    found = PolicyManifest.model_validate_json((tmp_path / "policy" / "policy.json").read_bytes())
    of_base = {pair.group_id for pair in FinishedSet.open(str(training_set())).records(Pair, "pairs")}
    assert 0 < found.left_out_groups < len(of_base)
    with pytest.raises(OutputError):
        run_train(Console(file=io.StringIO()), replace(asked, reviews=()))
