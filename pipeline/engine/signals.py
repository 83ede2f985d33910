"""SIGTERM stops a run as Ctrl-C does: committed units stay, and everything that was opened is closed."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_AGAIN_SECONDS = 15.0
"""After how long a stop that has not ended the run is tried again; longer than closing takes."""


@contextmanager
def stop_on_signals() -> Iterator[None]:
    """Raise KeyboardInterrupt on SIGTERM while the context lasts; in the main thread only.

    It is raised again every few seconds until it has left the innermost of these contexts: an exception that comes up
    in a finaliser, or in a callback of native code, is lost.
    `ray.init` replaces the handler, so this context must be opened again after Ray has started.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, _stop) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM)}
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(_number: int, _frame: FrameType | None) -> None:
    signal.setitimer(signal.ITIMER_REAL, _AGAIN_SECONDS)
    raise KeyboardInterrupt
