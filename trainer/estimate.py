"""What a training will take, told before its first step: memory by what it is for, and time by arithmetic."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
import torch
from torch import nn
from transformers import AutoConfig, AutoModelForImageTextToText

from schemas.errors import ModelError, TrainingError
from trainer.families.chat import bare
from trainer.policy import TrainedPolicy
from trainer.recipe import AdapterKind, TrainRecipe

_MOST_ON_A_CPU = 1_000_000_000
"""Weights of the largest model that a CPU is given unasked: a step of a 7B takes it minutes a group."""
_KEPT_PER_TOKEN = 34
"""Numbers of the model's width that a layer keeps of a token for its backward pass (Korthikanti et al. 2022)."""
_EFFICIENCY = 0.45
"""Share of a matrix product's speed that a training reaches."""
_MATRIX = 1024


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
    """Of reading, decoding and encoding, a step; done in a thread meanwhile."""
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
        yield (
            f"time: about {clock(total_seconds)}: {self.steps} steps of {self.step_seconds:.2g} s{waits}; "
            f"reference scores {clock(self.reference_seconds)}"
        )
        if self.bytes > self.free_bytes:
            yield f"this may not fit; to lower it: {lower()}"


def lower() -> str:
    """What a user whose memory is used up may try, the cheapest first."""
    return (
        "--set engine.checkpointing=true, fewer frames (--set data.num_frames=8), "
        "--set adapter.kind=qlora, --set engine.eight_bit_optimiser=true, or --workers N --set engine.sharding=fsdp; "
        "what is not under engine. makes another policy, so give it an --out of its own"
    )


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
    tokens_per_step: Sequence[int],
    longest: Sequence[int],
    feed_seconds_a_token: float = 0.0,
) -> Estimate:
    """Estimate a training.

    Args:
        policy: the opened model.
        recipe: what is done.
        device: where.
        free: bytes that were free there before the model was opened.
        tokens_per_step: tokens of every optimiser step of this process.
        longest: tokens of each visual of the longest part of a group: all are held until its backward pass.
        feed_seconds_a_token: what it takes to read, decode and encode groups.
    """
    parameters = list(policy.model.parameters())
    weights = sum(parameter.numel() * parameter.element_size() for parameter in parameters)
    trained = [parameter for parameter in parameters if parameter.requires_grad]
    moments = 2 if recipe.engine.eight_bit_optimiser else 8
    optimiser = sum(parameter.numel() * (parameter.element_size() + moments) for parameter in trained)
    count = sum(parameter.numel() for parameter in parameters)
    seconds_per_token = 2 * count / (_EFFICIENCY * measured_flops(device, policy.compute))
    tokens = sum(tokens_per_step)
    tokens_a_step = tokens / max(1, len(tokens_per_step))
    return Estimate(
        weight_bytes=weights,
        optimiser_bytes=optimiser,
        activation_bytes=_activations(policy, longest, checkpointing=recipe.engine.checkpointing),
        free_bytes=free,
        compute_seconds=seconds_per_token * _passes(recipe) * tokens_a_step,
        feed_seconds=feed_seconds_a_token * tokens_a_step,
        steps=len(tokens_per_step),
        reference_seconds=seconds_per_token * tokens / recipe.run.epochs,
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


def clock(seconds: float) -> str:
    """A duration as h:mm:ss."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


@contextmanager
def memory_told(device: str) -> Iterator[None]:
    """Turn the end of memory into a TrainingError that says what to lower."""
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise TrainingError(
            f"the memory of {device} is used up; everything up to the last checkpoint is kept; try {lower()}"
        ) from error
