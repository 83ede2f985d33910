"""The memory of a forward and backward pass, measured on one layer and a few tokens. Axes: L row token, D width.

Layers of one model are alike and keep so much per token, whatever a model or an adapter is made of. So one layer is
applied twice to rows of four sizes, forward and backward, and what tensors hold after each operation is extrapolated
to all layers and to longer rows.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from stages.models.video_llm.attention import answer_mask, row_mask
from stages.models.video_llm.chat import bare
from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.score import ScorePath
from trainer.loop.live_bytes import LiveBytes
from trainer.policy.policy import TrainedPolicy

_PROMPTS, _ANSWERS = (64, 192), (16, 64)
"""Tokens of the measured rows: at most 256; kernels that pad to 128 tokens add as many to both."""
_APPLIED = 2
"""How often the layer is applied: the first layer keeps less than the others if only adapters are trained."""


@dataclass(frozen=True)
class RowSize:
    """A row that goes through the language model."""

    prompt: int
    """Tokens of the prompt."""
    answers: int
    """Tokens of all its answers."""

    @property
    def tokens(self) -> int:
        """Of the whole row."""
        return self.prompt + self.answers


def rows_of(encoded: EncodedGroup, path: ScorePath) -> list[RowSize]:
    """The rows in which the answers on a visual go through the language model: one for all, or one for each."""
    if path is ScorePath.UNSHARED:
        return [RowSize(encoded.prompt_length, length) for length in encoded.answer_lengths]
    return [RowSize(encoded.prompt_length, sum(encoded.answer_lengths))]


@dataclass(frozen=True)
class Activations:
    """Bytes of activations by the size of rows: bilinear in the tokens of prompt and answers."""

    layers: int
    """Of the language model."""
    layer: "_Bilinear"
    """Kept by a layer until its backward pass."""
    kept: "_Bilinear"
    """Kept by the two measured layers and the head at the end of the forward pass."""
    timeline: "_Bilinear"
    """Held after each operation of both passes."""
    is_deep: NDArray[np.bool_]
    """For each operation, whether the further layers keep theirs meanwhile."""

    def peak(self, rows: Sequence[RowSize]) -> int:
        """Most bytes at once for rows that all go forward before the first goes backward."""
        *others, largest = sorted(rows, key=lambda row: row.tokens)
        further = self.layers - _APPLIED
        kept = sum(float(self.kept.at(row) + further * self.layer.at(row)) for row in others)
        held = self.timeline.at(largest) + further * self.is_deep * self.layer.at(largest)
        return round(kept + float(held.max()))


@dataclass(frozen=True)
class _Bilinear:
    """Numbers that are linear in the tokens of a prompt and in those of its answers, from the four measured rows."""

    corners: NDArray[np.float64]
    """(2, 2, ...): by prompt, by answers."""

    def at(self, row: RowSize) -> NDArray[np.float64]:
        """The numbers of a row of any size."""
        u, v = (
            (tokens - low) / (high - low)
            for tokens, (low, high) in zip((row.prompt, row.answers), (_PROMPTS, _ANSWERS), strict=True)
        )
        by_prompt: NDArray[np.float64] = (1 - u) * self.corners[0] + u * self.corners[1]
        found: NDArray[np.float64] = (1 - v) * by_prompt[0] + v * by_prompt[1]
        return found


@dataclass
class _Trace:
    """What the measured pass of one row held."""

    at_layers: list[int] = field(default_factory=list)
    """Before the first layer, between the layers, and after the last."""
    at_end: int = 0
    """At the end of the forward pass."""
    timeline: list[int] = field(default_factory=list)
    """After each operation."""
    deep_until: int = 0
    """Number of operations up to the end of the last layer's backward pass."""


def measured_activations(policy: TrainedPolicy, path: ScorePath) -> Activations:
    """Measure one layer of the policy, on its device, with its adapters, precision and checkpointing.

    Along the path MASK, whose dense mask grows with the square of a row, the figures are too low for long rows.
    """
    language = bare(policy.model).model.language_model
    training, layers = policy.model.training, language.layers
    devices = [policy.device] if policy.device.type == "cuda" else []
    language.layers = nn.ModuleList([layers[0]] * _APPLIED)
    policy.model.train()
    try:
        with torch.random.fork_rng(devices), _gradients(language, bare(policy.model).get_output_embeddings()):
            traces = [[_traced(policy, RowSize(p, a), path) for a in _ANSWERS] for p in _PROMPTS]
    finally:
        language.layers = layers
        policy.model.train(training)
    return _fitted(traces, len(layers))


