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
from stages.models.video_llm.family import FrameTimes, VisionFeatures
from stages.visuals import Visual

STILL_FPS = 2.0
"""Frame rate told for a visual that stands still (one frame, or one repeated): what Qwen2.5-VL takes as normal."""
TICKS_PER_SECOND = 1000
"""Qwen3-VL is told times as frame numbers of a clock this fine; it prints them to 0.1 s."""


@dataclass(frozen=True)
class QwenFamily(ChatFamily):
    """What both have in common."""

    def prepare(self, model: PreTrainedModel) -> None:
        """The tower in one attention call a layer; transformers would make one for each window and each frame pair."""
        bare(model).model.visual.config._attn_implementation = WINDOW_ATTENTION

    def visual_tokens(self, vision: Mapping[str, Tensor]) -> int:
        """Patches over the area that merges into one token."""
        merged = int(self.config.vision_config.spatial_merge_size) ** 2
        return int(vision["video_grid_thw"].prod(-1).sum()) // merged

    def tower_output(self, model: nn.Module, encoded: EncodedGroup) -> Any:
        """Pooled and deepstack features as transformers gives them."""
        visual = on_device(model, encoded, "pixel_values_videos", "video_grid_thw")
        return bare(model).model.get_video_features(**visual, return_dict=True)

    def positions(self, model: nn.Module, encoded: EncodedGroup, answer_ids_T: Tensor) -> Tensor:
        """(3, 1, L) by the model's own rule: text goes on neither at a video's length nor after its last time."""
        if encoded.token_types_P is None:
            raise ValueError("M-RoPE needs mm_token_type_ids; without them positions are silently those of text")
        ids = torch.cat((encoded.prompt_ids_P, answer_ids_T))[None]
        types = torch.cat((encoded.token_types_P, torch.zeros_like(answer_ids_T)))[None]
        places, _ = bare(model).model.get_rope_index(ids, mm_token_type_ids=types, **self.clock(encoded))
        return torch.as_tensor(places)

    def clock(self, encoded: EncodedGroup) -> dict[str, Tensor]:
        """What positions depend on beside the tokens."""
        return {"video_grid_thw": encoded.vision["video_grid_thw"]}


@dataclass(frozen=True)
class Qwen25VL(QwenFamily):
    """Takes the mean spacing of the frames. An odd last frame is repeated by the processor."""

    frame_times: ClassVar[FrameTimes] = FrameTimes.MEAN_SPACING

    def metadata(self, frames: Visual) -> VideoMetadata:
        """A frame rate of 1 / mean spacing, from which the processor makes seconds per frame pair."""
        metadata = super().metadata(frames)
        span = float(frames.pts_seconds[-1] - frames.pts_seconds[0])
        metadata.fps = (frames.count - 1) / span if span > 0 else STILL_FPS
        return metadata

    def clock(self, encoded: EncodedGroup) -> dict[str, Tensor]:
        """Without seconds per frame pair they would silently be 1."""
        return {**super().clock(encoded), "second_per_grid_ts": encoded.vision["second_per_grid_ts"]}

    def features(self, model: nn.Module, encoded: EncodedGroup) -> VisionFeatures:
        """Run tower and merger once."""
        return VisionFeatures(tuple(self.tower_output(model, encoded).pooler_output))

    def encoder_outputs(self, features: VisionFeatures) -> dict[str, Any]:
        """As `mm_encoder_outputs`."""
        pooled: Any = features.pooled  # one tensor a video, where the type says one tensor
        return {self.encoder_key: BaseModelOutputWithPooling(pooler_output=pooled)}


@dataclass(frozen=True)
class Qwen3VL(QwenFamily):
    """Reads each frame pair's mean time as text. One frame alone is refused by the processor: it is shown twice."""

    frame_times: ClassVar[FrameTimes] = FrameTimes.EACH_PAIR

    def process(self, frames: Visual, text: str) -> dict[str, Tensor]:
        """A still of one frame becomes a pair of the same frame at the same time: the same still."""
        if frames.count == 1:
            frames = Visual(np.repeat(frames.frames_NHWC, 2, 0), np.repeat(frames.pts_seconds, 2))
        return super().process(frames, text)

    def metadata(self, frames: Visual) -> VideoMetadata:
        """True times as frame numbers of a fine clock."""
        metadata = super().metadata(frames)
        metadata.fps = float(TICKS_PER_SECOND)
        metadata.frames_indices = np.rint(frames.pts_seconds * TICKS_PER_SECOND).astype(int).tolist()
        return metadata

    def features(self, model: nn.Module, encoded: EncodedGroup) -> VisionFeatures:
        """Run tower and mergers once."""
        made = self.tower_output(model, encoded)
        return VisionFeatures(
            tuple(made.pooler_output), tuple(torch.cat(tuple(layer)) for layer in made.deepstack_features)
        )

    def encoder_outputs(self, features: VisionFeatures) -> dict[str, Any]:
        """As `mm_encoder_outputs`."""
        pooled: Any = features.pooled  # one tensor a video, where the type says one tensor
        deepstack: Any = [(layer,) for layer in features.deepstack]
        made = BaseModelOutputWithDeepstackFeatures(pooler_output=pooled, deepstack_features=deepstack)
        return {self.encoder_key: made}
