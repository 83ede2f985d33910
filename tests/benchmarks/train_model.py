"""What the trainer's benchmarks run on: Qwen2.5-VL shapes with random weights, and groups of random tokens and pixels.

Speed and memory depend on shapes alone, so nothing is downloaded or read: weights are made on the device, and ids and
pixels stand for a processor's output. Axes: P prompt token, T answer token.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoModelForImageTextToText, Qwen2_5_VLConfig

from stages.models.video_llm.attention import SPLIT_ATTENTION
from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.qwen import Qwen25VL
from trainer.policy.policy import with_adapter
from trainer.recipe import AdapterConfig

PATCH_NUMBERS = 3 * 2 * 14 * 14
"""Numbers of a patch of Qwen2.5-VL: RGB, two frames deep, 14 x 14 pixels."""
MERGED_PATCHES = 4
"""Patches that become one token of the language model."""
SECONDS_PER_FRAME_PAIR = 2.0
"""A whole number: transformers before 5.18 cuts it to one."""


@dataclass(frozen=True)
class Shape:
    """A Qwen2.5-VL architecture, and the group that it is measured on."""

    name: str
    text: dict[str, Any]
    """Arguments of the language model."""
    vision: dict[str, Any]
    """Arguments of the vision tower."""
    frames: int
    side_patches: tuple[int, int]
    """Height and width of a frame in patches of 14 pixels."""
    text_tokens: int = 44
    """Tokens of the prompt beside a video's, those around it included."""
    answer_tokens: int = 60
    vocabulary: int = 4096
    as_images: bool = False
    """Each frame a picture of its own, as trainers without video take them: twice the visual tokens."""

    @property
    def grids(self) -> list[tuple[int, int, int]]:
        """Of each visual: frame pairs, patches down, patches across. A picture is a pair of the same frame."""
        if self.as_images:
            return [(1, *self.side_patches)] * self.frames
        return [(self.frames // 2, *self.side_patches)]

    @property
    def patches(self) -> int:
        """Patches of all frames."""
        return sum(math.prod(grid) for grid in self.grids)

    @property
    def prompt_tokens(self) -> int:
        """P: text, patches in fours, and two tokens around each visual."""
        return self.text_tokens - 2 + 2 * len(self.grids) + self.patches // MERGED_PATCHES

    def at(self, frames: int, height: int, width: int) -> "Shape":
        """The same architecture on other frames; sides in pixels."""
        return replace(self, frames=frames, side_patches=(height // 14, width // 14))

    @property
    def config(self) -> Qwen2_5_VLConfig:
        """For transformers; the visual tokens are the last of the vocabulary."""
        first = self.vocabulary - 4
        names = ("vision_start_token_id", "vision_end_token_id", "image_token_id", "video_token_id")
        ids = dict(zip(names, range(first, first + 4), strict=True))
        no_ids = {"bos_token_id": None, "eos_token_id": None}
        text = {
            **no_ids,
            "vocab_size": self.vocabulary,
            "tie_word_embeddings": False,
            "max_position_embeddings": 32_768,
        }
        vision = {"out_hidden_size": self.text["hidden_size"], "window_size": 112}
        return Qwen2_5_VLConfig(
            text_config={**text, **self.text}, vision_config={**vision, **self.vision}, tie_word_embeddings=False, **ids
        )


def _rope(*sections: int) -> dict[str, Any]:
    return {"rope_type": "default", "rope_theta": 1e6, "mrope_section": list(sections)}


TINY = Shape(
    "tiny",
    text={
        "hidden_size": 64,
        "intermediate_size": 96,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "rope_parameters": _rope(2, 3, 3),
    },
    vision={"depth": 2, "hidden_size": 32, "intermediate_size": 48, "num_heads": 2, "fullatt_block_indexes": [1]},
    frames=4,
    side_patches=(4, 6),
    text_tokens=12,
    answer_tokens=5,
    vocabulary=512,
)
"""For dry runs and tests."""
SMALL = Shape(
    "small",
    text={
        "hidden_size": 512,
        "intermediate_size": 1408,
        "num_hidden_layers": 8,
        "num_attention_heads": 8,
        "num_key_value_heads": 2,
        "rope_parameters": _rope(8, 12, 12),
    },
    vision={"depth": 4, "hidden_size": 128, "intermediate_size": 344, "num_heads": 4, "fullatt_block_indexes": [1, 3]},
    frames=8,
    side_patches=(32, 32),
)
"""Language model 26.7 M, vision 1.5 M; 8 frames of 448 x 448 make 1,024 of the prompt's 1,068 tokens."""
SEVEN_B = Shape(
    "7B",
    text={
        "hidden_size": 3584,
        "intermediate_size": 18_944,
        "num_hidden_layers": 28,
        "num_attention_heads": 28,
        "num_key_value_heads": 4,
        "rope_parameters": _rope(16, 24, 24),
    },
    vision={
        "depth": 32,
        "hidden_size": 1280,
        "intermediate_size": 3420,
        "num_heads": 16,
        "fullatt_block_indexes": [7, 15, 23, 31],
    },
    frames=32,
    side_patches=(32, 56),
    text_tokens=60,
    answer_tokens=60,
    vocabulary=152_064,
)
"""Qwen2.5-VL-7B as published; 32 frames of 448 x 784 make 7,168 of the prompt's 7,228 tokens."""


def family_of(shape: Shape) -> Qwen25VL:
    """The trainer's own family, without a processor: nothing here is text."""
    return Qwen25VL("benchmark", None, shape.config)


def make_model(
    shape: Shape, *, device: str = "cpu", dtype: torch.dtype = torch.float32, attention: str = SPLIT_ATTENTION
) -> Any:
    """Random weights of std 1/sqrt(fan_in), LoRA on the language model, the tower in one attention call a layer.

    The adapter's weights are random too, so that policy and reference differ and no loss is ln 2 by accident.
    """
    torch.manual_seed(0)
    chosen = {"text_config": attention, "vision_config": "sdpa"}
    with torch.device(device):
        model = AutoModelForImageTextToText.from_config(shape.config, dtype=dtype, attn_implementation=chosen)
        _spread(model)
        model.requires_grad_(requires_grad=False)
        family = family_of(shape)
        family.prepare(model)
        policy = with_adapter(model, family, AdapterConfig())
    for name, parameter in policy.named_parameters():
        if "lora_B" in name:
            nn.init.normal_(parameter, std=0.01)
    return policy


@torch.no_grad()
def _spread(model: nn.Module) -> None:
    """Under transformers' own initialisation all tokens are nearly equally likely, and mistakes would hide."""
    for name, parameter in model.named_parameters():
        if parameter.ndim > 1:
            parameter.normal_(std=(parameter.shape[0] / parameter.numel()) ** 0.5)
        else:
            parameter.normal_(mean=0.0 if name.endswith("bias") else 1.0, std=0.1)


def make_group(shape: Shape, answers: int, seed: int = 0) -> EncodedGroup:
    """One visual, one question, `answers` answers, on the CPU. Only the pixels depend on `seed`.

    Pixels are float32, as processors make them.
    """
    config, written = shape.config, torch.Generator().manual_seed(1)
    ordinary = config.vision_start_token_id - 8
    text_ids = torch.randint(8, ordinary, (shape.text_tokens - 2,), generator=written)
    answer_ids = [torch.randint(8, ordinary, (shape.answer_tokens,), generator=written) for _ in range(answers)]
    placeholder = config.image_token_id if shape.as_images else config.video_token_id
    per_visual = math.prod(shape.grids[0]) // MERGED_PATCHES
    one = [config.vision_start_token_id, *[placeholder] * per_visual, config.vision_end_token_id]
    before, after = text_ids.tensor_split(2)
    prompt_ids_P = torch.cat((before, torch.tensor(one * len(shape.grids)), after))
    pixels = torch.randn((shape.patches, PATCH_NUMBERS), generator=torch.Generator().manual_seed(1000 + seed))
    types_P = (prompt_ids_P == placeholder).long() * (1 if shape.as_images else 2)
    return EncodedGroup(prompt_ids_P, tuple(answer_ids), _vision(shape, pixels), types_P)


def _vision(shape: Shape, pixels: Tensor) -> dict[str, Tensor]:
    """As keyword arguments of the model."""
    grids = torch.tensor(shape.grids)
    if shape.as_images:
        return {"pixel_values": pixels, "image_grid_thw": grids}
    seconds = torch.tensor([SECONDS_PER_FRAME_PAIR])
    return {"pixel_values_videos": pixels, "video_grid_thw": grids, "second_per_grid_ts": seconds}
