"""The command line: help, version and plan."""

from importlib.metadata import version

import pytest

from pipeline.cli.app import app
from pipeline.cli.exit_codes import DONE, exit_code

COMMANDS = sorted(command.name or "" for command in app.registered_commands)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """--help names the command and its options, and ends with 0."""
    assert exit_code(app, [command, "--help"]) == DONE
    printed = capsys.readouterr().out
    assert printed.startswith(f"Usage: vidpref {command} ")
    assert "--help" in printed


def test_all_commands_are_listed_each_in_one_whole_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a terminal of 80 columns no summary is cut off."""
    monkeypatch.setenv("COLUMNS", "80")
    assert exit_code(app, ["--help"]) == DONE
    listed = capsys.readouterr().out.split("Commands:\n")[1].splitlines()
    assert sorted(line.split()[0] for line in listed) == COMMANDS
    assert all(line.endswith(".") and not line.endswith("..") for line in listed)


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    """--version prints it in one line, without a command."""
    assert exit_code(app, ["--version"]) == DONE
    assert capsys.readouterr().out == f"vidpref {version('vidpref')}\n"


@pytest.mark.ray
def test_plan_lists_the_steps_and_adds_up_their_cpus(capsys: pytest.CaptureFixture[str]) -> None:
    """Every step is a row, in order, and the sum of their CPUs is worked out."""
    assert exit_code(app, ["plan", "facts", "--workers", "1"]) == DONE
    printed = capsys.readouterr().out
    steps = ["decode", "ground", "generate", "cut", "verify", "write"]
    rows = [line.split() for line in printed.splitlines()]
    assert [row[0] for row in rows if row and row[0] in steps] == steps
    assert "CPUs: (1 decode + 1 ground + 1 generate + 1 cut + 1 verify + 1 write) x " in printed
