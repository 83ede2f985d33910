"""Every end of a command has its exit code."""

import pytest
import typer

from pipeline.cli.exit_codes import BUG, CAP, DONE, INTERRUPTED, WRONG_INPUT, exit_code
from pipeline.engine.video_task import StageBug, StageBugError
from schemas.errors import CapError, VideosError


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
