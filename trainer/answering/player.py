"""A policy that plays a role in a build: what it is can be told without its weights, and each worker opens it once."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from stages.models.video_llm import ModelFamily, open_family
from stages.models.video_llm.local_model import LocalModel
from stages.visuals.resolution import AS_LARGE_AS_STORED
from trainer.policy.saved_adapter import SavedAdapter
from trainer.policy.side_by_side import Given, Placement, Policy, open_alone
from trainer.policy.trained import trained_of


@dataclass(frozen=True)
class Player:
    """A folder or hub id of a Video-LLM, or the --out of a training."""

    policy: Policy

    @classmethod
    def at(cls, path: str, option: str, on_cpu: str) -> "Player":
        """What lies at `path`. Raises ModelError.

        Args:
            path: as the user gave it.
            option: how the user named it.
            on_cpu: how the user may ask for a CPU.
        """
        return cls(Policy.at(path, given=Given(option, "the folder of merged weights", on_cpu)))

    @property
    def name(self) -> str:
        """The last part of its path: that of its folder, or of its hub id."""
        return Path(self.policy.path).name or self.policy.path

    @cached_property
    def family(self) -> ModelFamily:
        """The family of its weights. ModelError, with the option, if it is no supported Video-LLM."""
        return open_family(self.policy.weights)

    @property
    def sha256(self) -> str:
        """Hash of weights, configuration and processor, without the adapter, and of transformers' version."""
        return self.family.identity

    @property
    def adapter_sha256(self) -> str | None:
        """Hash of its adapter; None if it has none."""
        if not self.policy.is_adapter:
            return None
        adapter = SavedAdapter.at(self.policy.path, self.policy.given.option)
        return adapter.sha256 if adapter else None

    def open(self, device: str | None) -> LocalModel:
        """The model in memory, shown frames as large as in its training. ModelError if it does not fit the device.

        Args:
            device: None for the GPU if there is one, else the CPU.
        """
        opened = open_alone(self.policy, Placement.of(device))
        trained = trained_of(self.policy.path, self.policy.given.option)
        with opened.activated() as model:
            return LocalModel(opened.family, model, trained.resolution if trained else AS_LARGE_AS_STORED)
