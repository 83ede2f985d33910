"""A build that ends with a training."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch
from rich.console import Console

import pipeline.rounds.then_train
from pipeline.build.run import BuildOptions
from pipeline.rounds.then_train import build_then_train, train_options
from pipeline.training.options import TrainOptions
from schemas.errors import ModelError, RecipeError
from tests.trainer.checkpoints import checkpoint
from tests.trainer.trainings import training_set

TINY = (
    "run.precision=float32",
    "run.max_steps=1",
    "data.num_frames=2",
    "data.max_groups=1",
    "engine.device=cpu",
    "data.held_out_share=0",
)
BUILD = BuildOptions("default", "videos", "ds")


def options(folder: Path, model: Path | None = None, overrides: tuple[str, ...] = TINY) -> TrainOptions:
    """A training on `folder`/ds."""
    model = model or checkpoint("qwen2_5_vl")
    return TrainOptions("dpo", (str(folder / "ds"),), str(model), str(folder / "policy"), overrides)


def test_the_set_is_built_and_trained_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The build gets its own options, and the policy is made from the set that it has left."""
    built: list[BuildOptions] = []

    def build(_console: Console, given: BuildOptions) -> None:
        built.append(given)
        shutil.copytree(training_set(), tmp_path / "ds")

    monkeypatch.setattr(pipeline.rounds.then_train, "run_build", build)
    build_then_train(Console(quiet=True), BUILD, options(tmp_path))
    assert built == [BUILD]
    assert (tmp_path / "policy" / "adapter_model.safetensors").is_file()


@pytest.fixture
def no_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build fails the test."""
    monkeypatch.setattr(pipeline.rounds.then_train, "run_build", lambda *_: pytest.fail("it was built"))


@pytest.mark.usefixtures("no_build")
def test_a_model_that_does_not_exist_is_refused_before_the_build(tmp_path: Path) -> None:
    """The command ends before a video is read."""
    with pytest.raises(ModelError, match="nowhere"):
        build_then_train(Console(quiet=True), BUILD, options(tmp_path, model=tmp_path / "nowhere"))


@pytest.mark.usefixtures("no_build")
@pytest.mark.skipif(find_spec("bitsandbytes") is not None, reason="needs a machine without bitsandbytes")
@pytest.mark.parametrize(
    ("key", "problem"), [("adapter.kind=qlora", "bitsandbytes"), ("engine.device=cuda", "does not exist")]
)
def test_so_is_what_the_machine_lacks(tmp_path: Path, key: str, problem: str) -> None:
    """A package that is not installed, or a device that does not exist, ends the command before the build."""
    if key == "engine.device=cuda" and torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    with pytest.raises(ModelError, match=problem):
        build_then_train(Console(quiet=True), BUILD, options(tmp_path, overrides=(key,)))


def test_options_of_the_command_line_become_a_training() -> None:
    """Without a recipe there is no training; with one, the number of processes is 1 unless it is given."""
    assert train_options("ds", None, None, None, (), None) is None
    assert train_options("ds", "dpo", "m", "p", ("seed=1",), None) == TrainOptions(
        "dpo", ("ds",), "m", "p", ("seed=1",)
    )
    assert train_options("ds", "dpo", "m", "p", (), 2) == TrainOptions("dpo", ("ds",), "m", "p", workers=2)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (("dpo", None, "policy", (), None), "--then-train dpo needs --model"),
        (("dpo", None, None, (), 1), "needs --model and --policy"),
        ((None, "model", None, ("seed=1",), None), "--model and --train-set: only with --then-train"),
        ((None, None, None, (), 2), "--train-workers: only with --then-train"),
    ],
)
def test_half_a_training_is_refused(
    given: tuple[str | None, str | None, str | None, tuple[str, ...], int | None], problem: str
) -> None:
    """The missing, or superfluous, options are named."""
    with pytest.raises(RecipeError, match=problem):
        train_options("ds", *given)
