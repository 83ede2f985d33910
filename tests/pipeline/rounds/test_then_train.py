"""A build that ends with a training."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch
from rich.console import Console

from pipeline.rounds.then_train import Handoff, build_then_train
from schemas.errors import ModelError, RecipeError
from tests.trainer.checkpoints import checkpoint
from tests.trainer.trainings import training_set

TINY = ("run.precision=float32", "run.max_steps=1", "data.num_frames=2", "engine.device=cpu", "data.held_out_share=0")


def test_the_set_is_built_and_trained_on(tmp_path: Path) -> None:
    """The policy is there at the end, made from the set that the build has left."""
    ds, policy = tmp_path / "ds", tmp_path / "policy"
    handoff = Handoff("dpo", str(checkpoint("qwen2_5_vl")), str(policy), TINY, 1)
    build_then_train(Console(quiet=True), lambda: shutil.copytree(training_set(), ds), handoff, str(ds))
    assert (policy / "adapter_model.safetensors").is_file()


def test_what_the_training_needs_is_refused_before_the_build(tmp_path: Path) -> None:
    """A model that is not there ends the command before a video is looked at."""
    handoff = Handoff("dpo", str(tmp_path / "nowhere"), str(tmp_path / "policy"), TINY, 1)
    with pytest.raises(ModelError, match="nowhere"):
        build_then_train(Console(quiet=True), lambda: pytest.fail("it was built"), handoff, str(tmp_path / "ds"))


@pytest.mark.skipif(find_spec("bitsandbytes") is not None, reason="says what it is without bitsandbytes")
@pytest.mark.parametrize(
    ("key", "told"), [("adapter.kind=qlora", "bitsandbytes"), ("engine.device=cuda", "is not there")]
)
def test_so_is_what_it_needs_of_the_machine(tmp_path: Path, key: str, told: str) -> None:
    """A package or a device that is not there."""
    if key == "engine.device=cuda" and torch.cuda.is_available():
        pytest.skip("there is a GPU")
    handoff = Handoff("dpo", str(checkpoint("qwen2_5_vl")), str(tmp_path / "policy"), (key,), 1)
    with pytest.raises(ModelError, match=told):
        build_then_train(Console(quiet=True), lambda: pytest.fail("it was built"), handoff, str(tmp_path / "ds"))


def test_a_build_alone_needs_no_training(tmp_path: Path) -> None:
    """Without a recipe the build is all that happens."""
    built: list[str] = []
    build_then_train(
        Console(quiet=True), lambda: built.append("ds"), Handoff(None, None, None, (), None), str(tmp_path)
    )
    assert built == ["ds"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("dpo", None, "policy", (), None), "--then-train dpo needs --model"),
        (("dpo", None, None, (), 1), "needs --model and --policy"),
        ((None, "model", None, ("seed=1",), None), "--model and --train-set: only with --then-train"),
        ((None, None, None, (), 2), "--train-workers: only with --then-train"),
    ],
)
def test_half_a_training_is_refused(
    given: tuple[str | None, str | None, str | None, tuple[str, ...], int | None], told: str
) -> None:
    """What is missing, or stray, is named."""
    with pytest.raises(RecipeError, match=told):
        Handoff(*given)
