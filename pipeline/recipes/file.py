"""Reads a recipe: a YAML file, shipped under a name or given by path, with every --set applied."""

from collections.abc import Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import JsonValue, ValidationError

from pipeline.recipes.overrides import apply_overrides
from schemas.errors import RecipeError
from schemas.problems import first_problem, one_line
from schemas.record import Record

R = TypeVar("R", bound=Record)


def read_recipe(recipe: str, kind: type[R], folder: Traversable, overrides: Sequence[str] = ()) -> tuple[str, R]:
    """(name, recipe) of a recipe in `folder` or a YAML file, with every `a.b=c` applied. Raises RecipeError."""
    name, content = _read(recipe, folder)
    merged = apply_overrides(content, overrides)
    try:
        return name, kind.model_validate(merged)
    except ValidationError as error:
        raise RecipeError(f"recipe {recipe}: {first_problem(error, kind)}") from error


def recipes_in(folder: Traversable) -> list[str]:
    """Names of the recipes of a folder."""
    return sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml"))


def _read(recipe: str, folder: Traversable) -> tuple[str, dict[str, JsonValue]]:
    source: Traversable = Path(recipe) if recipe.endswith((".yaml", ".yml")) else folder / f"{recipe}.yaml"
    if not source.is_file():
        raise RecipeError(
            f"recipe {recipe} does not exist; give a YAML file, or one of: {', '.join(recipes_in(folder))}"
        )
    try:
        content = yaml.safe_load(source.read_text(encoding="utf-8"))
    except (yaml.YAMLError, OSError, ValueError, RecursionError) as error:  # a date such as 2024-13-01 is a ValueError
        raise RecipeError(f"recipe {recipe} cannot be read: {one_line(error)}") from error
    if content is not None and not isinstance(content, dict):
        raise RecipeError(f"recipe {recipe} must hold sections with keys, got {type(content).__name__}")
    return Path(recipe).stem, content or {}
