"""Applies --set a.b=c to a recipe."""

from collections.abc import Sequence
from copy import deepcopy

import yaml
from pydantic import JsonValue

from schemas.errors import RecipeError


def apply_overrides(content: dict[str, JsonValue], overrides: Sequence[str]) -> dict[str, JsonValue]:
    """The recipe with each `a.b=c` applied; c is read as YAML. Raises RecipeError if one is not of that form."""
    merged = deepcopy(content)
    for override in overrides:
        path, equals, value = override.partition("=")
        keys = path.strip().split(".")
        if not equals or not all(keys):
            raise RecipeError(f"--set {override!r} must be of the form key=value, or section.key=value")
        try:
            _put(merged, keys, yaml.safe_load(value))
        except (yaml.YAMLError, ValueError, RecursionError) as error:  # a date such as 2024-13-01 is a ValueError
            raise RecipeError(f"--set {path.strip()}: {value[:80]!r} is not a YAML value") from error
    return merged


def _put(content: dict[str, JsonValue], keys: list[str], value: JsonValue) -> None:
    section = content
    for depth, key in enumerate(keys[:-1], start=1):
        inner = section.setdefault(key, {})
        if not isinstance(inner, dict):
            raise RecipeError(f"--set {'.'.join(keys)}: {'.'.join(keys[:depth])} is a value, not a section")
        section = inner
    section[keys[-1]] = value
