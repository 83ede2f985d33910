"""`vidpref plan` tells of the machine that a build would have."""

import io
import os
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.engine.ray_cluster import machine_here, open_cluster
from pipeline.planning.run import PlanOptions, run_plan
from schemas.errors import PlanError, VideosError
from tests.finished import write_set
from tests.videos import X264, make_video

RAYS_RESOURCES = "RAY_OVERRIDE_RESOURCES"
"""Where Ray is told what a machine has, in place of what it finds."""


def plan(*overrides: str, videos: Path | None = None, workers: int | None = None) -> str:
    """What is printed."""
    console = Console(file=io.StringIO(), record=True, width=200)
    run_plan(console, PlanOptions("facts", None if videos is None else str(videos), overrides, workers))
    return console.export_text()


@pytest.fixture
def four_cpus(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four CPUs that take two seconds of video a second each, whatever this machine has and `make bench` measures."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 3})
    monkeypatch.setattr("pipeline.inputs.amount.VIDEO_SECONDS_PER_CPU_SECOND", 2.0)


@pytest.mark.process
@pytest.mark.video
@pytest.mark.usefixtures("four_cpus")
def test_two_of_four_cpus_take_twice_the_time(tmp_path: Path) -> None:
    """20 videos of 2 s are 40 s of video and 20 CPU seconds: 5 s on four CPUs. A build of two workers gives Ray two
    CPUs, which take 10 s; one of nine has no more than the four.
    """
    folder = tmp_path / "clips [the box]"
    folder.mkdir()
    video = make_video(tmp_path / "made", replace(X264, num_frames=50))
    for number in range(20):
        (folder / f"{number}.mp4").write_bytes(video.read_bytes())
    assert "0:00:05 on 4 CPUs" in (printed := plan(videos=folder))
    assert f"{folder}: 20 videos" in printed
    assert "0:00:10 on 2 CPUs" in plan(videos=folder, workers=2)
    assert "0:00:10 on 2 CPUs" in plan("engine.workers=2", videos=folder)
    assert "0:00:05 on 4 CPUs" in plan(videos=folder, workers=9)
    assert "+ 1 ground +" in plan(videos=folder / "0.mp4")  # one video, so one worker per step


def test_a_gpu_that_ray_counts_is_there_for_ground(monkeypatch: pytest.MonkeyPatch) -> None:
    """One worker of ground with one GPU fits a machine with one, and none with none."""
    monkeypatch.setenv(RAYS_RESOURCES, '{"GPU": 1}')
    assert "GPUs: 1 ground x 1 = 1 of 1" in plan("engine.steps.ground.num_gpus=1", workers=1)
    monkeypatch.setenv(RAYS_RESOURCES, '{"GPU": 0}')
    with pytest.raises(PlanError, match="GPUs: 1 ground x 1 = 1 of 0"):
        plan("engine.steps.ground.num_gpus=1", workers=1)


@pytest.mark.ray
@pytest.mark.slow(12)
@pytest.mark.filterwarnings("ignore::DeprecationWarning:ray")
def test_a_build_finds_the_machine_that_was_planned_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """CPUs, GPUs and memory are those that Ray, once started, has: 3 GB for work and 0.2 GB for its object store."""
    monkeypatch.setenv(RAYS_RESOURCES, '{"GPU": 3, "memory": 3000000000, "object_store_memory": 200000000}')
    planned = machine_here(1)
    assert (planned.cpus, planned.gpus, planned.memory_bytes) == (1, 3, 3_200_000_000)
    with open_cluster(1) as machine:
        assert machine == planned


def test_a_round_is_planned_by_its_set_of_questions(tmp_path: Path) -> None:
    """Two clips with two questions each: four calls of the target, two of the writer. --videos is refused."""
    write_set(tmp_path, videos=2)
    named = f"retrospect.questions={tmp_path}"
    console = Console(file=io.StringIO(), record=True, width=200)
    run_plan(console, PlanOptions("isr_dpo", None, (named,)))
    words = [line.split() for line in console.export_text().splitlines()]
    calls = {line[0]: line[1] for line in words if line and line[0] in ("writer", "target")}
    assert calls == {"writer": "2", "target": "4"}
    with pytest.raises(VideosError, match="leave out --videos"):
        run_plan(console, PlanOptions("isr_dpo", str(tmp_path), (named,)))
