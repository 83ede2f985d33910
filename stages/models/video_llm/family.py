"""The interface of a Video-LLM family. Axes: K answer, T answer token, P prompt token, L row token."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from stages.models.video_llm.encoded import EncodedGroup
from stages.visuals.visual import Visual


class FrameTimes(StrEnum):
    """How much of the frames' true times a family uses."""

    NONE = "none"
    MEAN_SPACING = "mean_spacing"
    EACH_PAIR = "each_pair"


@dataclass(frozen=True)
class TimePositions:
    """The positions in time that a model gives the frames of one visual."""

    steps: int
    """Frame groups that the model sees, each of one or more merged frames."""
    distinct: int
    """Different time positions among them; fewer than `steps` if frames are denser than the ticks."""
    tick_seconds: float
    """Time between two neighbouring positions."""


@dataclass(frozen=True)
class VisionFeatures:
    """The output of vision tower and projector for one visual, ready for the language model."""

    pooled: tuple[Tensor, ...]
    """One tensor per visual; its rows replace the placeholders."""
    deepstack: tuple[Tensor, ...] = ()
    """Qwen3-VL: what is added after each of the first layers; empty for other families."""


class ModelFamily(Protocol):
    """One architecture with its processor and chat template, opened from one checkpoint."""

    @property
    def name(self) -> str:
        """The architecture, by transformers' name, for example qwen2_5_vl."""

    @property
    def path(self) -> str:
        """Folder or hub id of the checkpoint."""

    @property
    def processor(self) -> Any:
        """A ProcessorMixin: tokenizer, video processor and chat template."""

    @property
    def frame_times(self) -> FrameTimes:
        """How much of the frames' times it uses."""

    @property
    def default_frames(self) -> int | None:
        """Frames of a video that the checkpoint was made for; null if it is not fixed."""

    @property
    def lora_targets(self) -> str:
        """Regular expression for peft: every linear layer of the language model, none of tower and projector."""

    @property
    def unshared_because(self) -> str | None:
        """Why answers cannot share a prompt, so that the model is scored `unshared`; null if they can."""

    @property
    def identity(self) -> str:
        """SHA-256 of checkpoint, processor configuration and transformers version: part of every cache key."""

    def load(self, *, dtype: torch.dtype, device: torch.device | str = "cpu", **options: Any) -> PreTrainedModel:
        """Load the model with the attention that `score` needs; `options` go to `from_pretrained`."""

    def prompt(self, question: str) -> str:
        """The chat template up to where the answer begins, the visual as one placeholder."""

    def encode(self, visual: Visual, question: str, answers: Sequence[str]) -> EncodedGroup:
        """Token ids and tensors of one group. EncodingError if it does not fit: nothing is cut."""

    def encode_dialogue(self, visual: Visual | None, said: Sequence[str], max_new_tokens: int) -> EncodedGroup:
        """A question, its answer, the next question and so on, with room for an answer to the last one.

        EncodingError if that does not fit, or if something said holds a special token.
        """

    def visual_end(self, encoded: EncodedGroup) -> int:
        """Tokens of the prompt up to the last of its visual: equal for all prompts that begin with that visual."""

    def touched(self, question: str, answer: str, spans: Sequence[tuple[int, int]]) -> list[bool]:
        """For each token of an answer, as `encode` makes them, whether it holds a character of these stretches of it.

        EncodingError if the tokenizer does not tell.
        """

    def features(self, model: nn.Module, encoded: EncodedGroup) -> VisionFeatures:
        """Run tower and projector once; call it under `torch.no_grad` if they are frozen."""

    def encoder_outputs(self, features: VisionFeatures) -> dict[str, Any]:
        """`features` as `mm_encoder_outputs` of the model's forward."""

    def positions(self, model: nn.Module, encoded: EncodedGroup, answer_ids_T: Tensor) -> Tensor:
        """Position ids of prompt + answer: (1, L), or (3, 1, L) if the family has M-RoPE."""

    def time_positions(self, model: nn.Module, encoded: EncodedGroup) -> TimePositions | None:
        """How finely the model places the visual's frames in time; null if its positions do not depend on time."""
