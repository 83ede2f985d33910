"""A policy that plays a role in a build: what it is can be told without its weights, and each worker opens it once."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from schemas.errors import EncodingError, ModelError
from stages.models.video_llm import ModelFamily, open_family
from stages.models.video_llm.local_model import LocalModel
from stages.visuals.resolution import AS_LARGE_AS_STORED, Resolution
from stages.visuals.visual import Visual
from trainer.policy.saved_adapter import SavedAdapter
from trainer.policy.side_by_side import Given, Placement, Policy, open_alone
from trainer.policy.trained import trained_of

_SHAPE = 16 / 9
_NAME_DIGITS = 8
_SHORT = "Reply with the word OK."


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
        """The last part of its path, be it a folder or a hub id; of an adapter with the start of its hash.

        Folders of adapters have the same name from round to round.
        """
        last = Path(self.policy.path).name or self.policy.path
        return last if self.adapter_sha256 is None else f"{last}@{self.adapter_sha256[:_NAME_DIGITS]}"

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

    def refuse_unfit(self, frames: int, short_side: int, reply_tokens: int) -> None:
        """Raise ModelError if a dialogue that shows that many frames does not leave room for such a reply.

        Args:
            frames: how many; 0 if none are shown.
            short_side: of a frame, pixels.
            reply_tokens: most tokens of a reply.
        """
        grey_HWC = self.resolution.fitted(np.full((short_side, round(_SHAPE * short_side), 3), 128, np.uint8))
        visual = Visual(np.stack([grey_HWC] * frames), np.arange(float(frames))) if frames else None
        try:
            self.family.encode_dialogue(visual, [_SHORT], reply_tokens)
        except EncodingError as error:
            raise ModelError(
                f"{self.policy.given.option} {self.policy.path} cannot be shown {frames} frames of short side "
                f"{short_side} with room for {reply_tokens} tokens: {error}"
            ) from error

    @property
    def resolution(self) -> Resolution:
        """How large it was shown frames in its training."""
        trained = trained_of(self.policy.path, self.policy.given.option)
        return trained.resolution if trained else AS_LARGE_AS_STORED

    def open(self, device: str | None) -> LocalModel:
        """The model in memory, shown frames as large as in its training. ModelError if it does not fit the device.

        Args:
            device: None for the GPU if there is one, else the CPU.
        """
        opened = open_alone(self.policy, Placement.of(device))
        with opened.activated() as model:
            return LocalModel(opened.family, model, self.resolution)
