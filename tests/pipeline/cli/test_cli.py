"""The command line: help, version, plan and exit codes."""

from importlib.metadata import version

import pytest
import typer

from pipeline.cli.app import app
from pipeline.cli.exit_codes import BUG, CAP, DONE, INTERRUPTED, WRONG_INPUT, exit_code
from pipeline.engine.video_task import StageBug, StageBugError
from schemas.errors import CapError, VideosError

COMMANDS = sorted(command.callback.__name__ for command in app.registered_commands if command.callback)


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


def program(error: BaseException | None) -> typer.Typer:
    """A program that raises this error, if there is one."""
    made = typer.Typer(pretty_exceptions_enable=False)

    @made.command()
    def run() -> None:
        if error is not None:
            raise error

    return made


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (None, DONE),
        (StageBugError(StageBug("cut", "a.mp4", "ValueError: no", "Traceback ...\n")), BUG),
        (VideosError("--videos x does\nnot exist"), WRONG_INPUT),
        (typer.BadParameter("no"), WRONG_INPUT),
        (CapError("the budget is spent"), CAP),
        (KeyboardInterrupt(), INTERRUPTED),
    ],
)
def test_every_end_has_its_exit_code(
    error: BaseException | None, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 done, 1 a bug, 2 wrong input, 3 a cap, 130 interrupted; what a user did wrong is one line."""
    assert exit_code(program(error), []) == code
    printed = capsys.readouterr().err
    if isinstance(error, VideosError):
        assert printed == "vidpref: --videos x does\\nnot exist\n"


def test_an_exception_that_nobody_raises_on_purpose_is_left_to_python() -> None:
    """A bug outside the stages keeps its traceback; Python exits with 1."""
    with pytest.raises(ZeroDivisionError):
        exit_code(program(ZeroDivisionError()), [])
