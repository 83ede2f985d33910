"""A fingerprint covers the prompt files that a recipe uses, of every type, and no others."""

import ast
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from pipeline.build.recipe import Recipe
from pipeline.recipes.prompt_hashes import prompt_hashes
from tests.test_imports import FILES

TYPES = ("py", "jinja", "yaml", "md", "txt", "json")
USED = [path for step in Recipe().steps() if step.stage for path in step.stage.prompts()]


@pytest.mark.parametrize("kind", TYPES)
def test_an_edit_of_a_used_file_changes_the_hashes(tmp_path: Path, kind: str) -> None:
    """Of each type one file is named by itself and one lies in a named folder: an edit of either is seen; an edit of a
    file that nobody names is not.
    """
    for place in (".", "texts/deep"):
        (tmp_path / place).mkdir(parents=True, exist_ok=True)
        for other in TYPES:
            (tmp_path / place / f"used.{other}").write_text("before")
    (tmp_path / f"unused.{kind}").write_text("before")
    named = ["texts", *(f"used.{other}" for other in TYPES)]
    before = prompt_hashes(named, tmp_path)
    assert len(before) == 2 * len(TYPES)
    (tmp_path / f"unused.{kind}").write_text("after")
    assert prompt_hashes(named, tmp_path) == before
    for place in (".", "texts/deep"):
        (tmp_path / place / f"used.{kind}").write_text("after")
        assert len(set(prompt_hashes(named, tmp_path)) - set(before)) == 1
        (tmp_path / place / f"used.{kind}").write_text("before")


def test_a_renamed_file_has_another_hash(tmp_path: Path) -> None:
    """A wording is looked up by the name of its file, so the name counts."""
    (tmp_path / "a.yaml").write_text("same")
    (tmp_path / "b.yaml").write_text("same")
    assert prompt_hashes(["a.yaml"], tmp_path) != prompt_hashes(["b.yaml"], tmp_path)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    """A stage that names a file which is not there would be without a hash."""
    with pytest.raises(FileNotFoundError, match=r"prompts/gone\.md"):
        prompt_hashes(["gone.md"], tmp_path)


@pytest.mark.parametrize(
    ("edited", "changes"),
    [("choices.py", False), ("template.py", True), ("wordings.py", True), ("facts/border.yaml", True)],
)
def test_the_builtin_recipe_covers_its_wordings_alone(tmp_path: Path, edited: str, changes: bool) -> None:
    """How a multiple-choice question is put belongs to `evaluate`; wordings, template and their reader to a build."""
    copied = tmp_path / "prompts"
    shutil.copytree(str(files("prompts")), copied, ignore=shutil.ignore_patterns("__pycache__"))
    before = prompt_hashes(USED, copied)
    assert before == Recipe().identity("facts").prompt_hashes
    with (copied / edited).open("a") as file:
        file.write("# edited\n")
    assert (prompt_hashes(USED, copied) != before) is changes


def imported(module: str, seen: set[str]) -> set[str]:
    """The modules of stages and prompts that a module imports, directly or through others."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(FILES[module].read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    for name in sorted(names - seen):
        if name.split(".")[0] in ("stages", "prompts"):
            seen.add(name)
            imported(name, seen)
    return seen


def test_every_prompt_module_that_a_stage_imports_is_named() -> None:
    """The modules of prompts/ that a stage imports, directly or not, are among the files that it names."""
    for step in Recipe().steps():
        if step.stage is None:
            continue
        needed = {name for name in imported(type(step.stage).__module__, set()) if name.startswith("prompts.")}
        assert {name.removeprefix("prompts.") + ".py" for name in needed} <= set(step.stage.prompts()), step.name
