"""A digest of a checkpoint that changes with its weights."""

import hashlib
from pathlib import Path

from transformers import PreTrainedConfig

SMALL_BYTES = 1 << 20
"""Files up to this size are hashed by content, weights by size and time of change: hashing 15 GB takes a minute."""


def checkpoint_digest(path: str, config: PreTrainedConfig) -> str:
    """SHA-256 over the files of a local checkpoint, or over name and commit of one from the hub."""
    folder = Path(path)
    if not folder.is_dir():
        return hashlib.sha256(f"{path}@{getattr(config, '_commit_hash', None)}".encode()).hexdigest()
    digest = hashlib.sha256()
    for file in sorted(file for file in folder.iterdir() if file.is_file()):
        stat = file.stat()
        small = stat.st_size <= SMALL_BYTES and file.suffix != ".safetensors"
        mark = file.read_bytes() if small else f"{stat.st_size} {stat.st_mtime_ns}".encode()
        digest.update(file.name.encode() + b"\0" + hashlib.sha256(mark).digest())
    return digest.hexdigest()
