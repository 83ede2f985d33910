"""Where a model runs, and that there is such a device."""

import torch

from schemas.errors import ModelError


def device_of(wanted: str | None, rank: int) -> str:
    """The device of a process: the one that is wanted, else its own GPU, else the CPU."""
    if wanted is not None and not wanted.startswith("cuda"):
        return wanted
    if wanted is None and not torch.cuda.is_available():
        return "cpu"
    return wanted if wanted and ":" in wanted else f"cuda:{rank % max(1, torch.cuda.device_count())}"


def require_device(device: str, given: str) -> None:
    """ModelError where this machine has no such device; `given` says how it was asked for."""
    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:
        there = ", ".join(["cpu", *(f"cuda:{number}" for number in range(torch.cuda.device_count()))])
        raise ModelError(f"{given} is not there; this machine has {there}") from error
