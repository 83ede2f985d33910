"""The device of a model: which one, whether the machine has it, and whether it is large enough."""

import psutil
import torch
from torch import nn
from transformers import AutoConfig, AutoModelForImageTextToText

from schemas.errors import ModelError
from stages.models.video_llm.score import release_memory

_MOST_ON_A_CPU = 1_000_000_000
"""Weights of the largest model that runs on a CPU by default: a 7B model takes minutes per group."""


def device_of(wanted: str | None, rank: int) -> str:
    """The device of a process: of the wanted kind, else a GPU, else the CPU; each rank has its own GPU."""
    kind = wanted or ("cuda" if torch.cuda.is_available() else "cpu")
    return f"cuda:{rank % max(1, torch.cuda.device_count())}" if kind == "cuda" else kind


def require_device(device: str, given: str) -> None:
    """Raise ModelError if this machine has no such device; `given` names it as the user did."""
    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:
        existing = ", ".join(["cpu", *(f"cuda:{number}" for number in range(torch.cuda.device_count()))])
        raise ModelError(f"{given} does not exist; this machine has {existing}") from error


def refuse_large_on_cpu(
    path: str, device: str, *, asked_for: bool, given: str = "--model", instead: str = "--set engine.device=cpu"
) -> None:
    """Raise ModelError if a large model would run on a CPU by default; a user asks for it by `instead`."""
    if device != "cpu" or asked_for:
        return
    weights = weights_of(path)
    if weights > _MOST_ON_A_CPU:
        raise ModelError(
            f"{given} {path} has {weights / 1e9:.1f} billion weights and this machine has no GPU: it would take hours; "
            f"use a machine with a GPU, or {instead} to try anyway"
        )


def free_bytes(device: str) -> int:
    """Free memory of the device, in bytes."""
    if device.startswith("cuda"):
        return torch.cuda.mem_get_info(device)[0]
    return int(psutil.virtual_memory().available)


def refuse_too_little_memory(path: str, device: str, dtype: torch.dtype, *, given: str = "--model") -> None:
    """Raise ModelError if the weights of a checkpoint do not fit into the memory that is free: nothing is loaded."""
    release_memory()
    needed, free = weights_of(path) * dtype.itemsize, free_bytes(device)
    if needed > free:
        kind = str(dtype).removeprefix("torch.")
        raise ModelError(
            f"{given} {path}: its weights take {needed / 1e9:.2g} GB in {kind}, and {device} has {free / 1e9:.2g} GB "
            "free: end what else is there, or use a larger machine or a smaller model"
        )


def weights_of(path: str) -> int:
    """Number of weights of a checkpoint, computed from its configuration."""
    with torch.device("meta"):
        config = AutoConfig.from_pretrained(path)
        model: nn.Module = AutoModelForImageTextToText.from_config(config)  # type: ignore[no-untyped-call]  # its own
    return sum(parameter.numel() for parameter in model.parameters())
