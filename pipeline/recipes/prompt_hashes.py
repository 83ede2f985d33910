"""Hashes of the files below prompts/ that a recipe uses: an edit of any other file there changes no fingerprint."""

import hashlib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable


def prompt_hashes(paths: Iterable[str], root: Traversable | None = None) -> tuple[str, ...]:
    """One hash per file, in order of path: the first 16 hex digits of a SHA-256 over the file's path and content.

    Args:
        paths: files below `root`, whatever their type, and folders, each with everything in it.
        root: the folder prompts/ by default.

    Raises FileNotFoundError if a path does not exist.
    """
    root = root or files("prompts")
    found = {name: file for path in paths for name, file in _files(path, root.joinpath(path))}
    return tuple(
        hashlib.sha256(name.encode() + b"\0" + file.read_bytes()).hexdigest()[:16]
        for name, file in sorted(found.items())
    )


def _files(path: str, entry: Traversable) -> Iterator[tuple[str, Traversable]]:
    if entry.is_file():
        yield path, entry
    elif entry.is_dir():
        for inner in entry.iterdir():
            if not inner.name.startswith((".", "__pycache__")):
                yield from _files(f"{path}/{inner.name}", inner)
    else:
        raise FileNotFoundError(f"prompts/{path} does not exist, though a stage names it among its prompts")
