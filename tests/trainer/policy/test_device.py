"""The device of a model."""

import pytest
import torch

from schemas.errors import ModelError
from tests.trainer.checkpoints import checkpoint
from trainer.policy import device
from trainer.policy.device import (
    device_of,
    refuse_large_on_cpu,
    refuse_too_little_memory,
    require_device,
    weights_of,
)


def test_each_rank_has_a_gpu_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """With two GPUs the third rank shares the first one; without a GPU, or if it is wanted, it is the CPU."""
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert [device_of(None, rank) for rank in range(3)] == ["cuda:0", "cuda:1", "cuda:0"]
    assert device_of("cpu", 1) == "cpu"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert device_of(None, 0) == "cpu"


def test_a_device_that_is_not_there_is_answered_with_those_that_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line names what was given and ends with the devices of this machine."""
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    require_device("cpu", "--device cpu")
    with pytest.raises(ModelError, match=r"^--device cuda:77 does not exist; this machine has cpu$"):
        require_device("cuda:77", "--device cuda:77")


def test_a_large_model_runs_on_a_cpu_only_if_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The weights of a checkpoint are counted without loading them; more than the limit are refused."""
    path = str(checkpoint("qwen2_5_vl"))
    weights = weights_of(path)
    assert 10_000 < weights < 10_000_000
    refuse_large_on_cpu(path, "cpu", asked_for=False)
    monkeypatch.setattr(device, "_MOST_ON_A_CPU", weights - 1)
    with pytest.raises(ModelError, match=r"--set engine\.device=cpu"):
        refuse_large_on_cpu(path, "cpu", asked_for=False)
    refuse_large_on_cpu(path, "cpu", asked_for=True)
    refuse_large_on_cpu(path, "cuda:0", asked_for=False)


def test_a_model_that_the_memory_cannot_hold_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A weight of float32 takes four bytes, one of bfloat16 two."""
    path = str(checkpoint("qwen2_5_vl"))
    monkeypatch.setattr(device, "free_bytes", lambda _: 4 * weights_of(path) - 1)
    refuse_too_little_memory(path, "cpu", torch.bfloat16)
    with pytest.raises(ModelError, match=r"--model .*its weights take .* GB in float32, and cpu has .* GB free"):
        refuse_too_little_memory(path, "cpu", torch.float32)
