"""Where things lie, read from the source: one name for one thing and a room for each command."""

import ast
from collections import defaultdict

import pytest

from pipeline.cli.app import app
from tests.test_imports import FILES, ROOT, imported

COMMANDS = [command.callback.__name__ for command in app.registered_commands if command.callback]


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
    """The command imports `run_COMMAND(console, options)` from the `run.py` of one room."""
    runs = [name for name in imported(FILES[f"pipeline.cli.{command}"]) if name.endswith(f".run_{command}")]
    [room] = {name.removesuffix(f".run.run_{command}") for name in runs}
    [function] = [
        node
        for node in ast.parse(FILES[f"{room}.run"].read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name == f"run_{command}"
    ]
    assert [argument.arg for argument in function.args.args] == ["console", "options"]
    assert not function.args.kwonlyargs
