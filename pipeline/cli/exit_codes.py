"""The one place that turns what happened into an exit code and a line on stderr."""

import sys
from collections.abc import Sequence

import typer

from pipeline.engine.video_task import StageBugError
from schemas.errors import CapError, UserError
from schemas.problems import printable

DONE = 0
BUG = 1
WRONG_INPUT = 2
CAP = 3
INTERRUPTED = 130


def exit_code(app: typer.Typer, arguments: Sequence[str]) -> int:
    """Run a command: 0 done, 1 a bug, 2 wrong input, 3 stopped by a cap, 130 interrupted.

    An exception that is none of these is a bug too: it is left to Python, which prints it and exits with 1.
    """
    try:
        app(list(arguments), prog_name="vidpref")
    except UserError as error:
        return _say(WRONG_INPUT, str(error))
    except CapError as error:
        return _say(CAP, str(error))
    except StageBugError as error:
        sys.stderr.write(error.bug.trace)
        return _say(BUG, f"bug: {error}; what was done so far is kept")
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            return _say(INTERRUPTED, "interrupted; the same command goes on where this one stopped")
        return ended.code if isinstance(ended.code, int) else DONE
    return DONE


def _say(code: int, line: str) -> int:
    sys.stderr.write(f"vidpref: {printable(line)}\n")
    return code
