"""Recipes are shipped under a name, or are a YAML file."""

from pathlib import Path

import pytest

from pipeline.recipes.file import read_recipe, recipes_in
from schemas.errors import RecipeError
from schemas.record import Record


class Small(Record):
    """A recipe of one key."""

    frames: int = 4


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two recipes."""
    (tmp_path / "plain.yaml").write_text("frames: 8")
    (tmp_path / "empty.yaml").write_text("# all by default")
    return tmp_path


def test_a_recipe_is_found_by_its_name_or_its_path(folder: Path) -> None:
    """Both ways give the same name and recipe; an empty file is all by default."""
    assert recipes_in(folder) == ["empty", "plain"]
    assert read_recipe("plain", Small, folder) == ("plain", Small(frames=8))
    assert read_recipe(str(folder / "plain.yaml"), Small, folder / "nowhere") == ("plain", Small(frames=8))
    assert read_recipe("empty", Small, folder, ["frames=2"]) == ("empty", Small(frames=2))


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("- a list", "must hold sections with keys, got list"),
        ("frames: [", "cannot be read"),
        ("frames: 2024-13-01", "cannot be read: month must be in 1..12"),
        pytest.param("frames: " + "[" * 5000, "cannot be read", id="endless brackets"),
        ("frames: many", "frames"),
        ("seconds: 4", "seconds"),
    ],
)
def test_a_file_that_is_no_recipe_is_one_line(folder: Path, content: str, named: str) -> None:
    """The line names the recipe and what is wrong with it."""
    (folder / "mine.yaml").write_text(content)
    with pytest.raises(RecipeError, match=named) as refused:
        read_recipe("mine", Small, folder)
    assert "recipe mine" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_name_that_is_not_there_is_answered_with_those_that_are(folder: Path) -> None:
    """The line lists the recipes of the folder."""
    with pytest.raises(RecipeError, match=r"recipe other does not exist; .*one of: empty, plain"):
        read_recipe("other", Small, folder)
