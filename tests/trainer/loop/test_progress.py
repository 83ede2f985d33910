"""Lines of progress."""

from types import SimpleNamespace
from typing import Any

import pytest

from trainer.loop.progress import Pace, ProgressCallback, _looks_left, clock


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
    said = _progress(monkeypatch, [0.0, 0.0, 0.0, 8.0, 8.0], evaluates=False)
    said.callback.on_train_begin(said.arguments, said.state, said.nothing)
    said.state.global_step = 8
    said.callback.on_step_end(said.arguments, said.state, said.nothing)
    assert said.lines == ["step 8 of 10, loss 0.5000, 4.0 s a step, 0:00:08 left"]


def test_looks_are_no_part_of_a_step_but_of_the_time_that_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look of 30 s, and two steps in 8 s beside it: 4 s a step. The last two take 8 s, and there are two looks to
    come, after step 9 and after step 10: 60 s.
    """
    said = _progress(monkeypatch, [0.0, 0.0, 0.0, 30.0, 38.0, 38.0], evaluates=True)
    said.callback.on_train_begin(said.arguments, said.state, said.nothing)
    said.callback.on_evaluate(said.arguments, said.state, said.nothing)
    said.state.global_step = 8
    said.callback.on_step_end(said.arguments, said.state, said.nothing)
    assert said.lines == ["step 8 of 10, loss 0.5000, 4.0 s a step, 0:01:08 left"]


@pytest.mark.parametrize(("step", "looks"), [(1, 4), (3, 4), (4, 3), (9, 2), (10, 1)])
def test_looks_to_come_are_counted(step: int, looks: int) -> None:
    """Of ten steps with a look every three: after 3, 6, 9 and 10; the one after this step is still to come."""
    arguments: Any = SimpleNamespace(eval_strategy="steps", eval_steps=3)
    state: Any = SimpleNamespace(global_step=step, max_steps=10)
    assert _looks_left(arguments, state) == looks


def _progress(monkeypatch: pytest.MonkeyPatch, times: list[float], *, evaluates: bool) -> Any:
    """A callback at step 6 of 10 under a clock that shows those times, with the lines that it prints."""
    shown, lines = iter(times), list[str]()
    monkeypatch.setattr("trainer.loop.progress.time.monotonic", lambda: next(shown))
    return SimpleNamespace(
        callback=ProgressCallback(lines.append, every_seconds=5.0),
        arguments=SimpleNamespace(eval_strategy="steps" if evaluates else "no", eval_steps=3),
        state=SimpleNamespace(global_step=6, max_steps=10, log_history=[{"loss": 0.5}, {"other": 1.0}]),
        nothing=None,
        lines=lines,
    )
