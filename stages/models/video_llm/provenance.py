"""A digest of a checkpoint's content: the same for every copy of it, another one if a single number changes."""

import hashlib
from pathlib import Path

from transformers import PreTrainedConfig

from stages.models.video_llm.file_digest import files_digest

_SUFFIXES = frozenset({".safetensors", ".bin", ".json", ".model", ".txt", ".jinja"})
"""Endings of the files that a model is made of: weights, configuration, tokenizer, templates."""


def checkpoint_digest(path: str, config: PreTrainedConfig) -> str:
    """SHA-256 over the files of a local checkpoint, or over name and commit of one from the hub.

    Every byte of weights, configuration and tokenizer counts. The folder's place, times and other files do not.
    """
    folder = Path(path)
    if not folder.is_dir():
        return hashlib.sha256(f"{path}@{getattr(config, '_commit_hash', None)}".encode()).hexdigest()
    return files_digest(file for file in folder.iterdir() if file.suffix in _SUFFIXES)
