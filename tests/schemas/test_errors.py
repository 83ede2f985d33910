"""The exception tree."""

import schemas.errors
from schemas.errors import VidprefError


def names_below(error: type[VidprefError]) -> set[str]:
    return {error.__name__}.union(*(names_below(child) for child in error.__subclasses__()))


def test_the_tree_in_the_docstring_is_complete() -> None:
    """Every exception of the module is drawn in its docstring, and nothing else is."""
    drawn = {word for word in (schemas.errors.__doc__ or "").split() if word.endswith("Error")}
    assert drawn == names_below(VidprefError)
