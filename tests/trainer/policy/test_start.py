"""What --model may name: whole weights, or an adapter that a training can go on from.

Covers trainer/policy/saved_adapter and start.
"""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from schemas.errors import ModelError
from stages.models.video_llm import open_family
from tests.trainer.checkpoints import checkpoint
from tests.trainer.policies import write_adapter
from trainer.policy.policy import open_policy
from trainer.policy.start import StartingPoint
from trainer.policy.trained import CHECKPOINTS
from trainer.recipe import AdapterConfig, Precision

NAME = "qwen2_5_vl"
FITTING = AdapterConfig(rank=4, alpha=8)
"""The settings of `write_adapter`."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An adapter that changes every score; not to be changed."""
    return write_adapter(NAME, tmp_path_factory.mktemp("adapter"))


@pytest.fixture
def adapter(written: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(written, tmp_path / "adapter"))


def change(folder: Path, **settings: Any) -> None:
    """Change what its adapter_config.json says."""
    file = folder / "adapter_config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | settings))


def test_an_adapter_names_its_model(adapter: Path) -> None:
    """The weights are those of the base; the adapter is known by the SHA-256 that `sha256sum` prints of its weights."""
    start = StartingPoint.of(str(adapter))
    assert start.model == str(checkpoint(NAME))
    assert start.record is not None
    assert start.record.path == str(adapter)
    assert start.record.sha256 == hashlib.sha256((adapter / "adapter_model.safetensors").read_bytes()).hexdigest()
    assert StartingPoint.of(str(checkpoint(NAME))) == StartingPoint(str(checkpoint(NAME)))
    assert StartingPoint.of("someone/some-model").record is None


def test_an_unfinished_training_is_nothing_to_start_from(tmp_path: Path) -> None:
    """The line names the option and says to finish it."""
    (tmp_path / CHECKPOINTS).mkdir()
    with pytest.raises(ModelError, match=r"--model .*its training has not finished"):
        StartingPoint.of(str(tmp_path))


@pytest.mark.parametrize(
    ("settings", "recipe", "named"),
    [
        ({}, {"rank": 8}, r"rank 4 and alpha 8, .* are 8 and 8: add --set adapter\.rank=4 .*or merge it"),
        ({"lora_alpha": 4}, {}, r"rank 4 and alpha 4, .*--set adapter\.alpha=4, or merge it"),
        ({}, {"kind": "full"}, r"adapter\.kind=full trains whole weights: merge it"),
        ({"use_rslora": True}, {}, "an adapter with use_rslora, .*: merge it"),
        ({"peft_type": "IA3"}, {}, "an adapter with peft_type IA3, .*: merge it"),
    ],
)
def test_an_adapter_of_another_kind_is_refused_in_one_line(
    adapter: Path, settings: dict[str, Any], recipe: dict[str, Any], named: str
) -> None:
    """Other rank, other scaling, whole weights, other forms: the line says to merge."""
    change(adapter, **settings)
    start = StartingPoint.of(str(adapter))
    assert start.adapter is not None
    with pytest.raises(ModelError, match=named) as caught:
        start.adapter.refuse_unfit(AdapterConfig.model_validate(FITTING.model_dump() | recipe))
    assert "\n" not in str(caught.value)


def test_an_adapter_without_a_base_is_refused(adapter: Path) -> None:
    """Nobody knows which model it belongs to; nor if its settings are no JSON."""
    change(adapter, base_model_name_or_path=None)
    with pytest.raises(ModelError, match="names no base model"):
        StartingPoint.of(str(adapter))
    (adapter / "adapter_config.json").write_text("{")
    with pytest.raises(ModelError, match=r"adapter_config\.json cannot be read"):
        StartingPoint.of(str(adapter))


def opened(adapter: Path) -> dict[str, torch.Tensor]:
    """The trained weights of a policy that goes on from the adapter, by name."""
    start, family = StartingPoint.of(str(adapter)), open_family(str(checkpoint(NAME)))
    policy = open_policy(family, FITTING, Precision.FLOAT64, "cpu", checkpointing=False, start=start.adapter)
    assert not policy.keeps_reference
    return {name: weights for name, weights in policy.model.named_parameters() if weights.requires_grad}


def test_a_policy_begins_with_the_weights_of_its_start(adapter: Path) -> None:
    """All of them, at the precision of the computation."""
    stored = load_file(adapter / "adapter_model.safetensors")
    held = {name.replace(".default", ""): weights for name, weights in opened(adapter).items()}
    assert held.keys() == stored.keys()
    assert {weights.dtype for weights in held.values()} == {torch.float64}
    assert all(torch.equal(held[name], stored[name].double()) for name in stored)


@pytest.mark.parametrize("changed", ["missing", "larger", "left over", "damaged"])
def test_an_adapter_of_other_layers_is_refused(adapter: Path, changed: str) -> None:
    """No layer is left as it was without a word."""
    file = adapter / "adapter_model.safetensors"
    tensors = load_file(file)
    name = min(tensors)
    if changed == "larger":
        tensors[name] = tensors[name].repeat(2, 2)
    elif changed == "left over":
        tensors[name.replace("layers.0", "layers.9")] = tensors[name].clone()
    else:
        del tensors[name]
    save_file(tensors, file)
    if changed == "damaged":
        file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(ModelError, match=r"cannot be read|does not fit .* 1 tensors differ"):
        opened(adapter)
