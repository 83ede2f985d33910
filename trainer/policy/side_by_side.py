"""A policy and the base model beside it, opened from disk: an adapter that is switched on and off, or two models."""

import json
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from torch import nn
from transformers.utils.logging import disable_progress_bar

from schemas.errors import ModelError
from schemas.problems import one_line
from stages.models.video_llm import Family, open_family
from stages.models.video_llm.opening import names_folder
from trainer.policy.device import refuse_large_on_cpu, require_device
from trainer.policy.policy import four_bit
from trainer.policy.trained import trained_of
from trainer.recipe import AdapterKind, Precision

BASE = "base"
POLICY = "policy"
_ADAPTER = "adapter_config.json"


@dataclass(frozen=True)
class Contestant:
    """A model that is asked; it may share its weights with another."""

    name: str
    """base or policy."""
    family: Family
    model: nn.Module
    """Evaluating."""
    shares_tower: bool
    """Whether its vision tower and projector are those of the base model, so that features may be shared."""
    adapter_off: bool = False
    """Whether it is the model without its adapter."""

    @contextmanager
    def seated(self) -> Iterator[nn.Module]:
        """The model as this contestant has it."""
        if not (self.adapter_off and isinstance(self.model, PeftModel)):
            yield self.model
            return
        with self.model.disable_adapter():
            yield self.model


@dataclass(frozen=True)
class Policy:
    """Where a policy lies: an adapter and its base model, or weights of its own."""

    path: str
    is_adapter: bool
    base: str | None
    """The model that it is compared with; null where none is known."""
    in_four_bit: bool = False
    """Whether it has learnt on a base model in 4 bit, and is nothing without its roundings."""

    @property
    def weights(self) -> str:
        """Where weights and processor are read from."""
        return str(self.base) if self.is_adapter else self.path

    @classmethod
    def at(cls, path: str, base: str | None = None) -> "Policy":
        """The policy at `path`: an adapter's folder, merged weights or a hub id. `base` overrides what it says.

        Raises: ModelError where a folder holds neither, or an adapter does not say what it belongs to.
        """
        folder = Path(path)
        if not folder.is_dir() and "/" not in path:
            raise ModelError(
                f"--policy {path}: there is no such folder; give the --out of a training, or weights as a folder or as "
                "owner/name on the hub"
            )
        trained = trained_of(path)
        if (folder / _ADAPTER).is_file():
            four_bit = base is None and trained is not None and trained.recipe.adapter.kind is AdapterKind.QLORA
            return cls(path, is_adapter=True, base=base or _base_of(folder), in_four_bit=four_bit)
        if folder.is_dir() and not (folder / "config.json").is_file():
            raise ModelError(
                f"--policy {path} holds neither an adapter ({_ADAPTER}) nor a model (config.json); "
                "give the --out of a training that has finished"
            )
        return cls(path, is_adapter=False, base=base or (_still_there(trained.model) if trained else None))


@dataclass(frozen=True)
class Bench:
    """Where models run, and in what they compute."""

    device: str
    precision: Precision
    asked_for: bool = False
    """Whether the user named the device."""

    @classmethod
    def of(cls, device: str | None = None, precision: Precision | None = None) -> "Bench":
        """By default the GPU where there is one; bfloat16 on it, float32 on a CPU. ModelError for a device that is not.

        Log-probabilities are compared, so a CPU computes in float32: it would be no faster in bfloat16.
        """
        found = device or ("cuda" if torch.cuda.is_available() else "cpu")
        require_device(found, f"--device {found}")
        usual = Precision.FLOAT32 if found == "cpu" else Precision.BFLOAT16
        return cls(found, precision or usual, asked_for=device is not None)

    @property
    def dtype(self) -> torch.dtype:
        """As torch has it."""
        dtype: torch.dtype = getattr(torch, self.precision.value)
        return dtype


def open_side_by_side(policy: Policy, bench: Bench) -> tuple[Contestant, ...]:
    """The base model, where one is known, and the policy, in that order.

    Raises:
        ModelError: one of them does not open, does not fit the device, or is large and there is no GPU; an adapter
            does not fit its base model.
    """
    disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers' own
    family = open_family(policy.weights)
    if policy.is_adapter:
        return _with_adapter(policy.path, family, _loaded(family, bench, _options(policy, bench)))
    own = Contestant(POLICY, family, _loaded(family, bench).eval(), shares_tower=False)
    if policy.base is None:
        return (own,)
    other = open_family(policy.base)
    base = Contestant(BASE, other, _loaded(other, bench).eval(), shares_tower=False)
    return base, own


def _with_adapter(path: str, family: Family, model: nn.Module) -> tuple[Contestant, ...]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # peft asks transformers by an older name
            # an adapter whose weights find no place would otherwise be evaluated without them
            warnings.filterwarnings("error", message="Found missing adapter keys")
            adapted = PeftModel.from_pretrained(model, path).eval()
    except (ValueError, RuntimeError, OSError, UserWarning) as error:
        said = one_line(error)[:200]
        raise ModelError(f"--policy {path}: the adapter does not fit {family.path}: {said}; try --base PATH") from error
    touched = [name for name, part in adapted.named_modules() if hasattr(part, "lora_A")]
    shares = all("language_model" in name for name in touched)
    base = Contestant(BASE, family, adapted, shares, adapter_off=True)
    return base, Contestant(POLICY, family, adapted, shares)


def _options(policy: Policy, bench: Bench) -> dict[str, Any]:
    if not policy.in_four_bit:
        return {}
    wanted_by = f"--policy {policy.path}, trained on a model in 4 bit,"
    return four_bit(bench.dtype, bench.device, wanted_by, f"--base {policy.base} to put it on unrounded weights")


def _loaded(family: Family, bench: Bench, options: Mapping[str, Any] | None = None) -> nn.Module:
    refuse_large_on_cpu(family.path, bench.device, asked_for=bench.asked_for, given="--policy", instead="--device cpu")
    try:
        return family.load(dtype=bench.dtype, device=bench.device, **(options or {}))
    except torch.OutOfMemoryError as error:
        raise ModelError(f"{family.path} does not fit into the memory of {bench.device}; try a larger GPU") from error


def _still_there(model: str) -> str | None:
    """What a training started from, unless it was a folder that is not here."""
    return None if names_folder(model) and not Path(model).is_dir() else model


def _base_of(folder: Path) -> str:
    """What the adapter says that it belongs to."""
    try:
        base = json.loads((folder / _ADAPTER).read_text())["base_model_name_or_path"]
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"--policy {folder}: {_ADAPTER} cannot be read: {error}") from error
    if not base:
        raise ModelError(f"--policy {folder}: its adapter does not say which model it belongs to; give --base PATH")
    return str(base)
