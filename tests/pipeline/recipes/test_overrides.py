"""Every --set a.b=c lies over the recipe."""

import pytest

from pipeline.recipes.overrides import apply_overrides
from schemas.errors import RecipeError


def test_values_are_yaml_and_sections_are_made() -> None:
    """The last one of a key counts, and the recipe that was given stays as it is."""
    recipe = {"decode": {"frames": 4}}
    found = apply_overrides(recipe, ["decode.frames=8", "decode.frames=16", "cut.on=true", "seed=3", "a.list=[1, x]"])
    assert found == {"decode": {"frames": 16}, "cut": {"on": True}, "seed": 3, "a": {"list": [1, "x"]}}
    assert recipe == {"decode": {"frames": 4}}


@pytest.mark.parametrize(
    ("override", "named"),
    [
        ("decode.frames", "section.key=value"),
        ("decode.=4", "section.key=value"),
        ("=4", "section.key=value"),
        ("decode.frames=[1", "not a YAML value"),
        ("seed=2024-13-01", "not a YAML value"),
        pytest.param("seed=" + "[" * 5000, "not a YAML value", id="endless brackets"),
        ("seed.of.what=1", "seed is a value, not a section"),
    ],
)
def test_what_is_no_override_is_refused(override: str, named: str) -> None:
    """The error says what is wrong with it."""
    with pytest.raises(RecipeError, match=named):
        apply_overrides({"seed": 0}, [override])
