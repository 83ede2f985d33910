"""LLaVA-NeXT-Video, LLaVA-OneVision, Video-LLaVA: a picture tower over the frames, without times. Axes: N frame."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor

from stages.models.video_llm.chat import ChatFamily


@dataclass(frozen=True)
class LlavaFamily(ChatFamily):
    """The base of the three."""

    def frame_grid(self, vision: Mapping[str, Tensor]) -> tuple[int, int, int]:
        """Frames, and patches down and across one frame."""
        _, frames, _, height, width = vision["pixel_values_videos"].shape
        side = int(self.config.vision_config.patch_size)
        return frames, height // side, width // side


@dataclass(frozen=True)
class LlavaNextVideo(LlavaFamily):
    """Patches pooled by `spatial_pool_stride` in both directions."""

    def visual_tokens(self, vision: Mapping[str, Tensor]) -> int:
        """Pooled patches of all frames."""
        frames, down, across = self.frame_grid(vision)
        stride = int(self.config.spatial_pool_stride)
        return frames * (down // stride) * (across // stride)


@dataclass(frozen=True)
class LlavaOnevision(LlavaFamily):
    """Patches halved by interpolation in both directions, and one token that ends the video."""

    def visual_tokens(self, vision: Mapping[str, Tensor]) -> int:
        """Pooled patches of all frames, and the end of the video."""
        frames, down, across = self.frame_grid(vision)
        return frames * math.ceil(down / 2) * math.ceil(across / 2) + 1


@dataclass(frozen=True)
class VideoLlava(LlavaFamily):
    """Every patch of every frame, and each frame's class token."""

    default_frames: ClassVar[int | None] = 8

    def visual_tokens(self, vision: Mapping[str, Tensor]) -> int:
        """Patches and class tokens of all frames."""
        frames, down, across = self.frame_grid(vision)
        return frames * (down * across + 1)
