"""Text-prompted detectors with random weights, small enough to be made by a test."""

import json
import string
from pathlib import Path

import torch
from transformers import (
    BertConfig,
    BertModel,
    BertTokenizerFast,
    GroundingDinoConfig,
    GroundingDinoForObjectDetection,
    GroundingDinoImageProcessor,
    GroundingDinoProcessor,
    MMGroundingDinoConfig,
    MMGroundingDinoForObjectDetection,
    SwinConfig,
)

_AT = {0: "[PAD]", 100: "[UNK]", 101: "[CLS]", 102: "[SEP]", 103: "[MASK]", 1012: ".", 1029: "?"}
"""Tokens whose ids the models have built in."""
_WORDS = ("ball", "dog", "red", "person", "grey")
VOCABULARY = 1100


def vocabulary() -> list[str]:
    """One token a line: those of `_AT`, words, letters and their continuations, and filling."""
    ours = iter([*_WORDS, *string.ascii_lowercase, *(f"##{letter}" for letter in string.ascii_lowercase)])
    return [_AT.get(line) or next(ours, f"[unused{line}]") for line in range(VOCABULARY)]


def make_tokenizer(folder: Path) -> BertTokenizerFast:
    """Write the files of a tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join(vocabulary()) + "\n")
    settings = {"tokenizer_class": "BertTokenizer", "do_lower_case": True}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    return BertTokenizerFast.from_pretrained(folder)


def text_config() -> BertConfig:
    """A text branch of two layers."""
    return BertConfig(
        vocab_size=VOCABULARY, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64
    )


def make_checkpoint(folder: Path, *, mm: bool = False, full_size: bool = False) -> Path:
    """Write a checkpoint of Grounding DINO, or of MM Grounding DINO, whose weights are random.

    `full_size`: the shape of the published tiny model (Swin-T, 172 million weights) instead of one for tests.
    """
    torch.manual_seed(0)
    tokenizer = make_tokenizer(folder)
    kind = MMGroundingDinoConfig if mm else GroundingDinoConfig
    config = kind(text_config=BertConfig(vocab_size=VOCABULARY)) if full_size else _small(kind)
    (MMGroundingDinoForObjectDetection if mm else GroundingDinoForObjectDetection)(config).save_pretrained(folder)
    images = GroundingDinoImageProcessor(size={"shortest_edge": 224, "longest_edge": 400})
    GroundingDinoProcessor(images, tokenizer).save_pretrained(folder)
    return folder


def _small(
    kind: type[GroundingDinoConfig] | type[MMGroundingDinoConfig],
) -> GroundingDinoConfig | MMGroundingDinoConfig:
    """0.8 million weights."""
    backbone = SwinConfig(
        image_size=224,
        patch_size=4,
        embed_dim=16,
        depths=[1, 1, 2, 1],
        num_heads=[1, 2, 4, 8],
        window_size=7,
        out_features=["stage2", "stage3", "stage4"],
    )
    return kind(
        backbone_config=backbone,
        text_config=text_config(),
        d_model=64,
        encoder_layers=2,
        decoder_layers=2,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        num_queries=20,
    )


def make_text_encoder(folder: Path) -> Path:
    """Write the folder that the original package reads as its text encoder: a tokenizer and a BERT."""
    torch.manual_seed(0)
    make_tokenizer(folder)
    BertModel(text_config()).save_pretrained(folder)
    return folder
