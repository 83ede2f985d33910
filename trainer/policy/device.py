"""Where a model runs, that there is such a device, and that it is one for such a model."""

import torch
from torch import nn
from transformers import AutoConfig, AutoModelForImageTextToText

from schemas.errors import ModelError

_MOST_ON_A_CPU = 1_000_000_000
"""Weights of the largest model that a CPU is given unasked: a step of a 7B takes it minutes a group."""


def device_of(wanted: str | None, rank: int) -> str:
    """The device of a process: of the kind that is wanted, else a GPU, else the CPU; of GPUs its own."""
    kind = wanted or ("cuda" if torch.cuda.is_available() else "cpu")
    return f"cuda:{rank % max(1, torch.cuda.device_count())}" if kind == "cuda" else kind


def require_device(device: str, given: str) -> None:
    """ModelError where this machine has no such device; `given` says how it was asked for."""
    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:
        there = ", ".join(["cpu", *(f"cuda:{number}" for number in range(torch.cuda.device_count()))])
        raise ModelError(f"{given} is not there; this machine has {there}") from error


def refuse_large_on_cpu(
    path: str, device: str, *, asked_for: bool, given: str = "--model", instead: str = "--set engine.device=cpu"
) -> None:
    """ModelError where a large model would run on a CPU, unless the user asked for just that, as by `instead`."""
    if device != "cpu" or asked_for:
        return
    weights = weights_of(path)
    if weights > _MOST_ON_A_CPU:
        raise ModelError(
            f"{given} {path} has {weights / 1e9:.1f} billion weights and there is no GPU here: it would take hours; "
            f"use a machine with a GPU, or {instead} to try all the same"
        )


def weights_of(path: str) -> int:
    """Number of weights of a checkpoint, from its configuration alone."""
    with torch.device("meta"):
        config = AutoConfig.from_pretrained(path)
        model: nn.Module = AutoModelForImageTextToText.from_config(config)  # type: ignore[no-untyped-call]  # its own
    return sum(parameter.numel() for parameter in model.parameters())
