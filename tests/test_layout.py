"""Where things lie, read from the source: one name for one thing, a room for each command, a test for each module."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

from pipeline.cli.app import app
from tests.test_imports import FILES, ROOT, imported, imported_files

COMMANDS = [command.callback.__name__ for command in app.registered_commands if command.callback]
ROOMS = sorted({module.rpartition(".")[0] for module, file in FILES.items() if not file.name.startswith("__")})


def test_no_loose_file_lies_at_the_root_of_pipeline() -> None:
    """All but the entry point is in a room."""
    assert {file.name for file in (ROOT / "pipeline").glob("*.py")} == {"__init__.py", "__main__.py"}


def test_no_two_public_classes_have_one_name() -> None:
    """One word has one meaning."""
    places = defaultdict(list)
    for module, file in FILES.items():
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(module)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_a_room_with_a_run(command: str) -> None:
    """The command imports `run_COMMAND(console, options)` from the `run.py` of one room.

    A file and a function that would be named by a word of Python, such as import, end with an underscore.
    """
    run = f"run_{command.rstrip('_')}"
    runs = [name for name in imported(FILES[f"pipeline.cli.{command}"]) if name.endswith(f".{run}")]
    [room] = {name.removesuffix(f".run.{run}") for name in runs}
    [function] = [
        node
        for node in ast.parse(FILES[f"{room}.run"].read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name == run
    ]
    assert [argument.arg for argument in function.args.args] == ["console", "options"]
    assert not function.args.kwonlyargs


@pytest.mark.parametrize("room", ROOMS)
def test_each_module_is_reached_by_the_tests_of_its_room(room: str) -> None:
    """A module has a test file of its name in the folder of tests that mirrors its room, or is imported or named
    there, or is imported by a module of the room that is.
    """
    modules = {m for m, file in FILES.items() if m.rpartition(".")[0] == room and not file.name.startswith("__")}
    package = {room} & FILES.keys()
    folder = ROOT.joinpath("tests", *room.split("."))
    reached = {module for module in modules | package if _is_tested(module, folder)}
    waiting = list(reached)
    while waiting:
        new = imported_files(waiting.pop()) & modules - reached
        reached |= new
        waiting += new
    assert modules - reached == set()


def _is_tested(module: str, folder: Path) -> bool:
    tests = list(folder.glob("*.py")) if folder.is_dir() else []
    parent = module.rpartition(".")[0]
    stem = FILES[module].stem
    named = re.compile(rf"{re.escape(module)}\b|from {re.escape(parent)} import .*\b{stem}\b")
    return any(file.name == f"test_{stem}.py" or named.search(file.read_text()) for file in tests)
