"""One entry of the list of steps that a run consists of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stages.payloads import VideoFile
from stages.stage import AsyncStage, Stage

AnyStage = Stage[Any, Any, Any] | AsyncStage[Any, Any, Any]


@dataclass(frozen=True)
class StepSetup:
    """A step as engine, plan, progress and account know it; `Recipe.steps()` lists all of a run."""

    name: str
    """As in `engine.steps.NAME`, progress and drops; distinct within a run."""
    stage: AnyStage | None
    """What the step does to a video; None for `write`, which commits the video's unit."""
    cpu_share: float
    """CPU time over that of the slowest step, as `make bench` measures it; above 0, at most 1."""
    reads: str
    """What it works on, in a few words for `vidpref plan`."""
    writes: str
    """What it passes on, in a few words for `vidpref plan`."""
    has_child: bool = False
    """Whether the stage reads pixels in a child process of its worker."""
    with_file: Callable[[VideoFile, Any], Any] | None = None
    """Makes the stage's input of the video's file, fetched to this machine, and of what the step before passed on; a
    function of a module or a class, so that it pickles. None if the stage takes the latter alone."""
    by_content: bool = False
    """Whether the stage's input is the content hash of the video alone: a first step that reads no file."""
    num_gpus: float = 0
    """GPUs that each of its workers gets where there are any, unless `engine.steps.NAME.num_gpus` says otherwise."""
    interpreter: str | None = None
    """The Python that its workers on Ray run in, if it is not that of the run: one with other versions of packages."""

    @property
    def waits(self) -> bool:
        """Whether one worker holds many videos at a time."""
        return isinstance(self.stage, AsyncStage)

    @property
    def processes(self) -> int:
        """Processes of each worker: itself, and its child."""
        return 2 if self.has_child else 1


def file_alone(file: VideoFile, _: object, /) -> VideoFile:
    """The file, for a first step, which nothing comes before."""
    return file


WRITE = StepSetup("write", None, 0.05, reads="clips, groups, drops", writes="one unit in .work/units")
"""The last step of every run."""
