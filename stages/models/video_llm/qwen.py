"""Qwen2.5-VL and Qwen3-VL: M-RoPE, frames merged in pairs, true times. Axes: N frame, L row token, T answer token."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor, nn
from transformers import PreTrainedModel
from transformers.modeling_outputs import BaseModelOutputWithPooling
from transformers.models.qwen3_vl.modeling_qwen3_vl import BaseModelOutputWithDeepstackFeatures
from transformers.video_utils import VideoMetadata

from stages.models.video_llm.attention import WINDOW_ATTENTION
from stages.models.video_llm.chat import ChatFamily, bare, on_device
from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.family import FrameTimes, TimePositions, VisionFeatures
from stages.visuals.visual import Visual

STILL_FPS = 2.0
"""Frame rate of a still visual (one frame, or one repeated): the default of Qwen2.5-VL."""
_VIDEO = 2
"""The type of a video's tokens in `EncodedGroup.token_types_P`."""
TICKS_PER_SECOND = 1000
"""Qwen3-VL gets times as frame numbers at this rate; it writes them into the prompt to 0.1 s."""


@dataclass(frozen=True)
class QwenFamily(ChatFamily):
    """The base of both."""

    def prepare(self, model: PreTrainedModel) -> None:
        """Let the tower make one attention call per layer; transformers would make one per window and frame pair."""
        bare(model).model.visual.config._attn_implementation = WINDOW_ATTENTION

    def visual_tokens(self, vision: Mapping[str, Tensor]) -> int:
        """Patches, divided by the patches that merge into one token."""
        merged = int(self.config.vision_config.spatial_merge_size) ** 2
        return int(vision["video_grid_thw"].prod(-1).sum()) // merged

    def tower_output(self, model: nn.Module, encoded: EncodedGroup) -> Any:
        """Pooled and deepstack features as transformers returns them."""
        visual = on_device(model, encoded, "pixel_values_videos", "video_grid_thw")
        return bare(model).model.get_video_features(**visual, return_dict=True)

    def positions(self, model: nn.Module, encoded: EncodedGroup, answer_ids_T: Tensor) -> Tensor:
        """(3, 1, L) by the model's own rule: text after a video continues neither at its length nor its last time."""
        if encoded.token_types_P is None:
            raise ValueError("M-RoPE needs mm_token_type_ids; without them positions are silently those of text")
        ids = torch.cat((encoded.prompt_ids_P, answer_ids_T))[None]
        types = torch.cat((encoded.token_types_P, torch.zeros_like(answer_ids_T)))[None]
        places, _ = bare(model).model.get_rope_index(ids, mm_token_type_ids=types, **self.clock(encoded))
        return torch.as_tensor(places)

    def clock(self, encoded: EncodedGroup) -> dict[str, Tensor]:
        """The inputs of positions besides the tokens; none without a visual."""
        return {name: encoded.vision[name] for name in ("video_grid_thw",) if name in encoded.vision}


@dataclass(frozen=True)
class Qwen25VL(QwenFamily):
    """Uses the mean spacing of the frames. The processor repeats an odd last frame."""

    frame_times: ClassVar[FrameTimes] = FrameTimes.MEAN_SPACING

    def metadata(self, visual: Visual) -> VideoMetadata:
        """A frame rate of 1 / mean spacing, from which the processor computes seconds per frame pair."""
        metadata = super().metadata(visual)
        span = float(visual.pts_seconds[-1] - visual.pts_seconds[0])
        metadata.fps = (visual.count - 1) / span if span > 0 else STILL_FPS
        return metadata

    def clock(self, encoded: EncodedGroup) -> dict[str, Tensor]:
        """Grid and seconds per frame pair, which would silently be 1 if they were missing."""
        seconds = {"second_per_grid_ts": encoded.vision["second_per_grid_ts"]} if encoded.vision else {}
        return {**super().clock(encoded), **seconds}

    def time_positions(self, model: nn.Module, encoded: EncodedGroup) -> TimePositions | None:
        """Count the time positions among the model's own position ids of the video's tokens.

        A position is a whole number of ticks, 1 / `tokens_per_second` apart: pairs that are closer share one.
        """
        types_P = encoded.token_types_P
        if types_P is None:
            raise ValueError("M-RoPE needs mm_token_type_ids, which mark the video's tokens")
        times_P = self.positions(model, encoded, encoded.answer_ids[0])[0, 0, : encoded.prompt_length]
        return TimePositions(
            steps=int(encoded.vision["video_grid_thw"][0, 0]),
            distinct=len(set(times_P[types_P == _VIDEO].tolist())),
            tick_seconds=1 / float(self.config.vision_config.tokens_per_second),
        )

    def features(self, model: nn.Module, encoded: EncodedGroup) -> VisionFeatures:
        """Run tower and merger once."""
        return VisionFeatures(tuple(self.tower_output(model, encoded).pooler_output))

    def encoder_outputs(self, features: VisionFeatures) -> dict[str, Any]:
        """The features as the forward's `mm_encoder_outputs`."""
        pooled: Any = features.pooled  # one tensor per video; the declared type is one tensor
        return {self.encoder_key: BaseModelOutputWithPooling(pooler_output=pooled)}


@dataclass(frozen=True)
class Qwen3VL(QwenFamily):
    """Reads the mean time of each frame pair as text. Its processor refuses a single frame, which is shown twice."""

    frame_times: ClassVar[FrameTimes] = FrameTimes.EACH_PAIR

    def process(self, visual: Visual, text: str) -> dict[str, Tensor]:
        """Turn a visual of one frame into two equal frames at the same time."""
        if visual.count == 1:
            visual = Visual(np.repeat(visual.frames_NHWC, 2, 0), np.repeat(visual.pts_seconds, 2))
        return super().process(visual, text)

    def metadata(self, visual: Visual) -> VideoMetadata:
        """True times as frame numbers of a fine clock."""
        metadata = super().metadata(visual)
        metadata.fps = float(TICKS_PER_SECOND)
        metadata.frames_indices = np.rint(visual.pts_seconds * TICKS_PER_SECOND).astype(int).tolist()
        return metadata

    def features(self, model: nn.Module, encoded: EncodedGroup) -> VisionFeatures:
        """Run tower and mergers once."""
        made = self.tower_output(model, encoded)
        return VisionFeatures(
            tuple(made.pooler_output), tuple(torch.cat(tuple(layer)) for layer in made.deepstack_features)
        )

    def encoder_outputs(self, features: VisionFeatures) -> dict[str, Any]:
        """The features as the forward's `mm_encoder_outputs`."""
        pooled: Any = features.pooled  # one tensor per video; the declared type is one tensor
        deepstack: Any = [(layer,) for layer in features.deepstack]
        made = BaseModelOutputWithDeepstackFeatures(pooler_output=pooled, deepstack_features=deepstack)
        return {self.encoder_key: made}
