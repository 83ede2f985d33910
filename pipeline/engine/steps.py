"""The steps of a run as workers hold them: each takes tasks and gives them back one stage further."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

from numpy.random import Generator

from pipeline.child.limits import ChildLimits
from pipeline.child.process import ChildProcess
from pipeline.endpoint.asking import ChatOpener
from pipeline.engine.run_spec import RunSpec
from pipeline.engine.step_setup import AnyStage, StepSetup
from pipeline.engine.video_task import VideoTask
from pipeline.storage.local_copy import FetchError, local_copy
from pipeline.work.units import Units
from schemas.drop import DropCause, DropReason
from schemas.unit import Unit
from stages.models.chat import AskingStage
from stages.payloads import VideoFile, WrittenVideo
from stages.seeding import rng_for
from stages.stage import AsyncStage, Stage, read_here


@dataclass(frozen=True)
class StepSpec:
    """What the workers of one step are given when they start; they import nothing for the sake of other steps."""

    setup: StepSetup
    seed: int
    units: Units
    limits: ChildLimits
    chat: ChatOpener | None = None
    """What a stage that asks language models is opened with; None for all others."""

    @classmethod
    def of(cls, setup: StepSetup, spec: RunSpec, chat: ChatOpener | None = None) -> "StepSpec":
        """What the workers of that step need of a run."""
        asks = isinstance(setup.stage, AskingStage)
        return cls(setup, spec.seed, spec.units, spec.engine.child_limits(setup.name), chat if asks else None)


class Step(ABC):
    """What one worker does to one batch of videos after the other."""

    @abstractmethod
    def run(self, tasks: Sequence[VideoTask]) -> list[VideoTask]:
        """The tasks, one step further, in their order; a task that has ended passes untouched."""

    def child_cpu_seconds(self) -> float:
        """CPU time that a child process of this step has used so far."""
        return 0.0

    def close(self) -> None:  # noqa: B027 most steps keep nothing open
        """End what the step keeps open."""


class OpenStage:
    """A stage with what it holds for the life of a worker: its tools, and a child process if it has one."""

    def __init__(self, spec: StepSpec) -> None:
        self._spec, self._setup = spec, spec.setup
        self._child = ChildProcess(spec.limits) if spec.setup.has_child else None
        if self._setup.stage is None:
            raise ValueError(f"step {self._setup.name} has no stage to open")
        self._chat = spec.chat.open() if spec.chat else None
        self.tools = self._opened(self._setup.stage)

    def _opened(self, stage: AnyStage) -> Any:
        read = self._child.read if self._child else read_here
        if not isinstance(stage, AskingStage):
            return stage.open(read)
        if self._chat is None:
            raise ValueError(f"step {self._setup.name} asks language models, and the run has none")
        return stage.open_asking(read, self._chat)

    def rng(self, task: VideoTask) -> Generator:
        """The randomness of this step on this video."""
        return rng_for(self._spec.seed, self._setup.name, task.video.content_sha256)

    def given(self, task: VideoTask, files: ExitStack) -> Any:
        """The stage's input; a file of a store is fetched and lies here until `files` closes. Raises FetchError."""
        if self._setup.by_content:
            return task.video.content_sha256
        if self._setup.with_file is None:
            return task.item
        path = files.enter_context(local_copy(task.video.location))
        file = VideoFile(path, task.video.content_sha256, task.video.ref.annotations)
        return self._setup.with_file(file, task.item)

    def not_fetched(self, task: VideoTask) -> VideoTask:
        """The task of a video that its store does not give: UNREADABLE."""
        cause = DropCause(DropReason.UNREADABLE, "cannot be fetched")
        return task.after([cause.video_drop(task.video.content_sha256, self._setup.name)])

    def child_cpu_seconds(self) -> float:
        """CPU time of the child, and of those before it."""
        return self._child.cpu_seconds() if self._child else 0.0

    def close(self) -> None:
        """End the child."""
        if self._child:
            self._child.close()

    async def aclose(self) -> None:
        """Close the connections of a stage that asks."""
        if self._chat:
            await self._chat.aclose()


