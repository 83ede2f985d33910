"""Tells from a prompt what is asked, if no schema names it: servers that take no schema are told it in words."""

import re
from collections.abc import Iterator
from functools import cache

from prompts.prompt import prompt, prompt_names
from prompts.topics import topics

_PLACEHOLDER = re.compile(r"\{[{%#]")


def task_in(text: str) -> str | None:
    """The name of the schema of the prompt whose fixed lines a text holds; None if it holds those of none.

    Of several prompts it is the one with most lines. The writer's task has the name of its topic.
    """
    found = [
        (len(lines), name) for name, lines in _fixed_lines().items() if lines and all(map(text.__contains__, lines))
    ]
    if not found:
        return None
    name = max(found)[1]
    if name == "writer":
        topic = next((topic for topic, content in topics().items() if f"test {content.tests}." in text), None)
        return None if topic is None else f"writer_{topic}"
    return f"{name}_" if name == "corrupter" else name


@cache
def _fixed_lines() -> dict[str, tuple[str, ...]]:
    """The lines without placeholder of each prompt of a role; of a reply's form alone others speak."""
    of_roles = (name for name in prompt_names() if prompt(name).reply_schema != {"type": "object"})
    return {name: tuple(_lines(prompt(name).text)) for name in of_roles}


def _lines(template: str) -> Iterator[str]:
    for line in template.splitlines():
        if line.strip() and not _PLACEHOLDER.search(line):
            yield line.strip()
