"""A step is added in one place: one more entry in the list of steps, and the rest of the engine knows it."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import ray
from numpy.random import Generator
from rich.console import Console

from pipeline.engine.local_run import run_locally
from pipeline.engine.machine import Machine
from pipeline.engine.pools import plan_run
from pipeline.engine.ray_processes import no_process_left
from pipeline.engine.ray_run import run_on_ray
from pipeline.engine.run_spec import RunSpec
from pipeline.engine.settings import Engine, StepResources
from pipeline.engine.step_setup import WRITE, StepSetup
from pipeline.engine.steps import StepSpec
from pipeline.engine.throughput import Throughput
from pipeline.engine.video_task import VideoTask
from pipeline.engine.worker import Worker
from pipeline.inputs.contents import Video
from pipeline.planning.run import operator_table
from pipeline.storage.location import Location
from pipeline.work.units import Units
from schemas.dataset import DatasetManifest
from schemas.drop import Drop, ItemType
from schemas.video import VideoRef
from stages.payloads import GroundedVideo
from tests.pipeline.engine.added_stages import Ask, Label, Model
from tests.pipeline.fakes import fake_steps
from tests.pipeline.runs import FakeRecipe, make_videos, run_fakes, shard_hashes

GB = 1_000_000_000
VIDEOS = 6


def steps_with(notes: Path, *, together: int = 1) -> tuple[StepSetup, ...]:
    """The fakes with a model-holding step and a waiting step after `ground`; each is one entry."""
    decode, ground, *rest = fake_steps()
    label = StepSetup("label", Label(notes=str(notes)), 0.5, reads="scenes", writes="labelled scenes")
    ask = StepSetup("ask", Ask(notes=str(notes), together=together), 0.05, reads="scenes", writes="answers")
    return (decode, ground, label, ask, *rest)


ENGINE = Engine(
    workers=1,
    steps={"label": StepResources(num_gpus=0.5, num_cpus=0.2, batch=2), "ask": StepResources(in_flight=4)},
)


def test_an_added_step_is_planned_shown_and_counted(tmp_path: Path) -> None:
    """Pools, the table of `plan` and progress know the new steps, their GPU share and their videos in flight.

    Five fakes, two steps and `write` make eight operators. `label` asks for 0.2 CPUs; the seven others share 3.8.
    """
    steps = (*steps_with(tmp_path), WRITE)
    plan = plan_run(steps, ENGINE, Machine(4, 1, 100 * GB))
    operators = {operator.name: operator for operator in plan.operators}
    assert list(operators) == ["decode", "ground", "label", "ask", "generate", "cut", "verify", "write"]
    assert (operators["label"].num_gpus, operators["label"].num_cpus, operators["label"].batch) == (0.5, 0.2, 2)
    assert (operators["label"].in_flight, operators["ask"].in_flight, operators["verify"].in_flight) == (4, 4, 2)
    assert operators["ground"].num_cpus == 0.54  # 3.8 / 7, rounded down
    assert plan.gpus == 0.5
    console = Console(file=io.StringIO(), record=True, width=200)
    console.print(operator_table(plan))
    assert "labelled scenes" in console.export_text()
    assert "label 0 (0 dropped) | ask 0 (0 dropped)" in Throughput([step.name for step in steps], 1, 0.0).line(1.0)


def test_a_step_that_no_recipe_has_gets_no_resources() -> None:
    """A misspelt name under engine.steps is refused with the names that there are."""
    with pytest.raises(ValueError, match=r"engine\.steps\.grond: no step has that name; steps are decode, ground"):
        FakeRecipe(engine=Engine(steps={"grond": StepResources()}))


def test_a_local_run_takes_added_steps(tmp_path: Path) -> None:
    """The drops of both new steps are in the set, and each stage was opened once."""
    manifest = _build(tmp_path, "local")
    line = manifest.account.line(ItemType.VISUAL_NEGATIVE)
    assert line is not None
    assert line.dropped_count == 2 * VIDEOS
    assert len(list((tmp_path / "local-notes").glob("opened-*"))) == 1


def test_a_bug_in_a_batch_is_attached_to_its_video(tmp_path: Path) -> None:
    """Of two videos in a batch, the one that fails carries the bug, and the other goes on."""
    setup = StepSetup("label", _Fails(notes=str(tmp_path)), 0.5, reads="", writes="")
    spec = RunSpec((setup,), Units(Location.parse(str(tmp_path)), "f" * 64), seed=0)
    tasks = [_task(tmp_path, "good"), _task(tmp_path, "fail")]
    with Worker(StepSpec.of(setup, spec)) as worker:
        (good, good_report), (bad, bad_report) = worker.advance(tasks)
    assert (good_report.bug, good.bug, good.ended) == (None, None, False)
    assert bad.bug is not None
    assert bad_report.bug == bad.bug
    assert "fail.mp4" in str(bad.bug)


class _Fails(Label):
    """Fails on one video."""

    def process(self, item: GroundedVideo, tools: Model, rng: Generator, /) -> Iterator[GroundedVideo | Drop]:
        if item.content_sha256.startswith("fail"):
            raise RuntimeError("a model that fails as none should")
        yield from super().process(item, tools, rng)


def _task(folder: Path, name: str) -> VideoTask:
    video = Video(VideoRef(uri=f"{name}.mp4"), Location.parse(str(folder / f"{name}.mp4")), name.ljust(64, "0"))
    return replace(VideoTask(video), item=GroundedVideo(video.content_sha256, ()))


@pytest.mark.ray
@pytest.mark.slow(20)
@pytest.mark.filterwarnings("ignore::DeprecationWarning:ray")
def test_ray_takes_added_steps_with_their_own_resources(tmp_path: Path) -> None:
    """The same bytes as the local run; `label` sees a GPU and whole batches; `ask` holds several videos at a time."""
    local = _build(tmp_path, "local")
    with no_process_left():
        ray.init(address="local", num_cpus=2, num_gpus=1, include_dashboard=False, log_to_driver=False)
        try:
            on_ray = _build(tmp_path, "ray", on_ray=True)
        finally:
            ray.shutdown()
    assert shard_hashes(on_ray) == shard_hashes(local)
    notes = tmp_path / "ray-notes"
    [opened] = notes.glob("opened-*")
    assert opened.read_text() == "0"
    assert int((notes / "together").read_text()) >= 2
    assert [batch.read_text() for batch in notes.glob("batch-*")] == ["2"]


def _build(folder: Path, name: str, *, on_ray: bool = False) -> DatasetManifest:
    """A build of six videos with both new steps; on Ray, `ask` waits until two videos are in it."""
    notes = folder / f"{name}-notes"
    notes.mkdir()
    videos = folder / "videos"
    if not videos.exists():
        make_videos(videos, VIDEOS)
    steps = steps_with(notes, together=2 if on_ray else 1)
    return run_fakes(videos, folder / name, run=run_on_ray if on_ray else run_locally, engine=ENGINE, steps=steps)