class StageStep(Step):
    """A stage that takes one batch after the other.

    Drops: UNREADABLE, the video, if its file cannot be fetched from its store.
    """

    def __init__(self, spec: StepSpec, stage: Stage[Any, Any, Any]) -> None:
        self._stage, self._open = stage, OpenStage(spec)

    def run(self, tasks: Sequence[VideoTask]) -> list[VideoTask]:
        """Give the stage what the step before made, with the files if it takes files."""
        done = list(tasks)
        given: dict[int, Any] = {}
        with ExitStack() as files:
            for place, task in enumerate(tasks):
                if not task.ended:
                    try:
                        given[place] = self._open.given(task, files)
                    except FetchError:
                        done[place] = self._open.not_fetched(task)
            if given:  # a stage's batch is never empty
                rngs = [self._open.rng(tasks[place]) for place in given]
                outcomes = self._stage.process_batch(list(given.values()), self._open.tools, rngs)
                for place, outcome in zip(given, outcomes, strict=True):
                    done[place] = tasks[place].after(outcome)
        return done

    def child_cpu_seconds(self) -> float:
        """CPU time of the child, and of those before it."""
        return self._open.child_cpu_seconds()

    def close(self) -> None:
        """End the child."""
        self._open.close()


class WaitingStep:
    """A stage of which one worker holds many videos at a time.

    Drops: UNREADABLE, the video, if its file cannot be fetched from its store.
    """

    def __init__(self, spec: StepSpec, stage: AsyncStage[Any, Any, Any]) -> None:
        self._stage, self._open = stage, OpenStage(spec)

    async def run(self, task: VideoTask) -> VideoTask:
        """The task, one step further; a task that has ended passes untouched."""
        if task.ended:
            return task
        with ExitStack() as files:
            try:
                given = self._open.given(task, files)
            except FetchError:
                return self._open.not_fetched(task)
            return task.after(await self._stage.process(given, self._open.tools, self._open.rng(task)))

    async def aclose(self) -> None:
        """Close what belongs to the event loop."""
        await self._open.aclose()

    def child_cpu_seconds(self) -> float:
        """CPU time of the child, and of those before it."""
        return self._open.child_cpu_seconds()

    def close(self) -> None:
        """End the child."""
        self._open.close()


class WriteStep(Step):
    """The end of every task: its unit is committed."""

    def __init__(self, units: Units) -> None:
        self._units = units

    def run(self, tasks: Sequence[VideoTask]) -> list[VideoTask]:
        """Commit what became of each video, be it a drop; what it carried is let go."""
        for task in tasks:
            if task.bug is None and not _misses_replies(task):
                self._units.commit(_unit(task), task.video.unit_name)
        return [replace(task, item=None) for task in tasks]


def _misses_replies(task: VideoTask) -> bool:
    """Whether an offline run lacks replies for it: its unit would not be what a run with a network makes."""
    return any(drop.reason is DropReason.REPLY_MISSING for drop in task.drops)


def open_step(spec: StepSpec) -> Step | WaitingStep:
    """The step, with all that it keeps open for the life of a worker."""
    stage = spec.setup.stage
    if stage is None:
        return WriteStep(spec.units)
    return WaitingStep(spec, stage) if isinstance(stage, AsyncStage) else StageStep(spec, stage)


def _unit(task: VideoTask) -> Unit:
    written = task.item if isinstance(task.item, WrittenVideo) else None
    return Unit(
        content_sha256=task.video.content_sha256,
        questions_seen=written.questions_seen if written else 0,
        groups=written.groups if written else (),
        drops=task.drops,
        clips=written.clips if written else (),
        retrospection=written.retrospection if written else None,
    )
