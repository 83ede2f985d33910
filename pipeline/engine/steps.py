"""The steps of a run: each takes a flight and gives it back one stage further."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from pipeline.child.limits import ChildLimits
from pipeline.child.process import ChildProcess
from pipeline.engine.run_spec import RunSpec
from pipeline.engine.video_task import Flight
from pipeline.storage.location import FetchError, local_copy
from pipeline.work.units import Units
from schemas.drop import DropCause, DropReason
from schemas.unit import Unit
from stages.payloads import CutRequest, VideoFile, WrittenVideo
from stages.seeding import rng_for
from stages.stage import Stage


class StepName(StrEnum):
    """The steps in the order in which a video takes them; each is a Ray operator of its own."""

    DECODE = "decode"
    GROUND = "ground"
    GENERATE = "generate"
    CUT = "cut"
    VERIFY = "verify"
    WRITE = "write"


class Step(ABC):
    """What one worker does to one video after the other."""

    @abstractmethod
    def run(self, flight: Flight) -> Flight:
        """The flight, one step further; a flight that has ended passes untouched."""

    def child_cpu_seconds(self) -> float:
        """CPU time that a child process of this step has used so far."""
        return 0.0

    def close(self) -> None:  # noqa: B027 most steps keep nothing open
        """End what the step keeps open."""


class StageStep(Step):
    """A stage that runs in the worker itself."""

    def __init__(self, name: StepName, stage: Stage[Any, Any], seed: int) -> None:
        self._name, self._stage, self._seed = name, stage, seed

    def run(self, flight: Flight) -> Flight:
        """Give the stage what the one before it made."""
        if flight.ended:
            return flight
        rng = rng_for(self._seed, self._name, flight.video.content_sha256)
        return flight.after(list(self._stage.process(flight.item, rng)))


class FileStep(Step):
    """A stage that opens files of unknown origin: it runs in the worker's warm child.

    Drops: UNREADABLE, the video, where the file cannot be fetched from its store.
    """

    def __init__(self, name: StepName, stage: Stage[Any, Any], seed: int, limits: ChildLimits) -> None:
        self._name, self._stage, self._seed = name, stage, seed
        self._child = ChildProcess(limits)

    def run(self, flight: Flight) -> Flight:
        """Give the stage a file that lies on this machine, with what the stage before made of it."""
        if flight.ended:
            return flight
        try:
            with local_copy(flight.video.location) as path:
                return flight.after(self._outcomes(path, flight))
        except FetchError:
            sha = flight.video.content_sha256
            return flight.after([DropCause(DropReason.UNREADABLE, "cannot be fetched").video_drop(sha, self._name)])

    def _outcomes(self, path: Path, flight: Flight) -> list[Any]:
        sha = flight.video.content_sha256
        file = VideoFile(path, sha)
        item = CutRequest(file, flight.item) if isinstance(flight.item, WrittenVideo) else file
        return self._child.run(self._stage, item, (self._seed, self._name, sha))

    def child_cpu_seconds(self) -> float:
        """CPU time of the child, and of those before it."""
        return self._child.cpu_seconds()

    def close(self) -> None:
        """End the child."""
        self._child.close()


class WriteStep(Step):
    """The end of every flight: its unit is committed."""

    def __init__(self, units: Units) -> None:
        self._units = units

    def run(self, flight: Flight) -> Flight:
        """Commit what became of the video, be it a drop; what it carried is let go."""
        if flight.bug is None:
            self._units.commit(_unit(flight))
        return replace(flight, item=None)


@dataclass(frozen=True)
class StepSpec:
    """What the workers of one step are given when they start; they import nothing for the sake of other steps."""

    step: StepName
    stage: Stage[Any, Any] | None
    """Null for `write`, which is none."""
    seed: int
    units: Units
    limits: ChildLimits

    @classmethod
    def of(cls, step: StepName, spec: RunSpec) -> "StepSpec":
        """What a run tells the workers of that step."""
        stage = None if step is StepName.WRITE else getattr(spec.chain, step.value)
        return cls(step, stage, spec.chain.seed, spec.units, spec.engine.child)


def open_step(spec: StepSpec) -> Step:
    """The step, with all that it keeps open for the life of a worker."""
    if spec.stage is None:
        return WriteStep(spec.units)
    if spec.step in (StepName.DECODE, StepName.CUT):
        return FileStep(spec.step, spec.stage, spec.seed, spec.limits)
    return StageStep(spec.step, spec.stage, spec.seed)


def _unit(flight: Flight) -> Unit:
    written = flight.item if isinstance(flight.item, WrittenVideo) else None
    return Unit(
        content_sha256=flight.video.content_sha256,
        questions_seen=written.questions_seen if written else 0,
        groups=written.groups if written else (),
        drops=flight.drops,
        clips=written.clips if written else (),
    )
