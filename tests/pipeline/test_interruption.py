"""Runs that are stopped, politely or not, and started again."""

import os
import random
import signal
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.dataset.finished_set import FinishedSet
from tests.pipeline.runs import make_videos, run_fakes, shard_hashes, unit_states
from tests.pipeline.trees import Tree, orphaned, shared_memory

pytestmark = pytest.mark.process

PROGRAM = [sys.executable, "-u", "-m", "tests.pipeline.program"]
SEED = "VIDPREF_TEST_SEED"
"""The environment variable that draws the moments of a failed run again."""


def wait_for_units(out: Path, count: int, tree: Tree) -> None:
    end = time.monotonic() + 400
    while len(unit_states(out)) < count:
        assert time.monotonic() < end, f"{len(unit_states(out))} of {count} units in time"
        if tree.process.poll() is not None:
            raise AssertionError(tree.process.communicate()[0])
        time.sleep(0.05)


def wait_for_line(start: str, tree: Tree) -> None:
    assert tree.process.stdout is not None
    said = []
    for line in tree.process.stdout:
        said.append(line)
        if line.startswith(start):
            return
    raise AssertionError("".join(said))


def let_through(videos: int, gate: Path) -> None:
    gate.mkdir(exist_ok=True)
    for _ in range(videos):
        (gate / uuid.uuid4().hex).touch()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_polite_stop_ends_with_130_and_the_same_command_goes_on(tmp_path: Path, number: signal.Signals) -> None:
    """SIGTERM and Ctrl-C end the local run with exit code 130, one line and no process; then it goes on."""
    videos, out = make_videos(tmp_path / "videos", 6), tmp_path / "ds"
    tree = Tree([*PROGRAM, str(videos), str(out), "--seconds", "0.5", "--local"])
    wait_for_units(out, 2, tree)
    tree.process.send_signal(number)
    said, _ = tree.process.communicate(timeout=60)
    assert tree.process.returncode == 130
    assert said.splitlines()[-1].startswith("vidpref: interrupted")
    assert "Traceback" not in said
    assert tree.wait_until_gone(10) == []
    before = unit_states(out)
    run_fakes(videos, out)
    assert {name: unit_states(out)[name] for name in before} == before


@pytest.mark.ray
@pytest.mark.slow(80)
@pytest.mark.timeout(1500)
def test_a_run_stopped_again_and_again_gives_the_same_bytes(tmp_path: Path) -> None:
    """SIGKILLs of the whole process tree while it starts, while units are written, and while it selects and writes the
    set; SIGTERM and Ctrl-C while units are written, which end it with 130. Then the set is the one of an undisturbed
    local run; units that were committed are untouched, and neither a process nor shared memory is left behind.

    Of 15 videos the killed run may decode five, and is killed a moment after it has written one to five units; the
    other two may decode two more each, and are stopped once two more units are there. So five to nine are there when
    the last one goes on.
    """
    videos, out, gate = make_videos(tmp_path / "videos", 15), tmp_path / "ds", tmp_path / "gate"
    let_through(0, gate)
    expected = run_fakes(videos, tmp_path / "reference")
    seed = int(os.environ.get(SEED, time.time()))
    print(f"{SEED}={seed} draws the same moments")  # noqa: T201 shown if the test fails
    moments = random.Random(seed)  # noqa: S311 any moment will do
    shared_before = shared_memory()

    def run_until_killed(wait: Callable[[Tree], None]) -> None:
        before, tree = unit_states(out), Tree([*PROGRAM, str(videos), str(out), "--gate", str(gate)])
        wait(tree)
        tree.kill()
        after = unit_states(out)
        assert {name: after[name] for name in before} == before
        assert tree.members() == []
        assert orphaned(shared_before) == set()

    def units_and_a_moment(tree: Tree) -> None:
        wait_for_units(out, len(unit_states(out)) + moments.randint(1, 5), tree)
        time.sleep(moments.uniform(0, 0.2))

    def run_until_stopped(number: signal.Signals) -> None:
        before, tree = unit_states(out), Tree([*PROGRAM, str(videos), str(out), "--gate", str(gate)])
        wait_for_units(out, len(before) + 2, tree)
        tree.process.send_signal(number)
        said, _ = tree.process.communicate(timeout=120)
        assert tree.process.returncode == 130, said
        assert tree.wait_until_gone(30) == []
        after = unit_states(out)
        assert {name: after[name] for name in before} == before

    def the_set_and_a_moment(tree: Tree) -> None:
        wait_for_line("selecting over the whole set", tree)
        time.sleep(moments.uniform(0, 0.1))

    run_until_killed(lambda _: time.sleep(moments.uniform(0, 5)))
    let_through(5, gate)
    run_until_killed(units_and_a_moment)
    for number in (signal.SIGTERM, signal.SIGINT):
        let_through(2, gate)
        run_until_stopped(number)
    assert 5 <= len(committed := unit_states(out)) <= 9
    let_through(15, gate)
    run_until_killed(the_set_and_a_moment)
    last = Tree([*PROGRAM, str(videos), str(out)])
    said, _ = last.process.communicate(timeout=300)
    assert last.process.returncode == 0, said
    assert shard_hashes(FinishedSet.open(str(out)).manifest) == shard_hashes(expected)
    assert {name: unit_states(out)[name] for name in committed} == committed
