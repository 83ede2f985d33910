"""A policy, its base model and what its training went on from, side by side: one model whose adapters are switched, or
several models.
"""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from torch import nn
from transformers.utils.logging import disable_progress_bar

from schemas.errors import ModelError
from schemas.policy import StartAdapter
from schemas.problems import one_line
from stages.models.video_llm import ModelFamily, open_family
from stages.models.video_llm.opening import names_folder
from trainer.policy.device import refuse_large_on_cpu, refuse_too_little_memory, require_device
from trainer.policy.policy import four_bit
from trainer.policy.saved_adapter import SavedAdapter
from trainer.policy.trained import trained_of
from trainer.recipe import AdapterKind, Precision

BASE = "base"
START = "start"
POLICY = "policy"


@dataclass(frozen=True)
class ComparedModel:
    """One of the models that are compared; it may share its weights with another."""

    name: str
    """base, start or policy."""
    family: ModelFamily
    model: nn.Module
    """In evaluation mode."""
    shares_tower: bool
    """Whether its vision tower and projector are the base model's, so that features can be shared."""
    adapter: str | None = None
    """The adapter of the model that is on; null if none is."""

    @contextmanager
    def activated(self) -> Iterator[nn.Module]:
        """The model with its own adapter on, and no other."""
        if not isinstance(self.model, PeftModel):
            yield self.model
        elif self.adapter is None:
            with self.model.disable_adapter():
                yield self.model
        else:
            self.model.set_adapter(self.adapter)
            yield self.model


@dataclass(frozen=True)
class Given:
    """How the user named a policy, and what a line about it tells to try."""

    option: str = "--policy"
    other_base: str = "--base PATH"
    """How another base model is named, or what to do in its place."""
    on_cpu: str = "--device cpu"
    """How a CPU is asked for."""


@dataclass(frozen=True)
class Policy:
    """Where a policy is: an adapter and its base model, or weights of its own."""

    path: str
    is_adapter: bool
    base: str | None
    """The model that it is compared with; null if none is known."""
    in_four_bit: bool = False
    """Whether it was trained on a 4-bit base and is only valid on that base."""
    start: str | None = None
    """Folder of the adapter that its training went on from; null if there was none, or if it is not there any more."""
    note: str | None = None
    """A line about what it should be compared with and cannot."""
    given: Given = Given()

    @property
    def weights(self) -> str:
        """Folder or hub id of weights and processor."""
        return str(self.base) if self.is_adapter else self.path

    @classmethod
    def at(cls, path: str, base: str | None = None, given: Given = Given()) -> "Policy":
        """The policy at `path`: an adapter's folder, merged weights or a hub id. `base` overrides the base it names.

        Raises: ModelError if a folder holds neither, its training has not finished, or an adapter names no base.
        """
        folder, named = Path(path), f"{given.option} {path}"
        if not folder.is_dir() and "/" not in path:
            raise ModelError(
                f"{named}: there is no such folder; give the --out of a training, a folder with weights, or "
                "owner/name of the hub"
            )
        trained = trained_of(path, given.option)
        adapter = SavedAdapter.at(path, given.option)
        if adapter is not None:
            if not (base or adapter.base):
                raise ModelError(f"{named}: its adapter names no base model; give {given.other_base}")
            four_bit = base is None and trained is not None and trained.recipe.adapter.kind is AdapterKind.QLORA
            policy = cls(path, is_adapter=True, base=base or adapter.base, in_four_bit=four_bit, given=given)
        elif folder.is_dir() and not (folder / "config.json").is_file():
            raise ModelError(
                f"{named} holds neither an adapter (adapter_config.json) nor a model (config.json); "
                "give the --out of a training that has finished"
            )
        else:
            start = _if_available(trained.manifest.model) if trained else None
            policy = cls(path, is_adapter=False, base=base or start, given=given)
        return policy if trained is None else policy.with_start(trained.manifest.start)

    def with_start(self, start: StartAdapter | None) -> "Policy":
        """The policy with the adapter that its training went on from, or with a note if that is not there any more."""
        if start is None or self.base is None:
            return self
        adapter = SavedAdapter.at(start.path, "start")
        if adapter is not None and adapter.sha256 == start.sha256:
            return replace(self, start=start.path)
        why = "is not there" if adapter is None else "has changed"
        note = f"{start.path}, the adapter that {self.path} went on from, {why}: it is not compared"
        return replace(self, note=note)


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
    """The base model, the adapter that the training went on from, and the policy, in that order, as far as they exist.

    Raises:
        ModelError: one of them cannot be opened, does not fit the device, or is too large for a CPU; an adapter
            does not fit its base model.
    """
    disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers' own
    family = open_family(policy.weights)
    if policy.is_adapter:
        adapters = {START: policy.start, POLICY: policy.path}
        model = _loaded(policy, family, placement, _options(policy, placement))
        return _adapted(policy.given, family, model, adapters)
    own = ComparedModel(POLICY, family, _loaded(policy, family, placement).eval(), shares_tower=False)
    if policy.base is None:
        return (own,)
    other = open_family(policy.base)
    base = _loaded(policy, other, placement).eval()
    return *_adapted(policy.given, other, base, {START: policy.start}), own


