"""Steps and tasks: every video is passed on or dropped."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from numpy.random import Generator

from pipeline.engine.run_spec import RunSpec
from pipeline.engine.step_setup import WRITE
from pipeline.engine.steps import StepSpec
from pipeline.engine.video_task import VideoTask
from pipeline.engine.worker import Worker
from pipeline.inputs.contents import Video
from pipeline.storage.location import Location
from pipeline.work.units import Units
from schemas.drop import Drop, DropReason
from schemas.video import VideoRef
from stages.payloads import DecodedVideo, GroundedVideo
from tests.pipeline.fakes import FakeGround, fake_steps, of_step, video_drop

SHA = "ab" * 32


@pytest.fixture
def spec(tmp_path: Path) -> RunSpec:
    """A run of the fakes."""
    return RunSpec((*fake_steps(), WRITE), Units(Location.parse(str(tmp_path / "units")), "f" * 64), seed=7)


@pytest.fixture
def task(tmp_path: Path) -> VideoTask:
    """A video that nothing has been done with."""
    (tmp_path / "a.mp4").write_bytes(b"video")
    return VideoTask(Video(VideoRef(uri="a.mp4"), Location.parse(str(tmp_path / "a.mp4")), SHA))


@pytest.mark.process
def test_a_video_takes_every_step_to_its_unit(spec: RunSpec, task: VideoTask) -> None:
    """After the last step the unit is there, and the task carries nothing any more."""
    for setup in spec.steps:
        with Worker(StepSpec.of(setup, spec)) as worker:
            [(task, report)] = worker.advance([task])
        assert report.bug is None
    assert task.item is None
    assert len(spec.units.read(SHA).groups) == 3


def test_a_dropped_video_passes_the_other_stages_untouched(spec: RunSpec, task: VideoTask) -> None:
    """What has ended is given to no stage, and its unit holds the drop alone."""
    task = replace(task, drops=(video_drop(SHA, DropReason.UNDECODABLE),))
    for setup in spec.steps[1:-1]:
        with Worker(StepSpec.of(setup, spec)) as worker:
            assert worker.advance([task])[0][0] == task
    with Worker(StepSpec.of(WRITE, spec)) as worker:
        worker.advance([task])
    unit = spec.units.read(SHA)
    assert (unit.clips, unit.groups, [drop.reason for drop in unit.drops]) == ((), (), [DropReason.UNDECODABLE])


@pytest.mark.parametrize("ends", [0, 2])
def test_a_stage_that_gives_none_or_two_ends_is_a_bug(spec: RunSpec, task: VideoTask, ends: int) -> None:
    """A video that vanishes, or comes out twice, is never passed on."""
    ground = of_step(fake_steps(ground=_Ends(ends=ends)), "ground")
    decoded = replace(task, item=DecodedVideo(SHA, ()))
    with Worker(StepSpec.of(ground, spec)) as worker:
        [(after, report)] = worker.advance([decoded])
    assert report.bug is not None
    assert "must pass on one item or drop the video" in report.bug.error
    assert after.ended


class _Ends(FakeGround):
    """Gives its item `ends` times."""

    ends: int

    def process(self, item: DecodedVideo, _tools: None, _rng: Generator, /) -> Iterator[GroundedVideo | Drop]:
        for _ in range(self.ends):
            yield GroundedVideo(item.content_sha256, ())
