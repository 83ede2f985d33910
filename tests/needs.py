"""Which heavy libraries a test file loads before its first test, read from the source and not by importing it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
HEAVY = {"torch": "torch", "torchvision": "torch", "transformers": "torch", "peft": "torch", "ray": "ray"}
"""The marker that stands for each heavy library."""


def needs(file: Path) -> frozenset[str]:
    """The markers of the heavy libraries that importing `file` loads, whatever lies between."""
    found: set[str] = set()
    waiting, reached = [file], {file}
    while waiting:
        for module in _loaded(waiting.pop()):
            marker = HEAVY.get(module.split(".")[0])
            if marker is not None:
                found.add(marker)
            new = set(_files(module)) - reached
            reached |= new
            waiting += new
    return frozenset(found)


@cache
def _loaded(file: Path) -> tuple[str, ...]:
    """The modules, or names in modules, that the file imports when it is imported itself."""
    return tuple(_imports(ast.parse(file.read_text()).body))


def _imports(statements: list[ast.stmt]) -> Iterator[str]:
    for statement in statements:
        if isinstance(statement, ast.Import):
            yield from (alias.name for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom):
            yield from (f"{statement.module}.{alias.name}" for alias in statement.names)
        elif isinstance(statement, ast.ClassDef | ast.With):
            yield from _imports(statement.body)
        elif isinstance(statement, ast.Try):
            yield from _imports([*statement.body, *statement.orelse, *statement.finalbody])
        elif isinstance(statement, ast.If):
            for_types = "TYPE_CHECKING" in ast.unparse(statement.test)
            yield from _imports(statement.orelse if for_types else [*statement.body, *statement.orelse])


@cache
def _files(module: str) -> tuple[Path, ...]:
    """The files of this repository that importing a module, or a name in one, loads."""
    parts = module.split(".")
    places = [ROOT.joinpath(*parts[: length + 1]) for length in range(len(parts))]
    files = [file for place in places for file in (place.with_suffix(".py"), place / "__init__.py")]
    return tuple(file for file in files if file.is_file())
