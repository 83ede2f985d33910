"""What a training will take, told before its first step: memory by what it is for, and time by arithmetic."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
import torch

from schemas.errors import TrainingError
from stages.models.video_llm.chat import bare
from trainer.loop.progress import clock
from trainer.policy.policy import TrainedPolicy
from trainer.recipe import AdapterKind, TrainRecipe

_KEPT_PER_TOKEN = 34
"""Numbers of the model's width that a layer keeps of a token for its backward pass (Korthikanti et al. 2022)."""
_EFFICIENCY = 0.45
"""Share of a matrix product's speed that a training reaches."""
_MATRIX = 1024


@dataclass(frozen=True)
class Work:
    """What one process has still to do."""

    tokens_per_step: Sequence[int]
    """Tokens of every optimiser step that is left."""
    longest: Sequence[int]
    """Tokens of each visual of the longest part of a group: all are held until its backward pass."""
    reference_tokens: int = 0
    """Tokens that the reference reads once."""
    feed_seconds_a_token: float = 0.0
    """What it takes to decode and encode groups."""
    sharers: int = 1
    """Processes that share gradients and moments; each loads the whole weights first."""


@dataclass(frozen=True)
class Estimate:
    """Bytes and seconds of a training."""

    weight_bytes: int
    optimiser_bytes: int
    """Gradients and AdamW's two moments of what is trained."""
    activation_bytes: int
    """Of the longest part of a group."""
    free_bytes: int
    """Of the device, before the model was there."""
    compute_seconds: float
    """Of the model, a step."""
    feed_seconds: float
    """Of decoding and encoding, a step; done in a thread meanwhile."""
    steps: int
    reference_seconds: float
    """To fill the cache of reference scores, if none is there yet."""

    @property
    def bytes(self) -> int:
        """All of it."""
        return self.weight_bytes + self.optimiser_bytes + self.activation_bytes

    @property
    def step_seconds(self) -> float:
        """A step takes as long as the slower of the two."""
        return max(self.compute_seconds, self.feed_seconds)

    def lines(self) -> Iterator[str]:
        """What is printed."""
        parts = (self.weight_bytes, self.optimiser_bytes, self.activation_bytes, self.bytes, self.free_bytes)
        weights, optimiser, activations, total, free = (f"{part / 2**30:.1f}" for part in parts)
        yield (
            f"memory: about {total} GiB of {free}: weights {weights}, "
            f"gradients and optimiser {optimiser}, activations {activations}"
        )
        total_seconds = self.reference_seconds + self.steps * self.step_seconds
        waits = ", most of it to decode and encode the videos" if self.feed_seconds > self.compute_seconds else ""
        reference = f"; reference scores {clock(self.reference_seconds)}" if self.reference_seconds else ""
        yield f"time: about {clock(total_seconds)}: {self.steps} steps of {self.step_seconds:.2g} s{waits}{reference}"
        if self.bytes > self.free_bytes:
            yield f"this may not fit; to lower it: {lower()}"


def lower() -> str:
    """What a user whose memory is used up may try, the cheapest first."""
    return (
        "--set engine.checkpointing=true, fewer frames (--set data.num_frames=8), "
        "--set adapter.kind=qlora, --set engine.eight_bit_optimiser=true, or --workers N --set engine.sharding=fsdp; "
        "what is not under engine. makes another policy, so give it an --out of its own"
    )


def free_bytes(device: str) -> int:
    """Free memory of the device."""
    if device.startswith("cuda"):
        return torch.cuda.mem_get_info(device)[0]
    return int(psutil.virtual_memory().available)


def estimate(
    policy: TrainedPolicy,
    recipe: TrainRecipe,
    device: str,
    free: int,
    work: Work,
) -> Estimate:
    """Estimate a training.

    Args:
        policy: the opened model.
        recipe: what is done.
        device: where.
        free: bytes that were free there before the model was opened.
        work: what is still to be done.
    """
    parameters = list(policy.model.parameters())
    weights = sum(parameter.numel() * parameter.element_size() for parameter in parameters)
    trained = [parameter for parameter in parameters if parameter.requires_grad]
    moments = 2 if recipe.engine.eight_bit_optimiser else 8
    optimiser = sum(parameter.numel() * (parameter.element_size() + moments) for parameter in trained)
    optimiser //= work.sharers
    count = sum(parameter.numel() for parameter in parameters)
    seconds_per_token = 2 * count / (_EFFICIENCY * measured_flops(device, policy.compute))
    tokens_a_step = sum(work.tokens_per_step) / max(1, len(work.tokens_per_step))
    return Estimate(
        weight_bytes=weights,
        optimiser_bytes=optimiser,
        activation_bytes=_activations(policy, work.longest, checkpointing=recipe.engine.checkpointing),
        free_bytes=free,
        compute_seconds=seconds_per_token * _passes(recipe) * tokens_a_step,
        feed_seconds=work.feed_seconds_a_token * tokens_a_step,
        steps=len(work.tokens_per_step),
        reference_seconds=seconds_per_token * work.reference_tokens,
    )


def _passes(recipe: TrainRecipe) -> int:
    """Forward passes' worth of work of a step: the backward pass of a frozen weight is one, of a trained one two."""
    backward = 2 if recipe.adapter.kind is AdapterKind.FULL else 1
    return 1 + backward + int(recipe.engine.checkpointing)


def _activations(policy: TrainedPolicy, visuals: Sequence[int], *, checkpointing: bool) -> int:
    """Of what is computed a second time, one layer of one visual is there at a time."""
    text = bare(policy.model).config.get_text_config()
    width, layers = text.hidden_size, text.num_hidden_layers
    number, of_layer = width * policy.compute.itemsize, width * _KEPT_PER_TOKEN * policy.compute.itemsize // 2
    if checkpointing:
        return int(max(visuals) * of_layer + sum(visuals) * number * layers)
    return int(sum(visuals) * of_layer * layers)


def measured_flops(device: str, dtype: torch.dtype) -> float:
    """Operations a second of a matrix product there, by doing one."""
    size = _MATRIX * (8 if device.startswith("cuda") else 1)
    left = torch.randn(size, size, device=device).to(dtype)
    left @ left
    _wait(device)
    start = time.perf_counter()
    left @ left
    _wait(device)
    return float(2 * size**3 / max(1e-9, time.perf_counter() - start))


def _wait(device: str) -> None:
    if device.startswith("cuda"):
        torch.cuda.synchronize(device)


@contextmanager
def memory_told(device: str) -> Iterator[None]:
    """Turn the end of memory into a TrainingError that says what to lower."""
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise TrainingError(
            f"the memory of {device} is used up; everything up to the last checkpoint is kept; try {lower()}"
        ) from error
