"""Tiny checkpoints of all six families, made on the spot: configuration, spread random weights, tokenizer, processor.

Qwen2.5-VL's is the product's own; why weights are spread is told there.
"""

import atexit
import functools
import shutil
import string
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import transformers as hf
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors, trainers

from trainer.policy import tiny_model as tiny
from trainer.policy.tiny_model import QWEN_TOKENS, TinyShape, chatml, qwen_ids, spread

SHAPE = TinyShape()
HIDDEN = SHAPE.hidden
SIDE = 56
"""Side of a picture for the families with a fixed size, in pixels."""
TEXTS = [
    "Which shape comes into view, and in which part of the clip?",
    "The orange shape appears in the first half of the clip.",
    "The purple shape appears in the second half of the clip.",
    "USER: ASSISTANT: system user assistant You are a helpful assistant. Frame1: <0.5 seconds>",
]
ONEVISION = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }} "
    "{% for part in message['content'] %}{% if part['type'] == 'video' %}<video>{% endif %}{% endfor %}"
    "{% for part in message['content'] %}"
    "{% if part['type'] == 'text' %}{{ '\n' + part['text'] }}{% endif %}{% endfor %}"
    "<|im_end|>{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
"""ChatML that asks for an answer by "assistant" and a newline, and writes a space between them before a given one."""

VICUNA = (
    "{% for message in messages %}{% if message['role'] == 'user' %}USER: {% else %}ASSISTANT: {% endif %}"
    "{% for part in message['content'] %}{% if part['type'] == 'video' %}<video>\n{% endif %}{% endfor %}"
    "{% for part in message['content'] %}{% if part['type'] == 'text' %}{{ part['text'] + ' ' }}{% endif %}{% endfor %}"
    "{% endfor %}{% if add_generation_prompt %}ASSISTANT:{% endif %}"
)
"""A chat template that writes no EOS, as Video-LLaVA's and LLaVA-NeXT-Video's."""


def byte_tokenizer(extra: dict[str, str], *more: str) -> hf.PreTrainedTokenizerFast:
    """A byte-level BPE tokenizer with ChatML's tokens, as Qwen's."""
    return tiny.byte_tokenizer(TEXTS, extra, *more)


def piece_tokenizer() -> hf.PreTrainedTokenizerFast:
    """A tokenizer with spaces as part of words and a BOS before every text, as Vicuna's."""
    named = {"unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>", "pad_token": "<unk>"}
    raw = Tokenizer(models.BPE(unk_token=named["unk_token"]))
    raw.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first")
    raw.decoder = decoders.Metaspace(prepend_scheme="first")
    trainer = trainers.BpeTrainer(vocab_size=300, special_tokens=["<unk>", "<s>", "</s>"], show_progress=False)
    raw.train_from_iterator([*TEXTS, string.printable], trainer)
    raw.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in ("<image>", "<video>")])
    raw.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return hf.PreTrainedTokenizerFast(tokenizer_object=raw, **named)


def text(tokenizer: hf.PreTrainedTokenizerFast, **more: Any) -> dict[str, Any]:
    """Arguments of a text configuration: two layers, grouped keys."""
    return {**tiny.text_shape(tokenizer, SHAPE), **more}


def clip_tower(**more: Any) -> dict[str, Any]:
    """Arguments of a CLIP or SigLIP tower: 4 x 4 patches a frame."""
    shape = {"hidden_size": HIDDEN, "intermediate_size": 2 * HIDDEN, "num_attention_heads": 2, "num_hidden_layers": 3}
    return {**shape, "image_size": SIDE, "patch_size": 14, **more}


SQUARE = {"height": SIDE, "width": SIDE}


def qwen3_vl() -> tuple[Any, Any]:
    """With one deepstack layer."""
    tokenizer = byte_tokenizer(QWEN_TOKENS, "<|vision_start|>", "<|vision_end|>")
    vision = {"depth": 2, "hidden_size": HIDDEN, "intermediate_size": 48, "num_heads": 2, "out_hidden_size": HIDDEN}
    rope = {"rope_type": "default", "rope_theta": 1e6, "mrope_section": [2, 1, 1], "mrope_interleaved": True}
    config = hf.Qwen3VLConfig(
        text_config=text(tokenizer, rope_parameters=rope, head_dim=8),
        vision_config={**vision, "num_position_embeddings": 64, "deepstack_visual_indexes": [0]},
        tie_word_embeddings=False,
        **qwen_ids(tokenizer),
    )
    size = {"shortest_edge": 32 * 32, "longest_edge": 32 * 32 * 256}
    processor = hf.Qwen3VLProcessor(
        image_processor=hf.Qwen2VLImageProcessor(size=size, patch_size=16),
        tokenizer=tokenizer,
        video_processor=hf.Qwen3VLVideoProcessor(size=size, cap_pixels_per_frame=False),
        chat_template=chatml("<|vision_start|><|video_pad|><|vision_end|>"),
    )
    return hf.Qwen3VLForConditionalGeneration(config), processor


