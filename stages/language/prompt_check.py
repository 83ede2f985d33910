"""The prompts that a recipe uses are tried before a run starts anything."""

from collections.abc import Iterable

from prompts.example import filled_example
from schemas.errors import RecipeError


def check_prompts(names: Iterable[str]) -> None:
    """Fill each prompt with its example. Raises RecipeError, in one line, if one has another placeholder than it gets,
    cannot be read, or has no strict schema.
    """
    for name in names:
        try:
            filled_example(name)
        except (ValueError, OSError, KeyError) as error:
            hint = "see prompts/models/ and prompts/example.py"
            raise RecipeError(f"{error}".replace("\n", " ") + f"; {hint}") from error
