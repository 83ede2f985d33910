"""A stop by a signal, and one that got lost on its way."""

import signal
import time
from contextlib import suppress

import pytest

from pipeline.engine import signals
from pipeline.engine.signals import stop_on_signals


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_that_was_lost_is_tried_again(number: signal.Signals, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupt that somebody swallows comes again, and once it has left the context nothing more happens."""
    monkeypatch.setattr(signals, "_AGAIN_SECONDS", 0.01)
    before = [signal.getsignal(n) for n in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM)]

    @stop_on_signals()
    def run() -> None:
        with suppress(KeyboardInterrupt):
            signal.raise_signal(number)
        time.sleep(60)

    with pytest.raises(KeyboardInterrupt):
        run()
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert [signal.getsignal(n) for n in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM)] == before