def llava_next_video() -> tuple[Any, Any]:
    """CLIP and Llama."""
    tokenizer = piece_tokenizer()
    config = hf.LlavaNextVideoConfig(
        text_config=hf.LlamaConfig(**text(tokenizer)),
        vision_config=hf.CLIPVisionConfig(**clip_tower()),
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
        video_token_index=tokenizer.convert_tokens_to_ids("<video>"),
        image_grid_pinpoints=[[SIDE, SIDE]],
    )
    processor = hf.LlavaNextVideoProcessor(
        video_processor=hf.LlavaNextVideoVideoProcessor(size={"shortest_edge": SIDE}, crop_size=SQUARE),
        image_processor=hf.LlavaNextImageProcessor(size={"shortest_edge": SIDE}, crop_size=SQUARE),
        tokenizer=tokenizer,
        chat_template=VICUNA,
        patch_size=14,
        vision_feature_select_strategy="default",
    )
    return hf.LlavaNextVideoForConditionalGeneration(config), processor


def llava_onevision() -> tuple[Any, Any]:
    """SigLIP and Qwen2."""
    tokenizer = byte_tokenizer({}, "<image>", "<video>")
    config = hf.LlavaOnevisionConfig(
        text_config=hf.Qwen2Config(**text(tokenizer)),
        vision_config=hf.SiglipVisionConfig(**clip_tower(), vision_use_head=False),
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
        video_token_index=tokenizer.convert_tokens_to_ids("<video>"),
        image_grid_pinpoints=[[SIDE, SIDE]],
        vision_feature_select_strategy="full",
    )
    processor = hf.LlavaOnevisionProcessor(
        image_processor=hf.LlavaOnevisionImageProcessor(size=SQUARE, image_grid_pinpoints=[[SIDE, SIDE]]),
        tokenizer=tokenizer,
        video_processor=hf.LlavaOnevisionVideoProcessor(size=SQUARE),
        num_image_tokens=16,
        vision_feature_select_strategy="full",
        chat_template=ONEVISION,
    )
    return hf.LlavaOnevisionForConditionalGeneration(config), processor


def video_llava() -> tuple[Any, Any]:
    """Two CLIP towers and Llama."""
    tokenizer = piece_tokenizer()
    config = hf.VideoLlavaConfig(
        text_config=hf.LlamaConfig(**text(tokenizer)),
        vision_config=hf.CLIPVisionConfig(**clip_tower()),
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
        video_token_index=tokenizer.convert_tokens_to_ids("<video>"),
    )
    processor = hf.VideoLlavaProcessor(
        image_processor=hf.VideoLlavaImageProcessor(size={"shortest_edge": SIDE}, crop_size=SQUARE),
        video_processor=hf.VideoLlavaVideoProcessor(size={"shortest_edge": SIDE}, crop_size=SQUARE),
        tokenizer=tokenizer,
        patch_size=14,
        chat_template=VICUNA,
    )
    return hf.VideoLlavaForConditionalGeneration(config), processor


def internvl() -> tuple[Any, Any]:
    """InternViT and Qwen2; a video reaches the model as pictures."""
    names = {"start_image_token": "<img>", "end_image_token": "</img>", "context_image_token": "<IMG_CONTEXT>"}
    tokenizer = byte_tokenizer({**names, "video_token": "<video>"})
    config = hf.InternVLConfig(
        text_config=hf.Qwen2Config(**text(tokenizer)),
        vision_config={**clip_tower(), "image_size": [SIDE, SIDE], "patch_size": [14, 14]},
        image_token_id=tokenizer.convert_tokens_to_ids("<IMG_CONTEXT>"),
        image_seq_length=4,
        tie_word_embeddings=False,
    )
    processor = hf.InternVLProcessor(
        image_processor=hf.GotOcr2ImageProcessor(size=SQUARE),
        tokenizer=tokenizer,
        video_processor=hf.InternVLVideoProcessor(size=SQUARE),
        image_seq_length=4,
        chat_template=chatml("<video>\n"),
    )
    return hf.InternVLForConditionalGeneration(config), processor


MAKERS: dict[str, Callable[[], tuple[Any, Any]]] = {
    "qwen2_5_vl": lambda: tiny.qwen2_5_vl(TEXTS, SHAPE),
    "qwen3_vl": qwen3_vl,
    "llava_next_video": llava_next_video,
    "llava_onevision": llava_onevision,
    "video_llava": video_llava,
    "internvl": internvl,
}
FAMILIES = tuple(MAKERS)


def write(family: str, folder: Path, seed: int = 0) -> Path:
    """Write the checkpoint of `family` to `folder`: about 200 kB, half a second."""
    model, processor = MAKERS[family]()
    spread(model, seed)
    model.save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


@functools.cache
def _session_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="vidpref-checkpoints-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@functools.cache
def checkpoint(family: str) -> Path:
    """The checkpoint of `family` of this test session: written once, to be read only."""
    return write(family, _session_folder() / family)
