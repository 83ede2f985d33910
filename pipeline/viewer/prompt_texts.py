"""The texts of prompts and wordings by the hashes that rows have, as far as they are those that are installed."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import yaml

from prompts.prompt import prompt, prompt_names


def prompt_text(digest: str) -> tuple[str, str] | None:
    """Name and text of a prompt or wording, by what a row says of it; None if no installed one has this hash."""
    return _texts().get(digest.rpartition(" ")[2])


@cache
def _texts() -> dict[str, tuple[str, str]]:
    found = {}
    for file, text in _wordings(files("prompts"), ""):
        found[hashlib.sha256(text.encode()).hexdigest()[:16]] = (file, text)
    for name in prompt_names():
        one = prompt(name)
        found[one.digest] = (f"{name} version {one.version}", one.text)
    return found


def _wordings(folder: Traversable, path: str) -> Iterator[tuple[str, str]]:
    """Every text of the YAML files, with the name of its file."""
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        name = f"{path}{entry.name}"
        if entry.is_dir():
            yield from _wordings(entry, f"{name}/")
        elif name.endswith(".yaml"):
            yield from ((name, text) for text in _leaves(yaml.safe_load(entry.read_text(encoding="utf-8"))))


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