def kept_by_tower(policy: TrainedPolicy, encoded: EncodedGroup) -> int:
    """Bytes that a vision tower that is trained keeps of a visual until its backward pass, measured on the visual."""
    training = policy.model.training
    policy.model.train()
    try:
        with torch.random.fork_rng([policy.device] if policy.device.type == "cuda" else []), LiveBytes() as bytes_:
            with policy.computing():
                features = policy.family.features(policy.model, encoded)
            kept: int = bytes_.live
            del features
    finally:
        policy.model.train(training)
    return kept


def _fitted(traces: list[list[_Trace]], layers: int) -> Activations:
    lengths = {len(trace.timeline) for row in traces for trace in row}
    one = traces[0][0]
    is_deep = np.arange(len(one.timeline)) < one.deep_until

    def over(numbers: Any) -> _Bilinear:
        return _Bilinear(np.array([[numbers(trace) for trace in row] for row in traces], dtype=np.float64))

    if len(lengths) == 1:
        timeline = over(lambda trace: trace.timeline)
    else:  # a library chose other operations for another size: the peaks are what can be compared
        timeline, is_deep = over(lambda trace: [max(trace.timeline)]), np.array([True])
    return Activations(
        layers=layers,
        layer=over(lambda trace: trace.at_layers[2] - trace.at_layers[1]),
        kept=over(lambda trace: trace.at_end),
        timeline=timeline,
        is_deep=is_deep,
    )


def _traced(policy: TrainedPolicy, row: RowSize, path: ScorePath) -> _Trace:
    """Forward and backward pass of one row through the measured layers and the head."""
    model, trace = bare(policy.model), _Trace()
    ids_L = torch.zeros(row.tokens, dtype=torch.long, device=policy.device)
    places_L = torch.arange(row.tokens, device=policy.device)
    with LiveBytes() as bytes_, _noted(model.model.language_model.layers[0], bytes_, trace):
        with policy.computing():
            hidden_LD = model.model.language_model(
                inputs_embeds=model.get_input_embeddings()(ids_L[None]),
                position_ids=places_L[None],
                use_cache=False,
                **_attention(row, path, policy.device),
            ).last_hidden_state[0]
            logits = model.get_output_embeddings()(hidden_LD[places_L[row.prompt - 1 : -1]])
            logits = logits.to(torch.promote_types(logits.dtype, torch.float32))
            loss = cross_entropy(logits, ids_L[: row.answers], reduction="none").sum()
        del hidden_LD, logits
        trace.at_end = bytes_.live
        loss.backward()  # type: ignore[no-untyped-call]  # torch's own
    trace.timeline = bytes_.timeline
    return trace


def _attention(row: RowSize, path: ScorePath, device: torch.device) -> dict[str, Any]:
    """The arguments with which the path sends a row through the language model."""
    match path:
        case ScorePath.SPLIT:
            return {"attention_mask": answer_mask(row.prompt, (row.answers,), device), "split_at": row.prompt}
        case ScorePath.MASK:
            return {"attention_mask": row_mask(row.prompt, (row.answers,), device)}
        case ScorePath.UNSHARED:
            return {"attention_mask": None}


@contextmanager
def _noted(layer: nn.Module, bytes_: LiveBytes, trace: _Trace) -> Iterator[None]:
    """Note what is held where the layers begin and end, and when the last one's backward pass has ended."""

    def begins(*_: Any) -> None:
        if len(trace.at_layers) < _APPLIED:  # not when it is computed again for the backward pass
            trace.at_layers.append(bytes_.live)

    def ended(_gradient: Tensor) -> None:
        trace.deep_until = len(bytes_.timeline)

    def ends(_: nn.Module, __: Any, made: Any) -> None:
        output: Tensor = made[0] if isinstance(made, tuple) else made
        if len(trace.at_layers) == 1:
            output.register_hook(ended)  # type: ignore[no-untyped-call]  # torch's own
        elif len(trace.at_layers) == _APPLIED:
            trace.at_layers.append(bytes_.live)

    hooks = [layer.register_forward_pre_hook(begins), layer.register_forward_hook(ends)]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


@contextmanager
def _gradients(*modules: nn.Module) -> Iterator[None]:
    """Gradients of the trained weights are there already, as in every pass of a training but the first."""
    trained = {parameter for module in modules for parameter in module.parameters() if parameter.requires_grad}
    for parameter in trained:
        parameter.grad = torch.zeros_like(parameter)
    try:
        yield
    finally:
        for parameter in trained:
            parameter.grad = None
