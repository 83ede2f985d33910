"""The direction of imports, read from the source."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED = {
    "schemas": {"schemas"},
    "prompts": {"prompts", "schemas"},
    "stages": {"stages", "prompts", "schemas"},
    "trainer": {"trainer", "stages", "prompts", "schemas"},
    "pipeline": {"pipeline", "trainer", "stages", "prompts", "schemas"},
}
FILES = sorted(path for package in ALLOWED for path in (ROOT / package).rglob("*.py"))


def imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(module: str, *prefixes: str) -> bool:
    return any(module == prefix or module.startswith(prefix + ".") for prefix in prefixes)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_downwards_only(path: Path) -> None:
    """Schemas <- prompts <- stages <- trainer <- pipeline; ray, torch and the stages that trainer may take."""
    place = path.relative_to(ROOT)
    for module in imported_modules(path):
        top = module.split(".")[0]
        assert top not in ALLOWED.keys() - ALLOWED[place.parts[0]], f"{place} imports {module}"
        assert top != "tests", f"{place} imports {module}"
        if place.parts[0] == "trainer" and top == "stages":
            assert within(module, "stages.visuals", "stages.models"), f"{place} imports {module}"
        if top == "ray":
            assert place.parts[0] == "pipeline" or str(place) == "trainer/launch.py", f"{place} imports {module}"
        if top in {"torch", "torchvision", "transformers", "peft"}:
            assert place.parts[0] == "trainer" or place.parts[:2] == ("stages", "models"), f"{place} imports {module}"
