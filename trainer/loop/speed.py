"""How fast a device is, measured with a matrix product and with one token of the model itself."""

import time
from collections.abc import Callable
from typing import Any

import torch

from stages.models.video_llm.chat import bare
from trainer.policy.policy import TrainedPolicy

_MATRIX = 1024


def measured_flops(device: str, dtype: torch.dtype) -> float:
    """Operations per second of a matrix product on the device."""
    size = _MATRIX * (8 if device.startswith("cuda") else 1)
    drawn = torch.Generator(device).manual_seed(0)  # equal numbers would be multiplied faster
    left = torch.randn(size, size, device=device, generator=drawn).to(dtype)
    return 2 * size**3 / _seconds(lambda: left @ left, device)


@torch.no_grad()
def measured_token_seconds(policy: TrainedPolicy) -> float:
    """Seconds in which the language model reads one token: what every token that it writes takes at least."""
    model = bare(policy.model)
    id_ = torch.zeros(1, 1, dtype=torch.long, device=policy.device)

    def read() -> Any:
        return model.model.language_model(inputs_embeds=model.get_input_embeddings()(id_), use_cache=False)

    with policy.computing():
        return _seconds(read, policy.device.type)


def _seconds(do: Callable[[], Any], device: str) -> float:
    """Of the second call."""
    do()
    _wait(device)
    start = time.perf_counter()
    do()
    _wait(device)
    return max(1e-9, time.perf_counter() - start)


def _wait(device: str) -> None:
    if device.startswith("cuda"):
        torch.cuda.synchronize(device)
