"""A Qwen2.5-VL with a few hundred thousand random weights, to rehearse a training with.

Weights have std 1/sqrt(fan_in): log-probabilities are then as far apart as real ones. Under transformers' own
initialisation all tokens are nearly equally likely, and mistakes of a nat are invisible.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers as hf
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers.utils.logging import disable_progress_bar

SYSTEM = "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n"
QWEN_TOKENS = {"image_token": "<|image_pad|>", "video_token": "<|video_pad|>"}
"""Qwen's placeholders."""
_VISION = ("<|vision_start|>", "<|vision_end|>")
_IDS = {"image_token_id": "<|image_pad|>", "video_token_id": "<|video_pad|>"}
_IDS |= {"vision_start_token_id": "<|vision_start|>", "vision_end_token_id": "<|vision_end|>"}


@dataclass(frozen=True)
class TinyShape:
    """The size of the model, and how much it is shown."""

    hidden: int = 32
    """Width of language model and vision tower; a multiple of 16."""
    layers: int = 2
    """Of each of the two; the last layer of the tower attends to whole frames, the others to windows."""
    vocabulary: int = 320
    """Byte-pair tokens, without special ones."""
    frame_tokens: int = 64
    """Most visual tokens of a frame; larger frames are scaled down."""


def chatml(video: str, system: str = "") -> str:
    """A chat template that writes a newline after the answer's EOS, as Qwen's and InternVL's do."""
    return (
        system
        + "{% for message in messages %}<|im_start|>{{ message['role'] }}\n"
        + "{% for part in message['content'] %}"
        + "{% if part['type'] == 'video' %}"
        + video
        + "{% else %}{{ part['text'] }}{% endif %}{% endfor %}<|im_end|>\n{% endfor %}"
        + "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
    )


def byte_tokenizer(
    texts: Iterable[str], extra: Mapping[str, str], *more: str, vocabulary: int = TinyShape.vocabulary
) -> hf.PreTrainedTokenizerFast:
    """A byte-level BPE tokenizer with ChatML's tokens, as Qwen's, its merges learnt from `texts`."""
    special = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *extra.values(), *more]
    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    learn = trainers.BpeTrainer(vocab_size=vocabulary, initial_alphabet=alphabet, show_progress=False)
    raw.train_from_iterator(texts, learn)
    raw.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in special])
    named = {"eos_token": "<|im_end|>", "pad_token": "<|endoftext|>", "extra_special_tokens": dict(extra) or None}
    return hf.PreTrainedTokenizerFast(tokenizer_object=raw, **named)  # type: ignore[no-untyped-call]  # transformers


def text_shape(tokenizer: hf.PreTrainedTokenizerFast, shape: TinyShape) -> dict[str, Any]:
    """Arguments of a text configuration: grouped keys."""
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": shape.hidden,
        "intermediate_size": 2 * shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 4096,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
        "tie_word_embeddings": False,
    }


def qwen_ids(tokenizer: hf.PreTrainedTokenizerFast) -> dict[str, Any]:
    """The ids of Qwen's visual tokens."""
    return {name: tokenizer.convert_tokens_to_ids(token) for name, token in _IDS.items()}


def qwen2_5_vl(texts: Iterable[str], shape: TinyShape) -> tuple[Any, Any]:
    """Model and processor. Windows of 2 x 2 merged patches, the last layer of the tower with full attention."""
    tokenizer = byte_tokenizer(texts, QWEN_TOKENS, *_VISION, vocabulary=shape.vocabulary)
    rotated = shape.hidden // 8  # pairs of a head's channels, shared by time (half of them), height and width
    rope = {
        "rope_type": "default",
        "rope_theta": 1e6,
        "mrope_section": [rotated - 2 * (rotated // 4), rotated // 4, rotated // 4],
    }
    vision = {
        "depth": shape.layers,
        "hidden_size": shape.hidden,
        "intermediate_size": shape.hidden * 3 // 2,
        "num_heads": 2,
        "out_hidden_size": shape.hidden,
        "window_size": 56,
        "fullatt_block_indexes": [shape.layers - 1],
    }
    config = hf.Qwen2_5_VLConfig(
        text_config={**text_shape(tokenizer, shape), "rope_parameters": rope},
        vision_config=vision,
        tie_word_embeddings=False,
        **qwen_ids(tokenizer),
    )
    size = {"shortest_edge": 28 * 28, "longest_edge": 28 * 28 * shape.frame_tokens}
    start, end = _VISION
    processor = hf.Qwen2_5_VLProcessor(  # type: ignore[no-untyped-call]  # transformers
        image_processor=hf.Qwen2VLImageProcessor(size=size),
        tokenizer=tokenizer,
        video_processor=hf.Qwen2VLVideoProcessor(size=size, cap_pixels_per_frame=False),
        chat_template=chatml(f"{start}<|video_pad|>{end}", SYSTEM),
    )
    return hf.Qwen2_5_VLForConditionalGeneration(config), processor


@torch.no_grad()
def spread(model: torch.nn.Module, seed: int = 0) -> None:
    """Weights of std 1/sqrt(fan_in), norms near 1, biases of std 0.1."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in model.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator, dtype=parameter.dtype)
        if parameter.ndim > 1:
            parameter.copy_(noise * (parameter.shape[0] / parameter.numel()) ** 0.5)
        else:
            parameter.copy_(0.1 * noise + (0.0 if name.endswith("bias") else 1.0))


def write_tiny(folder: Path, texts: Iterable[str], shape: TinyShape, seed: int = 0) -> int:
    """Write model and processor to `folder`, the same bytes for the same arguments; returns the number of weights."""
    disable_progress_bar()  # type: ignore[no-untyped-call]  # of transformers' saving
    model, processor = qwen2_5_vl(texts, shape)
    spread(model, seed)
    model.save_pretrained(folder)
    processor.save_pretrained(folder)
    return sum(parameter.numel() for parameter in model.parameters())
