"""The memory and time that a training needs, estimated before its first step."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor

from schemas.errors import TrainingError
from stages.models.video_llm.score import ScorePath
from trainer.loop.activations import kept_by_tower, measured_activations, rows_of
from trainer.loop.progress import clock
from trainer.loop.speed import measured_flops, measured_token_seconds
from trainer.loop.work import Looks, Work
from trainer.policy.policy import TrainedPolicy
from trainer.recipe import AdapterKind, TrainRecipe

_EFFICIENCY = 0.45
"""A training reaches this share of the speed of a matrix product."""
_MARGIN = 1.1
"""Memory that lies between tensors is lost, and the estimate may be too low by a few per cent."""


@dataclass(frozen=True)
class TrainingEstimate:
    """Bytes and seconds of a training."""

    weight_bytes: int
    optimiser_bytes: int
    """Gradients and AdamW's two moments of the trained weights."""
    activation_bytes: int
    """For the longest part of a group, at the peak of its forward and backward pass."""
    free_bytes: int
    """On the device, before the model was loaded."""
    compute_seconds: float
    """Per step, in the model."""
    feed_seconds: float
    """Per step, for decoding and encoding, which threads do meanwhile."""
    steps: int
    reference_seconds: float
    """To fill an empty cache of reference scores."""
    look_seconds: float = 0.0
    """For one evaluation of the held-out groups."""
    looks: int = 0
    """Evaluations of the held-out groups."""

    @property
    def bytes(self) -> int:
        """Weights, optimiser and activations."""
        return self.weight_bytes + self.optimiser_bytes + self.activation_bytes

    @property
    def step_seconds(self) -> float:
        """Time per step: the slower of compute and feed."""
        return max(self.compute_seconds, self.feed_seconds)

    def lines(self) -> Iterator[str]:
        """The lines to print."""
        parts = (self.weight_bytes, self.optimiser_bytes, self.activation_bytes, self.bytes, self.free_bytes)
        weights, optimiser, activations, total, free = (f"{part / 2**30:.1f}" for part in parts)
        yield (
            f"memory: about {total} GiB of {free} free: weights {weights}, "
            f"gradients and optimiser {optimiser}, activations {activations}"
        )
        looks_seconds = self.looks * self.look_seconds
        total_seconds = self.reference_seconds + self.steps * self.step_seconds + looks_seconds
        waits = ", most of it for decoding and encoding the videos" if self.feed_seconds > self.compute_seconds else ""
        reference = f"; reference scores {clock(self.reference_seconds)}" if self.reference_seconds else ""
        looks = f"; {self.looks} looks at held-out groups {clock(looks_seconds)}" if self.looks else ""
        yield (
            f"time: about {clock(total_seconds)}: {self.steps} steps of {self.step_seconds:.2g} s{waits}"
            f"{reference}{looks}"
        )
        if self.bytes * _MARGIN > self.free_bytes:
            yield f"this may not fit into memory; try {lower()}"


def lower() -> str:
    """Settings to try if the memory is too small, the cheapest first."""
    return (
        "--set engine.checkpointing=true, fewer frames (--set data.num_frames=8) or "
        "smaller ones (--set data.short_side=224), "
        "--set adapter.kind=qlora, --set engine.eight_bit_optimiser=true, or --workers N --set engine.sharding=fsdp; "
        "settings outside engine. change the policy: use a new --out for them"
    )


def estimate(policy: TrainedPolicy, recipe: TrainRecipe, free: int, work: Work, path: ScorePath) -> TrainingEstimate:
    """Estimate a training. Activations are measured on one layer; a frozen vision tower needs less, and earlier.

    Args:
        policy: the opened model.
        recipe: of the training.
        free: bytes that were free on the device before the model was opened.
        work: what is still to be done.
        path: how answers share a prompt.
    """
    parameters = list(policy.model.parameters())
    weights = sum(parameter.numel() * parameter.element_size() for parameter in parameters)
    count = sum(parameter.numel() for parameter in parameters)
    seconds_per_token = 2 * count / (_EFFICIENCY * measured_flops(str(policy.device), policy.compute))
    mean_tokens = sum(work.tokens_per_step) / max(1, len(work.tokens_per_step))
    return TrainingEstimate(
        weight_bytes=weights,
        optimiser_bytes=_optimiser_bytes(parameters, recipe, work),
        activation_bytes=_activation_bytes(policy, recipe, work, path),
        free_bytes=free,
        compute_seconds=seconds_per_token * _passes(recipe) * mean_tokens,
        feed_seconds=work.feed_seconds_per_token * mean_tokens,
        steps=len(work.tokens_per_step),
        reference_seconds=seconds_per_token * work.reference_tokens,
        look_seconds=_look_seconds(policy, work.looks, max(seconds_per_token, work.feed_seconds_per_token)),
        looks=work.looks.count,
    )


def _activation_bytes(policy: TrainedPolicy, recipe: TrainRecipe, work: Work, path: ScorePath) -> int:
    """Of the language model, and of a vision tower that is trained."""
    rows = [row for encoded in work.longest for row in rows_of(encoded, path)]
    tower = sum(kept_by_tower(policy, encoded) for encoded in work.longest) if recipe.adapter.train_vision else 0
    return tower + measured_activations(policy, path).peak(rows)


def _optimiser_bytes(parameters: Sequence[Tensor], recipe: TrainRecipe, work: Work) -> int:
    """Gradients, with the copies that are sent to other processes, and AdamW's two moments."""
    moments = 2 if recipe.engine.eight_bit_optimiser else 8
    copies = 2 if work.sends_gradients else 1
    trained = [parameter for parameter in parameters if parameter.requires_grad]
    of_all = sum(parameter.numel() * (copies * parameter.element_size() + moments) for parameter in trained)
    return of_all // work.sharers


def _look_seconds(policy: TrainedPolicy, looks: Looks, seconds_per_token: float) -> float:
    """Seconds of one evaluation: groups are scored, and questions answered token by token."""
    if not looks.count:
        return 0.0
    writing = looks.new_tokens * measured_token_seconds(policy) if looks.new_tokens else 0.0
    return looks.tokens * seconds_per_token + writing


def _passes(recipe: TrainRecipe) -> int:
    """Work of a step in forward passes: the backward pass of a frozen weight counts one, of a trained weight two."""
    backward = 2 if recipe.adapter.kind is AdapterKind.FULL else 1
    return 1 + backward + int(recipe.engine.checkpointing)


def peak_line(device: str, estimated: TrainingEstimate) -> str | None:
    """The most that tensors took since `reset_peak`, beside the estimate; None on a CPU, which does not tell."""
    if not device.startswith("cuda"):
        return None
    peak = torch.cuda.max_memory_allocated(device)
    return f"memory: {peak / 2**30:.1f} GiB at the peak, estimated {estimated.bytes / 2**30:.1f}"


def reset_peak(device: str) -> None:
    """Forget what was needed up to here, such as a comparison in float32."""
    if device.startswith("cuda"):
        torch.cuda.reset_peak_memory_stats(device)


@contextmanager
def out_of_memory_explained(device: str) -> Iterator[None]:
    """Turn an out-of-memory error into a TrainingError that says what to try."""
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise TrainingError(
            f"the memory of {device} is full; everything up to the last checkpoint is kept; try {lower()}"
        ) from error
