"""The prompts as they are sent, filled with what was asked about one real clip."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from prompts.predicates import claim_words
from prompts.prompt import FOLDER, prompt
from prompts.topics import named_errors, topics
from schemas.claim import Axis


def filled_example(name: str, topic: str = "spatial") -> str:
    """The prompt of that name, filled with the example; the writer's is about a topic. KeyError if it has none."""
    values: dict[str, Any] = dict(_examples()[name])
    if name == "writer":
        values["topic"] = topics()[topic]
        values["gap_seconds"] = 1.0 if topics()[topic].axis is Axis.CROSS_FRAME else None
    elif name == "corrupter":
        values["error"] = named_errors()[Axis.SPATIAL][0]
    elif name == "claims":
        values["predicates"] = [words.says for words in claim_words().values()]
    return prompt(name).fill(**values)


@cache
def _examples() -> Mapping[str, Mapping[str, Any]]:
    content = (files("prompts") / FOLDER / "example.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, Any]] = yaml.safe_load(content)
    return found
