"""Folders that consumers take for a Qwen-VL.

Those that are read alone have Qwen's special tokens at their true ids and no other word longer than a byte, so that no
text has more tokens with any tokenizer: what fits here, fits always.
"""

from pathlib import Path
from typing import Any

import transformers as hf
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

from trainer.policy.tiny_model import QWEN_TOKENS, TinyShape, qwen2_5_vl, spread

KINDS = ("qwen2_5_vl", "qwen3_vl")
_SPECIAL = ("endoftext", "im_start", "im_end", "object_ref_start", "object_ref_end", "box_start", "box_end")
_SPECIAL += ("quad_start", "quad_end", "vision_start", "vision_end", "vision_pad", "image_pad", "video_pad")
_FIRST_SPECIAL = 151643
_TEMPLATE = """{% for message in messages %}<|im_start|>{{ message['role'] }}
{% if message['content'] is string %}{{ message['content'] }}{% else %}{% for part in message['content'] %}
{%- if part['type'] in ('image', 'video') %}<|vision_start|><|{{ part['type'] }}_pad|><|vision_end|>
{%- else %}{{ part['text'] }}{% endif %}{% endfor %}{% endif %}<|im_end|>
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}"""


def write_qwen(kind: str, folder: Path) -> None:
    """Write the processor and the configuration of one of KINDS."""
    tokenizer = _tokenizer()
    if kind == "qwen3_vl":
        config: Any = hf.Qwen3VLConfig(architectures=["Qwen3VLForConditionalGeneration"])
        video: Any = hf.Qwen3VLVideoProcessor()
        processor: Any = hf.Qwen3VLProcessor(hf.Qwen2VLImageProcessor(patch_size=16), tokenizer, video, _TEMPLATE)
    else:
        config = hf.Qwen2_5_VLConfig(architectures=["Qwen2_5_VLForConditionalGeneration"])
        video = hf.Qwen2VLVideoProcessor(cap_pixels_per_frame=True)
        processor = hf.Qwen2_5_VLProcessor(hf.Qwen2VLImageProcessor(), tokenizer, video, _TEMPLATE)
    config.save_pretrained(folder)
    processor.save_pretrained(folder)


def write_trainable(folder: Path) -> None:
    """Write a Qwen2.5-VL of a few hundred thousand weights and few tokens, which is shown images."""
    model, processor = qwen2_5_vl(["Which way does it move?"], TinyShape(hidden=16, layers=1, frame_tokens=256))
    spread(model)
    processor.chat_template = _TEMPLATE
    model.save_pretrained(folder)
    processor.save_pretrained(folder)


def _tokenizer() -> hf.PreTrainedTokenizerFast:
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = [*alphabet, *(f"<{number}>" for number in range(len(alphabet), _FIRST_SPECIAL))]
    raw = Tokenizer(models.BPE(vocab={word: number for number, word in enumerate(words)}, merges=[]))
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    raw.add_special_tokens([AddedToken(f"<|{name}|>", special=True, normalized=False) for name in _SPECIAL])
    named = {**QWEN_TOKENS, "vision_bos_token": "<|vision_start|>", "vision_eos_token": "<|vision_end|>"}
    ends = {"eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"}
    return hf.PreTrainedTokenizerFast(tokenizer_object=raw, extra_special_tokens=named, **ends)
