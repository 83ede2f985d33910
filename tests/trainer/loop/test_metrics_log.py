"""The metrics log under kills, resumes and numbers that JSON does not have."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from schemas.errors import OutputError
from trainer.loop.metrics_log import MetricsLog


@pytest.fixture
def log(tmp_path: Path) -> MetricsLog:
    return MetricsLog.resume(tmp_path / "run" / "metrics.jsonl", step=0)


def test_what_is_read_is_what_was_written(log: MetricsLog) -> None:
    """Numbers come back to the bit, words and nulls too, in order."""
    log.append(1, {"loss": 0.1 + 0.2, "alarm": None})
    log.append(2, {"loss": 1e-300, "text": "line\nbreak ü"})
    assert log.read() == [
        {"step": 1, "loss": 0.1 + 0.2, "alarm": None},
        {"step": 2, "loss": 1e-300, "text": "line\nbreak ü"},
    ]
    assert len(log.path.read_bytes().splitlines()) == 2


@pytest.mark.parametrize("cut", [1, 2, 10, 20])
def test_a_torn_last_line_is_repaired_at_resume(log: MetricsLog, cut: int) -> None:
    """However many bytes of the last line a kill left, the next line stands on a line of its own."""
    log.append(1, {"loss": 0.5})
    whole = log.path.read_bytes()
    log.append(2, {"loss": 0.25})
    log.path.write_bytes(log.path.read_bytes()[:-cut])
    resumed = MetricsLog.resume(log.path, step=2)
    assert log.path.read_bytes() == whole
    resumed.append(2, {"loss": 0.25})
    assert resumed.read() == [{"step": 1, "loss": 0.5}, {"step": 2, "loss": 0.25}]


def test_steps_after_the_checkpoint_are_taken_back(log: MetricsLog) -> None:
    """Killed at step 4 and going on after step 2, the log holds each step once."""
    for step in range(1, 5):
        log.append(step, {"loss": float(step)})
    resumed = MetricsLog.resume(log.path, step=2)
    resumed.append(3, {"loss": 3.0})
    assert [record["step"] for record in resumed.read()] == [1, 2, 3]


def test_a_new_run_starts_with_an_empty_log(log: MetricsLog) -> None:
    """Killed before its first checkpoint, a run looks at step 0 again: that look is in the log once."""
    log.append(0, {"accuracy": 0.5})
    log.append(1, {"loss": 1.0})
    assert MetricsLog.resume(log.path, step=0).read() == []


@pytest.mark.parametrize("damaged", ["{", "[]", '{"loss": 1}', '{"step": "1"}', ""])
def test_a_line_that_no_kill_explains_is_refused(log: MetricsLog, damaged: str) -> None:
    """Only the last line can be incomplete: any other is an error with its number, and is not dropped."""
    log.append(1, {})
    with log.path.open("a") as stream:
        stream.write(damaged + "\n")
    log.append(2, {})
    with pytest.raises(OutputError, match=r"metrics\.jsonl, line 2, is not a record of a step"):
        MetricsLog.resume(log.path, step=2)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_no_number_is_no_line(log: MetricsLog, number: float) -> None:
    """What JSON does not have is refused before anything is written."""
    with pytest.raises(ValueError, match="JSON"):
        log.append(1, {"loss": number})
    assert log.read() == []


KILLED = """
import os, signal, sys
from pathlib import Path
from trainer.loop.metrics_log import MetricsLog
log = MetricsLog.resume(Path(sys.argv[1]), 0)
log.append(1, {"loss": 0.5})
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.process
def test_an_appended_line_survives_a_kill(tmp_path: Path) -> None:
    """A line is in the file when `append` returns."""
    path = tmp_path / "metrics.jsonl"
    command = [sys.executable, "-c", KILLED, str(path)]
    done = subprocess.run(command, check=False, env={**os.environ, "PYTHONPATH": "."})
    assert done.returncode == -signal.SIGKILL
    assert MetricsLog(path).read() == [{"step": 1, "loss": 0.5}]
