"""InternVL: a video is a row of numbered pictures without times. Axes: N frame."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor, nn

from stages.models.video_llm.chat import ChatFamily, bare, on_device
from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.family import VisionFeatures


@dataclass(frozen=True)
class InternVL(ChatFamily):
    """The forward takes only pictures: features under "video" would be silently ignored."""

    visual_token: ClassVar[str] = "image_token"  # noqa: S105 (an attribute of processors, no secret)
    encoder_key: ClassVar[str] = "image"

    def visual_tokens(self, vision: Mapping[str, Tensor]) -> int:
        """Patches of all frames, divided by the patches that become one token."""
        frames, _, height, width = vision["pixel_values"].shape
        down, across = self.config.vision_config.patch_size
        return frames * int((height // down) * (width // across) * self.config.downsample_ratio**2)

    def features(self, model: nn.Module, encoded: EncodedGroup) -> VisionFeatures:
        """Run tower and projector once."""
        pixels = on_device(model, encoded, "pixel_values")
        made = bare(model).model.get_image_features(**pixels, return_dict=True)
        return VisionFeatures((made.pooler_output,))
