"""The only place where an exception becomes an exit code and a line on stderr."""

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
    """Run a command. Returns 0 if done, 1 for a bug, 2 for wrong input, 3 if a cap stopped it, 130 if interrupted.

    Any other exception is a bug too: it passes through, so that Python prints its traceback and exits with 1.
    """
    try:
        app(list(arguments), prog_name="vidpref")
    except UserError as error:
        return _report(WRONG_INPUT, str(error))
    except CapError as error:
        return _report(CAP, str(error))
    except StageBugError as error:
        sys.stderr.write(error.bug.trace)
        return _report(BUG, f"bug: {error}; everything finished so far is kept")
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            return _report(INTERRUPTED, "interrupted; the same command continues where this one stopped")
        return ended.code if isinstance(ended.code, int) else DONE
    return DONE


def _report(code: int, line: str) -> int:
    sys.stderr.write(f"vidpref: {printable(line)}\n")
    return code
