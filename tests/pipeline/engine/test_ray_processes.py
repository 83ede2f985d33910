"""What a Ray that was started here leaves running is ended."""

import subprocess
from pathlib import Path

import psutil
import pytest

from pipeline.engine import ray_processes
from pipeline.engine.ray_processes import no_process_left

pytestmark = pytest.mark.process


def test_a_process_that_stays_is_ended_whoever_its_parent_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that outlives its parent, in a session of its own, is gone; one from before the context stays."""
    monkeypatch.setattr(ray_processes, "_GRACE_SECONDS", 0.5)
    with subprocess.Popen(["sleep", "60"]) as before:
        with no_process_left():
            subprocess.run(["sh", "-c", f"setsid sleep 60 & echo $! > {tmp_path}/pid"], check=True)
            started = psutil.Process(int((tmp_path / "pid").read_text()))
        assert not started.is_running() or started.status() == psutil.STATUS_ZOMBIE
        assert before.poll() is None
        before.kill()


def test_a_process_that_ends_by_itself_is_waited_for(tmp_path: Path) -> None:
    """What it does last is done once the context has ended."""
    with no_process_left():
        subprocess.run(["sh", "-c", f"(sleep 0.3; touch {tmp_path}/done) &"], check=True)
    assert (tmp_path / "done").exists()
