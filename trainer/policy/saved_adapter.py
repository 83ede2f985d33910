"""An adapter on disk, as peft writes it: which model it belongs to, and whether a training can go on from it."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from peft import PeftModel, get_peft_model_state_dict, set_peft_model_state_dict
from safetensors import SafetensorError
from safetensors.torch import load_file

from schemas.errors import ModelError
from schemas.problems import one_line
from stages.models.video_llm.file_digest import file_sha256
from trainer.recipe import AdapterConfig, AdapterKind

_CONFIG, _WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
_MERGE = "merge it into its base model (vidpref evaluate prints how) and give the merged folder"
_OTHER_FORMS = ("use_rslora", "use_dora", "rank_pattern", "alpha_pattern", "modules_to_save")
"""Settings of peft that this trainer does not have: such an adapter would go on as another one."""


@dataclass(frozen=True)
class SavedAdapter:
    """A folder with an adapter."""

    folder: Path
    given: str
    """The folder as the user named it, for example `--model sft/`."""

    @classmethod
    def at(cls, path: str, option: str) -> "SavedAdapter | None":
        """The adapter in a folder; None if there is none."""
        folder = Path(path)
        return cls(folder, f"{option} {path}") if (folder / _CONFIG).is_file() else None

    @cached_property
    def settings(self) -> dict[str, Any]:
        """The content of adapter_config.json. ModelError if it cannot be read."""
        try:
            found: dict[str, Any] = dict(json.loads((self.folder / _CONFIG).read_text()))
        except (OSError, ValueError, TypeError) as error:
            raise ModelError(f"{self.given}: {_CONFIG} cannot be read: {one_line(error)}") from error
        return found

    @property
    def base(self) -> str | None:
        """The base model that the adapter names."""
        return self.settings.get("base_model_name_or_path") or None

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of adapter_model.safetensors. ModelError if there is none."""
        try:
            return file_sha256(self.folder / _WEIGHTS)
        except OSError as error:
            raise ModelError(f"{self.given}: {_WEIGHTS} cannot be read: {one_line(error)}") from error

    def refuse_unfit(self, config: AdapterConfig) -> None:
        """Raise ModelError if a training with these settings cannot go on from it."""
        if config.kind is AdapterKind.FULL:
            raise ModelError(f"{self.given} is an adapter, and adapter.kind=full trains whole weights: {_MERGE}")
        settings = self.settings
        strange = [name for name in _OTHER_FORMS if settings.get(name)]
        if settings.get("peft_type") != "LORA" or strange:
            what = ", ".join(strange) or f"peft_type {settings.get('peft_type')}"
            raise ModelError(f"{self.given} is an adapter with {what}, from which no training goes on: {_MERGE}")
        rank, alpha = settings.get("r"), settings.get("lora_alpha")
        if (rank, alpha) != (config.rank, config.alpha):
            raise ModelError(
                f"{self.given} is an adapter of rank {rank} and alpha {alpha}, the recipe's are {config.rank} and "
                f"{config.alpha}: add --set adapter.rank={rank} --set adapter.alpha={alpha}, or {_MERGE}"
            )

    def load_into(self, model: PeftModel) -> None:
        """Copy its weights into the adapter of a model. ModelError if one is missing, left over or of another size."""
        try:
            stored = load_file(self.folder / _WEIGHTS)
        except (OSError, SafetensorError) as error:
            raise ModelError(f"{self.given}: {_WEIGHTS} cannot be read: {one_line(error)}") from error
        own = get_peft_model_state_dict(model)
        shapes = {name: tuple(tensor.shape) for name, tensor in own.items()}
        different = [name for name, tensor in stored.items() if shapes.pop(name, None) != tuple(tensor.shape)]
        if different := sorted([*different, *shapes]):
            raise ModelError(
                f"{self.given}: the adapter does not fit the linear layers that are trained, {len(different)} tensors "
                f"differ, the first {different[0]}: {_MERGE}"
            )
        set_peft_model_state_dict(model, stored)
