"""An adapter is merged into its base model in float32, and what rounding to the base's own type would cost is measured.

Small updates vanish in bfloat16: a weight of 0.02 has steps of 0.0001, and an adapter changes it by less.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from torch import Tensor, nn
from transformers import AutoConfig

from schemas.counted import counted
from schemas.policy import WeightsType
from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.family import ModelFamily
from stages.models.video_llm.score import ScorePath, score

_MOST_LOST = 0.1
"""By default weights are written in the base's own type if its margins differ by less than this share of the learnt."""


@dataclass(frozen=True)
class MergeCheck:
    """How merged weights compare with the adapter on some pairs."""

    pairs: int
    learnt: float
    """Mean size of what the adapter adds to the base model's margin, nats."""
    off: Mapping[WeightsType, float]
    """For each type of the merged weights: mean size of the difference from the adapter's margin, nats."""

    def lost(self, kind: WeightsType) -> float:
        """The difference as a share of what was learnt; 0 if nothing was."""
        return self.off[kind] / self.learnt if self.learnt else 0.0

    def line(self) -> str:
        """What was measured."""
        shares = ", ".join(f"{self.lost(kind):.2%} in {kind.value}" for kind in self.off)
        return (
            f"merged weights differ from the adapter by {shares} of the {self.learnt:.3g} nats that it adds to the "
            f"margins of {counted(self.pairs, 'pair')}"
        )


@dataclass(frozen=True)
class Merger:
    """Merges an adapter on disk into the base model on disk."""

    family: ModelFamily
    """Of the base model."""
    adapter: Path
    device: str
    """Where pairs are scored; the CPU if it has no memory for the model in float32."""
    say: Callable[[str], None]
    """Prints one line."""

    def write(
        self, out: Path, groups: Sequence[EncodedGroup], path: ScorePath, wanted: WeightsType | None = None
    ) -> WeightsType:
        """Write merged weights to `out`; returns their type: `wanted`, else the base's own unless too much is lost.

        Args:
            out: the folder.
            groups: questions with their answers, to compare merged weights with the adapter.
            path: how answers share their prompt.
            wanted: type of the weights; by default it depends on what is measured.
        """
        own = _own_type(self.family.path)
        adapted = self._opened()
        layers = [_bare(name) for name, part in adapted.named_modules() if hasattr(part, "lora_A")]
        with adapted.disable_adapter():
            base = self._margins(adapted, groups, path)
        learnt = self._margins(adapted, groups, path) - base
        merged: Any = adapted.merge_and_unload()
        kinds = dict.fromkeys((WeightsType.FLOAT32, own, wanted or own))
        off = {}
        for kind in kinds:
            with _rounded([merged.get_submodule(name) for name in layers], getattr(torch, kind.value)):
                margins = self._margins(merged, groups, path) - base
            off[kind] = _mean_size(margins - learnt)
        check = MergeCheck(len(learnt), _mean_size(learnt), off)
        self.say(check.line())
        kind = wanted or (own if check.lost(own) <= _MOST_LOST else WeightsType.FLOAT32)
        self.say(_written(kind, own, wanted))
        merged.to(getattr(torch, kind.value)).save_pretrained(out)
        return kind

    def _opened(self) -> PeftModel:
        """The base model in float32 with its adapter, in evaluation mode."""
        for device in dict.fromkeys((self.device, "cpu")):
            try:
                model = self.family.load(dtype=torch.float32, device=device)
            except torch.OutOfMemoryError:
                continue  # the failed tensors are freed where this block ends
            return PeftModel.from_pretrained(model, self.adapter).eval()
        raise AssertionError("a CPU raises no OutOfMemoryError of torch")

    @torch.no_grad()
    def _margins(self, model: nn.Module, groups: Sequence[EncodedGroup], path: ScorePath) -> Tensor:
        """Log-probability of each chosen answer minus that of each rejected one; of a chosen answer alone, its own."""
        device = next(model.parameters()).device
        margins = []
        for encoded in groups:
            sums_K = score(model, self.family, encoded.to(device), path=path).sums_K.double().cpu()
            margins.append(sums_K[:1] - sums_K[1:] if len(sums_K) > 1 else sums_K)
        return torch.cat(margins) if margins else torch.zeros(0, dtype=torch.float64)


@contextmanager
def _rounded(layers: Sequence[nn.Module], dtype: torch.dtype) -> Iterator[None]:
    """Let layers compute as if their weights had been stored in `dtype`: one at a time, so that memory suffices."""
    exact: dict[nn.Module, Tensor] = {}

    def round_weight(layer: nn.Module, _: Any) -> None:
        weight: nn.Parameter = layer.weight  # type: ignore[assignment]  # nn.Linear's
        exact[layer] = weight.data
        weight.data = weight.data.to(dtype).to(weight.dtype)

    def restore(layer: nn.Module, _: Any, __: Any) -> None:
        layer.weight.data = exact.pop(layer)

    hooks = [layer.register_forward_pre_hook(round_weight) for layer in layers]
    hooks += [layer.register_forward_hook(restore) for layer in layers]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def _mean_size(differences: Tensor) -> float:
    return float(differences.abs().mean()) if len(differences) else 0.0


def _bare(name: str) -> str:
    """The name of a layer without peft's wrappers."""
    return name.removeprefix("base_model.model.")


def _own_type(path: str) -> WeightsType:
    """The type of a checkpoint's weights, as its configuration says; float32 if it says none."""
    config = AutoConfig.from_pretrained(path)
    found = getattr(config, "dtype", None) or getattr(config.get_text_config(), "dtype", None)
    named = str(found).removeprefix("torch.")
    return WeightsType(named) if named in list(WeightsType) else WeightsType.FLOAT32


def _written(kind: WeightsType, own: WeightsType, wanted: WeightsType | None) -> str:
    if wanted is None and kind is not own:
        return (
            f"{kind.value} is written: {own.value}, the type of the base model, would lose more than {_MOST_LOST:.0%}; "
            f"--merge-dtype {own.value} writes it all the same"
        )
    return f"{kind.value} is written"
