"""A policy and its base model are opened side by side, or refused in one line."""

import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from schemas.errors import ModelError
from tests.trainer.checkpoints import checkpoint
from tests.trainer.policies import manifest_of, rows_of, shown, write_adapter
from trainer.answering.evaluate import Task, evaluate_group
from trainer.policy.side_by_side import BASE, POLICY, Placement, Policy, open_side_by_side
from trainer.policy.trained import write_manifest
from trainer.recipe import Precision, TrainRecipe

NAME = "qwen2_5_vl"
PLACEMENT = Placement("cpu", Precision.FLOAT64)


@pytest.fixture(scope="module")
def adapter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An adapter that changes every score."""
    return write_adapter(NAME, tmp_path_factory.mktemp("adapter"))


def test_whole_weights_are_compared_with_a_base_if_one_is_given() -> None:
    """Without --base a policy is alone; with itself as base both give the same scores."""
    merged = str(checkpoint(NAME))
    [alone] = open_side_by_side(Policy.at(merged), PLACEMENT)
    assert alone.name == POLICY
    base, policy = evaluate_group(open_side_by_side(Policy.at(merged, merged), PLACEMENT), shown(rows_of()), Task())
    assert base.logprobs == policy.logprobs


def trained_on(folder: Path, model: str, kind: str) -> Path:
    """`folder` with the policy.json that a training on `model` leaves."""
    write_manifest(folder, manifest_of(model, TrainRecipe.model_validate({"adapter": {"kind": kind}})))
    return folder


def test_weights_that_were_trained_here_know_their_base(tmp_path: Path) -> None:
    """policy.json names the base; --base overrides it, and a folder that no longer exists is not used."""
    model = str(checkpoint(NAME))
    merged = str(trained_on(Path(shutil.copytree(model, tmp_path / "merged")), model, "full"))
    assert [one.name for one in open_side_by_side(Policy.at(merged), PLACEMENT)] == [BASE, POLICY]
    assert Policy.at(merged, "elsewhere").base == "elsewhere"
    trained_on(Path(merged), str(tmp_path / "gone"), "full")
    assert Policy.at(merged).base is None


@pytest.mark.skipif(find_spec("bitsandbytes") is not None, reason="says what it is without bitsandbytes")
def test_an_adapter_of_a_model_in_4_bit_is_put_on_one(adapter: Path, tmp_path: Path) -> None:
    """Without bitsandbytes the line says so; --base selects whole weights."""
    folder = trained_on(Path(shutil.copytree(adapter, tmp_path / "q")), str(checkpoint(NAME)), "qlora")
    with pytest.raises(ModelError, match=r"trained on a model in 4 bit, needs bitsandbytes.*--base"):
        open_side_by_side(Policy.at(str(folder)), PLACEMENT)
    assert len(open_side_by_side(Policy.at(str(folder), str(checkpoint(NAME))), PLACEMENT)) == 2


def test_a_folder_that_holds_no_policy_is_refused(tmp_path: Path) -> None:
    """One line names the files that a policy needs."""
    with pytest.raises(ModelError, match=r"holds neither an adapter .* nor a model"):
        Policy.at(str(tmp_path))


def rewritten(adapter: Path, folder: Path, change: Callable[[str, torch.Tensor], tuple[str, torch.Tensor]]) -> Path:
    """The adapter with every tensor and its name changed."""
    shutil.copytree(adapter, folder)
    tensors = load_file(adapter / "adapter_model.safetensors")
    save_file(dict(change(*item) for item in tensors.items()), folder / "adapter_model.safetensors")
    return folder


@pytest.mark.parametrize(
    "change",
    [
        lambda name, tensor: (name, tensor.repeat(2, 2)),
        lambda name, tensor: (name.replace("layers.1", "layers.7"), tensor),
    ],
    ids=["of another size", "of other layers"],
)
def test_an_adapter_of_another_model_is_refused(
    adapter: Path, tmp_path: Path, change: Callable[[str, torch.Tensor], tuple[str, torch.Tensor]]
) -> None:
    """Weights of another size, or of other layers, are never left out silently; the line names --base."""
    policy = Policy.at(str(rewritten(adapter, tmp_path / "other", change)))
    with pytest.raises(ModelError, match=r"the adapter does not fit .*--base PATH") as caught:
        open_side_by_side(policy, PLACEMENT)
    assert "\n" not in str(caught.value)


def test_an_adapter_must_name_its_base(adapter: Path, tmp_path: Path) -> None:
    """Unless --base names it."""
    (tmp_path / "adapter_config.json").write_text('{"base_model_name_or_path": null}')
    with pytest.raises(ModelError, match="give --base PATH"):
        Policy.at(str(tmp_path))
    assert Policy.at(str(tmp_path), "elsewhere").weights == "elsewhere"
    assert Policy.at(str(adapter)).weights == str(checkpoint(NAME))


def test_a_device_that_does_not_exist_is_refused() -> None:
    """The line names the existing ones."""
    with pytest.raises(ModelError, match="--device cuda:99 does not exist; this machine has cpu"):
        Placement.of("cuda:99")


def test_a_cpu_computes_in_float32_by_default() -> None:
    """Log-probabilities are compared, and bfloat16 would not be faster on a CPU."""
    assert Placement.of("cpu").precision is Precision.FLOAT32
    assert Placement.of("cpu", Precision.FLOAT64).dtype is torch.float64
