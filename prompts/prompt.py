"""What is said to language models: a file for each prompt, the JSON schema of its reply beside it, and its hash."""

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template, TemplateSyntaxError, UndefinedError, meta

from schemas.record import Record

FOLDER = "models"
"""The folder below prompts/ that holds them."""
_VERSION = re.compile(r"\{# version (\d+): [^\n]+ #\}\n")
_JINJA = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701 no HTML


class Prompt(Record):
    """A text with named placeholders, and what the reply to it must be."""

    name: str
    """Name of its file, without ending."""
    version: int
    """The number in its first line; it goes up when the prompt asks for something else."""
    text: str
    """The template, in Jinja."""
    reply_json: str
    """The JSON schema of the reply; every object lists its keys as required and allows no others."""

    @property
    def placeholders(self) -> frozenset[str]:
        """Names of the values that it takes."""
        return _placeholders(self.text)

    @property
    def reply_schema(self) -> Mapping[str, Any]:
        """The JSON schema of the reply."""
        found: dict[str, Any] = json.loads(self.reply_json)
        return found

    @property
    def digest(self) -> str:
        """First 16 hex digits of a SHA-256 over name, version, text and schema."""
        parts = (self.name, str(self.version), self.text, self.reply_json)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]

    @property
    def label(self) -> str:
        """Name, version and hash, as rows and `vidpref plan` say which prompt it was."""
        return f"{self.name} version {self.version} {self.digest}"

    def fill(self, **values: object) -> str:
        """The text with every placeholder filled.

        ValueError if a placeholder has no value, or a value has no placeholder.
        """
        if values.keys() != self.placeholders:
            missing, unused = self.placeholders - values.keys(), values.keys() - self.placeholders
            raise ValueError(f"prompt {self.name}: missing {sorted(missing)}, unused {sorted(unused)}")
        try:
            return _compiled(self.text).render(**values).strip()
        except UndefinedError as error:
            raise ValueError(f"prompt {self.name}: {error}") from error


@cache
def _placeholders(text: str) -> frozenset[str]:
    return frozenset(meta.find_undeclared_variables(_JINJA.parse(text)))


@cache
def _compiled(text: str) -> Template:
    """Kept, as it is filled for each request."""
    return _JINJA.from_string(text)


def parsed(name: str, source: str, reply_json: str) -> Prompt:
    """A prompt from the content of its two files. ValueError, naming the prompt, if one is not as it must be."""
    first = _VERSION.match(source)
    if first is None:
        raise ValueError(f"prompt {name}: its first line must be '{{# version N: what it is for #}}'")
    prompt = Prompt(name=name, version=int(first[1]), text=source[first.end() :], reply_json=reply_json)
    try:
        prompt.placeholders  # noqa: B018 a template that does not parse is found here
        schema = json.loads(reply_json)
    except (TemplateSyntaxError, ValueError) as error:
        raise ValueError(f"prompt {name}: {error}") from error
    if problem := _loose(schema):
        raise ValueError(f"prompt {name}: its schema {problem}")
    return prompt


@cache
def prompt(name: str) -> Prompt:
    """The prompt of that name below prompts/models. ValueError if it is not as it must be."""
    folder = files("prompts") / FOLDER
    text = (folder / f"{name}.jinja").read_text(encoding="utf-8")
    return parsed(name, text, (folder / f"{name}.json").read_text(encoding="utf-8"))


def prompt_names() -> tuple[str, ...]:
    """All prompts, in order of name."""
    entries = (files("prompts") / FOLDER).iterdir()
    return tuple(sorted(entry.name.removesuffix(".jinja") for entry in entries if entry.name.endswith(".jinja")))


def _loose(schema: object) -> str | None:
    """What keeps a server from enforcing a schema strictly; None if nothing does."""
    if isinstance(schema, list):
        return next(filter(None, map(_loose, schema)), None)
    if not isinstance(schema, dict):
        return None
    if "properties" in schema:
        if schema.get("additionalProperties") is not False:
            return "must not allow additionalProperties"
        if sorted(schema.get("required", ())) != sorted(schema["properties"]):
            return f"must require all of {sorted(schema['properties'])}"
    return next(filter(None, map(_loose, schema.values())), None)
