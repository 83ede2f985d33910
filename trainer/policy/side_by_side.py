"""A policy and its base model, opened from disk: one model whose adapter is switched on and off, or two models."""

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
from stages.models.video_llm import ModelFamily, open_family
from stages.models.video_llm.opening import names_folder
from trainer.policy.device import refuse_large_on_cpu, require_device
from trainer.policy.policy import four_bit
from trainer.policy.trained import trained_of
from trainer.recipe import AdapterKind, Precision

BASE = "base"
POLICY = "policy"
_ADAPTER = "adapter_config.json"


@dataclass(frozen=True)
class ComparedModel:
    """One of the models that are compared; it may share its weights with another."""

    name: str
    """base or policy."""
    family: ModelFamily
    model: nn.Module
    """In evaluation mode."""
    shares_tower: bool
    """Whether its vision tower and projector are the base model's, so that features can be shared."""
    adapter_off: bool = False
    """Whether the adapter must be off for this one."""

    @contextmanager
    def activated(self) -> Iterator[nn.Module]:
        """The model, its adapter switched off if this is the base model."""
        if not (self.adapter_off and isinstance(self.model, PeftModel)):
            yield self.model
            return
        with self.model.disable_adapter():
            yield self.model


@dataclass(frozen=True)
class Policy:
    """Where a policy is: an adapter and its base model, or weights of its own."""

    path: str
    is_adapter: bool
    base: str | None
    """The model that it is compared with; null if none is known."""
    in_four_bit: bool = False
    """Whether it was trained on a 4-bit base and is only valid on that base."""

    @property
    def weights(self) -> str:
        """Folder or hub id of weights and processor."""
        return str(self.base) if self.is_adapter else self.path

    @classmethod
    def at(cls, path: str, base: str | None = None) -> "Policy":
        """The policy at `path`: an adapter's folder, merged weights or a hub id. `base` overrides the base it names.

        Raises: ModelError if a folder holds neither, its training has not finished, or an adapter names no base.
        """
        folder = Path(path)
        if not folder.is_dir() and "/" not in path:
            raise ModelError(
                f"--policy {path}: there is no such folder; give the --out of a training, a folder with weights, or "
                "owner/name of the hub"
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
        return cls(path, is_adapter=False, base=base or (_if_available(trained.manifest.model) if trained else None))


@dataclass(frozen=True)
class Placement:
    """The device of models and the precision of their computation."""

    device: str
    precision: Precision
    asked_for: bool = False
    """Whether the user chose the device."""

    @classmethod
    def of(cls, device: str | None = None, precision: Precision | None = None) -> "Placement":
        """By default the GPU if there is one; bfloat16 on a GPU, float32 on a CPU, where bfloat16 is not faster.

        ModelError if this machine has no such device.
        """
        found = device or ("cuda" if torch.cuda.is_available() else "cpu")
        require_device(found, f"--device {found}")
        usual = Precision.FLOAT32 if found == "cpu" else Precision.BFLOAT16
        return cls(found, precision or usual, asked_for=device is not None)

    @property
    def dtype(self) -> torch.dtype:
        """The precision as a torch dtype."""
        dtype: torch.dtype = getattr(torch, self.precision.value)
        return dtype


def open_side_by_side(policy: Policy, placement: Placement) -> tuple[ComparedModel, ...]:
    """The base model, if one is known, and the policy, in that order.

    Raises:
        ModelError: one of them cannot be opened, does not fit the device, or is too large for a CPU; an adapter
            does not fit its base model.
    """
    disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers' own
    family = open_family(policy.weights)
    if policy.is_adapter:
        return _with_adapter(policy.path, family, _loaded(family, placement, _options(policy, placement)))
    own = ComparedModel(POLICY, family, _loaded(family, placement).eval(), shares_tower=False)
    if policy.base is None:
        return (own,)
    other = open_family(policy.base)
    base = ComparedModel(BASE, other, _loaded(other, placement).eval(), shares_tower=False)
    return base, own


def _with_adapter(path: str, family: ModelFamily, model: nn.Module) -> tuple[ComparedModel, ...]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # peft asks transformers by an older name
            # an adapter whose weights do not fit would otherwise be evaluated without them
            warnings.filterwarnings("error", message="Found missing adapter keys")
            adapted = PeftModel.from_pretrained(model, path).eval()
    except (ValueError, RuntimeError, OSError, UserWarning) as error:
        why = one_line(error)[:200]
        raise ModelError(f"--policy {path}: the adapter does not fit {family.path}: {why}; try --base PATH") from error
    touched = [name for name, part in adapted.named_modules() if hasattr(part, "lora_A")]
    shares = all("language_model" in name for name in touched)
    base = ComparedModel(BASE, family, adapted, shares, adapter_off=True)
    return base, ComparedModel(POLICY, family, adapted, shares)


def _options(policy: Policy, placement: Placement) -> dict[str, Any]:
    if not policy.in_four_bit:
        return {}
    wanted_by = f"--policy {policy.path}, trained on a model in 4 bit,"
    return four_bit(
        placement.dtype, placement.device, wanted_by, f"--base {policy.base} to use it on unrounded weights"
    )


def _loaded(family: ModelFamily, placement: Placement, options: Mapping[str, Any] | None = None) -> nn.Module:
    refuse_large_on_cpu(
        family.path, placement.device, asked_for=placement.asked_for, given="--policy", instead="--device cpu"
    )
    try:
        return family.load(dtype=placement.dtype, device=placement.device, **(options or {}))
    except torch.OutOfMemoryError as error:
        raise ModelError(
            f"{family.path} does not fit into the memory of {placement.device}; try a larger GPU"
        ) from error


def _if_available(model: str) -> str | None:
    """The model that a training started from; None if it was a folder that does not exist here."""
    return None if names_folder(model) and not Path(model).is_dir() else model


def _base_of(folder: Path) -> str:
    """The base model that the adapter names."""
    try:
        base = json.loads((folder / _ADAPTER).read_text())["base_model_name_or_path"]
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"--policy {folder}: {_ADAPTER} cannot be read: {one_line(error)}") from error
    if not base:
        raise ModelError(f"--policy {folder}: its adapter names no base model; give --base PATH")
    return str(base)
