"""Hashes of everything that is said to models or written by templates."""

import hashlib
from importlib.resources import files
from importlib.resources.abc import Traversable


def prompt_hashes() -> tuple[str, ...]:
    """First 16 hex digits of the SHA-256 of every file of `prompts/`, in order of path: part of the fingerprint."""
    return tuple(hashlib.sha256(file.read_bytes()).hexdigest()[:16] for file in _sources(files("prompts")))


def _sources(folder: Traversable) -> list[Traversable]:
    found: list[Traversable] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir() and entry.name != "__pycache__":
            found += _sources(entry)
        elif entry.name.endswith((".py", ".jinja", ".yaml")):
            found.append(entry)
    return found