def open_alone(policy: Policy, placement: Placement) -> ComparedModel:
    """The policy without what it is compared with. Raises as `open_side_by_side`."""
    base = policy.base if policy.is_adapter else None
    return open_side_by_side(replace(policy, base=base, start=None), placement)[-1]


def _adapted(
    given: Given, family: ModelFamily, model: nn.Module, adapters: Mapping[str, str | None]
) -> tuple[ComparedModel, ...]:
    """The base model without an adapter, then with each of these, by name and folder."""
    known = {name: path for name, path in adapters.items() if path is not None}
    for name, path in known.items():
        model = _with_adapter(given, family, model, name, path)
    touched = [name for name, part in model.named_modules() if hasattr(part, "lora_A")]
    shares = bool(known) and all("language_model" in name for name in touched)
    return tuple(ComparedModel(name or BASE, family, model, shares, adapter=name) for name in (None, *known))


def _with_adapter(given: Given, family: ModelFamily, model: nn.Module, name: str, path: str) -> nn.Module:
    """The model with one more adapter, which is on."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # peft asks transformers by an older name
            # an adapter whose weights do not fit would otherwise be evaluated without them
            warnings.filterwarnings("error", message="Found missing adapter keys")
            if isinstance(model, PeftModel):
                _refuse_missing(model.load_adapter(path, name).missing_keys)
            else:
                model = PeftModel.from_pretrained(model, path, name)
    except (ValueError, RuntimeError, OSError, UserWarning) as error:
        why = one_line(error)[:200]
        raise ModelError(
            f"{given.option} {path}: the adapter does not fit {family.path}: {why}; try {given.other_base}"
        ) from error
    return model.eval()


def _refuse_missing(keys: Sequence[str]) -> None:
    """Raise ValueError for an adapter that lacks some of its weights: peft gives these random ones."""
    if keys:
        raise ValueError(f"Found missing adapter keys: {', '.join(keys)}")


def _options(policy: Policy, placement: Placement) -> dict[str, Any]:
    if not policy.in_four_bit:
        return {}
    given = policy.given
    wanted_by = f"{given.option} {policy.path}, trained on a model in 4 bit,"
    instead = given.other_base.replace("PATH", str(policy.base))
    return four_bit(placement.dtype, placement.device, wanted_by, f"{instead} to use it on unrounded weights")


def _loaded(
    policy: Policy, family: ModelFamily, placement: Placement, options: Mapping[str, Any] | None = None
) -> nn.Module:
    refuse_large_on_cpu(
        family.path,
        placement.device,
        asked_for=placement.asked_for,
        given=policy.given.option,
        instead=policy.given.on_cpu,
    )
    if not options:  # in 4 bit it needs a quarter
        refuse_too_little_memory(family.path, placement.device, placement.dtype, given=policy.given.option)
    try:
        return family.load(dtype=placement.dtype, device=placement.device, **(options or {}))
    except torch.OutOfMemoryError as error:
        raise ModelError(
            f"{family.path} does not fit into the memory of {placement.device}; try a larger GPU"
        ) from error


def _if_available(model: str) -> str | None:
    """The model that a training started from; None if it was a folder that does not exist here."""
    return None if names_folder(model) and not Path(model).is_dir() else model
