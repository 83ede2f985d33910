"""What a family is. Axes: K answer, T answer token, P prompt token, L row token."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from stages.models.video_llm.encoded import EncodedGroup
from stages.visuals import Visual


class FrameTimes(StrEnum):
    """How much of the frames' true times a family takes."""

    NONE = "none"
    MEAN_SPACING = "mean_spacing"
    EACH_PAIR = "each_pair"


@dataclass(frozen=True)
class VisionFeatures:
    """What a vision tower and projector make of one visual, ready for the language model."""

    pooled: tuple[Tensor, ...]
    """One tensor a visual; its rows take the place of the placeholders."""
    deepstack: tuple[Tensor, ...] = ()
    """Qwen3-VL: what is added after each of the first layers; else empty."""


class Family(Protocol):
    """One architecture with its processor and chat template, opened from one checkpoint."""

    @property
    def name(self) -> str:
        """As transformers calls it, e.g. qwen2_5_vl."""

    @property
    def path(self) -> str:
        """Folder or hub id that it was opened from."""

    @property
    def processor(self) -> Any:
        """A ProcessorMixin: tokenizer, video processor and chat template."""

    @property
    def frame_times(self) -> FrameTimes:
        """What it takes of the frames' times."""

    @property
    def default_frames(self) -> int | None:
        """Visual of a video that the checkpoint was made for, where that is fixed (8 for Video-LLaVA)."""

    @property
    def lora_targets(self) -> str:
        """Regular expression for peft: every linear layer of the language model, nothing of tower and projector."""

    @property
    def unshared_because(self) -> str | None:
        """Why answers cannot share a prompt (the model is then scored `unshared`); null where they can."""

    @property
    def identity(self) -> str:
        """SHA-256 of checkpoint, processor configuration and transformers version: part of every cache key."""

    def load(self, *, dtype: torch.dtype, device: torch.device | str = "cpu", **options: Any) -> PreTrainedModel:
        """The model with the attention that `score` needs; `options` go to `from_pretrained`."""

    def prompt(self, question: str) -> str:
        """The chat template up to where the answer begins, the visual as one placeholder."""

    def encode(self, frames: Visual, question: str, answers: Sequence[str]) -> EncodedGroup:
        """Token ids and tensors of one group; raises `EncodingError` instead of cutting or guessing."""

    def features(self, model: nn.Module, encoded: EncodedGroup) -> VisionFeatures:
        """Run tower and projector once; wrap in `torch.no_grad` where they are frozen."""

    def encoder_outputs(self, features: VisionFeatures) -> dict[str, Any]:
        """`features` as `mm_encoder_outputs` of the model's forward."""

    def positions(self, model: nn.Module, encoded: EncodedGroup, answer_ids_T: Tensor) -> Tensor:
        """Position ids of prompt + answer: (L,), or (3, 1, L) and the like where the family has M-RoPE."""
