"""Lines of progress."""

from types import SimpleNamespace
from typing import Any

import pytest

from trainer.loop.progress import Pace, ProgressCallback, clock


def test_a_duration_is_hours_minutes_and_seconds() -> None:
    """3661 s are one hour, one minute and one second; hours may have several digits."""
    assert [clock(seconds) for seconds in (0, 59.6, 3661, 100 * 3600)] == ["0:00:00", "0:01:00", "1:01:01", "100:00:00"]


def test_a_line_is_due_after_a_while_and_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every 10 s: at 4 s none; at 12 s one, 2 items took 6 s each; at 20 s none, 8 s after it; at the end one."""
    times = iter([0.0, 4.0, 12.0, 20.0, 21.0])
    monkeypatch.setattr("trainer.loop.progress.time.monotonic", lambda: next(times))
    pace = Pace(10.0)
    assert [pace.due(done, of=4) for done in (1, 2, 3, 4)] == [None, 6.0, None, 5.25]


def test_the_line_of_a_resumed_training_counts_its_own_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Resumed at step 6 of 10 it has made 2 steps in 8 s: 4 s a step, so the last 2 steps take 8 s."""
    times = iter([0.0, 0.0, 8.0])
    monkeypatch.setattr("trainer.loop.progress.time.monotonic", lambda: next(times))
    said: list[str] = []
    callback = ProgressCallback(said.append, every_seconds=5.0)
    state: Any = SimpleNamespace(global_step=6, max_steps=10, log_history=[{"loss": 0.5}, {"other": 1.0}])
    nothing: Any = None
    callback.on_train_begin(nothing, state, nothing)
    state.global_step = 8
    callback.on_step_end(nothing, state, nothing)
    assert said == ["step 8 of 10, loss 0.5000, 4.0 s a step, 0:00:08 left"]
