"""Steps and flights: a video has exactly one end."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from numpy.random import Generator

from pipeline.engine.run_spec import RunSpec
from pipeline.engine.settings import Engine
from pipeline.engine.steps import StepName, StepSpec
from pipeline.engine.video_task import Flight
from pipeline.engine.worker import Worker
from pipeline.inputs.contents import Video
from pipeline.storage.location import Location
from pipeline.work.units import Units
from schemas.drop import Drop, DropReason
from schemas.video import VideoRef
from stages.payloads import DecodedVideo, GroundedVideo
from tests.pipeline.fakes import FakeGround, fake_chain, video_drop

SHA = "ab" * 32


@pytest.fixture
def spec(tmp_path: Path) -> RunSpec:
    """A run of the fakes."""
    return RunSpec(fake_chain(), Units(Location.parse(str(tmp_path / "units")), "f" * 64), Engine())


@pytest.fixture
def flight(tmp_path: Path) -> Flight:
    """A video that nothing has been done with."""
    (tmp_path / "a.mp4").write_bytes(b"video")
    return Flight(Video(VideoRef(uri="a.mp4"), Location.parse(str(tmp_path / "a.mp4")), SHA))


@pytest.mark.process
def test_a_video_takes_every_step_to_its_unit(spec: RunSpec, flight: Flight) -> None:
    """After the last step the unit is there, and the flight carries nothing any more."""
    for name in StepName:
        with Worker(StepSpec.of(name, spec)) as worker:
            flight, report = worker(flight)
        assert report.bug is None
        assert report.cpu_seconds >= 0
    assert flight.item is None
    assert len(spec.units.read(SHA).groups) == 3


def test_a_dropped_video_passes_the_other_stages_untouched(spec: RunSpec, flight: Flight) -> None:
    """What has ended is given to no stage, and its unit holds the drop alone."""
    flight = replace(flight, drops=(video_drop(SHA, DropReason.UNDECODABLE),))
    for name in (StepName.GROUND, StepName.GENERATE, StepName.CUT, StepName.VERIFY):
        with Worker(StepSpec.of(name, spec)) as worker:
            assert worker(flight)[0] == flight
    with Worker(StepSpec.of(StepName.WRITE, spec)) as worker:
        worker(flight)
    unit = spec.units.read(SHA)
    assert (unit.clips, unit.groups, [drop.reason for drop in unit.drops]) == ((), (), [DropReason.UNDECODABLE])


@pytest.mark.parametrize("ends", [0, 2])
def test_a_stage_that_gives_none_or_two_ends_is_a_bug(spec: RunSpec, flight: Flight, ends: int) -> None:
    """A video that vanishes, or comes out twice, is never passed on."""
    spec = replace(spec, chain=replace(spec.chain, ground=_Ends(ends=ends)))
    decoded = replace(flight, item=DecodedVideo(SHA, ()))
    with Worker(StepSpec.of(StepName.GROUND, spec)) as worker:
        after, report = worker(decoded)
    assert report.bug is not None
    assert "a video has exactly one end" in report.bug.error
    assert after.ended


class _Ends(FakeGround):
    """Gives its item so many times."""

    ends: int

    def process(self, item: DecodedVideo, _rng: Generator, /) -> Iterator[GroundedVideo | Drop]:
        for _ in range(self.ends):
            yield GroundedVideo(item.content_sha256, ())
