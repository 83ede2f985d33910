"""Runs that are stopped, politely or not, and started again."""

import random
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.pipeline.runs import make_videos, run_fakes, shard_hashes, unit_states
from tests.pipeline.trees import Tree, orphaned, shared_memory

PROGRAM = [sys.executable, "-m", "tests.pipeline.program"]
KILLS = 3


def wait_for_units(out: Path, count: int, tree: Tree) -> None:
    end = time.monotonic() + 180
    while len(unit_states(out)) < count:
        assert time.monotonic() < end, f"{len(unit_states(out))} of {count} units in time"
        if tree.process.poll() is not None:
            raise AssertionError(tree.process.communicate()[0])
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_polite_stop_ends_with_130_and_the_same_command_goes_on(tmp_path: Path, number: signal.Signals) -> None:
    """SIGTERM and Ctrl-C end the local run with exit code 130, one line and no process; then it goes on."""
    videos, out = make_videos(tmp_path / "videos", 6), tmp_path / "ds"
    tree = Tree([*PROGRAM, str(videos), str(out), "--seconds", "0.5", "--local"])
    wait_for_units(out, 2, tree)
    tree.process.send_signal(number)
    said, _ = tree.process.communicate(timeout=60)
    assert tree.process.returncode == 130
    assert said.splitlines()[-1] == "vidpref: interrupted; the same command goes on where this one stopped"
    assert "Traceback" not in said
    assert tree.wait_until_gone(10) == []
    before = unit_states(out)
    run_fakes(videos, out)
    assert {name: unit_states(out)[name] for name in before} == before


@pytest.mark.ray
@pytest.mark.slow
def test_a_ray_run_stops_on_sigterm(tmp_path: Path) -> None:
    """SIGTERM ends a Ray run with 130, and every process that it had started ends with it."""
    videos, out = make_videos(tmp_path / "videos", 30), tmp_path / "ds"
    tree = Tree([*PROGRAM, str(videos), str(out), "--seconds", "0.5"])
    wait_for_units(out, 2, tree)
    tree.process.send_signal(signal.SIGTERM)
    said, _ = tree.process.communicate(timeout=120)
    assert tree.process.returncode == 130, said
    assert tree.wait_until_gone(30) == []


@pytest.mark.ray
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_run_killed_again_and_again_gives_the_same_bytes(tmp_path: Path) -> None:
    """After three SIGKILLs of the whole process tree at random moments the set is the one of an undisturbed run;
    units that were committed are untouched, and neither a process nor shared memory is left behind.
    """
    videos, out = make_videos(tmp_path / "videos", 30), tmp_path / "ds"
    expected = run_fakes(videos, tmp_path / "reference")
    moments = random.Random(int(time.time()))  # noqa: S311 any moment will do
    shared_before, committed = shared_memory(), unit_states(out)
    for _ in range(KILLS):
        tree = Tree([*PROGRAM, str(videos), str(out), "--seconds", "0.3"])
        wait_for_units(out, len(committed) + moments.randint(1, 6), tree)
        time.sleep(moments.uniform(0, 0.5))
        tree.kill()
        after = unit_states(out)
        assert {name: after[name] for name in committed} == committed
        assert tree.members() == []
        assert orphaned(shared_memory() - shared_before) == set()
        committed = after
    assert 3 <= len(committed) < 30
    assert shard_hashes(run_fakes(videos, out)) == shard_hashes(expected)
    assert {name: unit_states(out)[name] for name in committed} == committed
