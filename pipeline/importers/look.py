"""What a file shows that an import needs to know; looked up in child processes, so that no file can end the import."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import numpy as np
from numpy.typing import NDArray

from pipeline.child.process import ChildProcess
from pipeline.importers.prints import frame_prints
from pipeline.importers.richness import Richness, richness_of
from stages.video.open_video import OpenVideo, open_video
from stages.video.pixels import shape_of
from stages.video.unusable import UnusableVideo

_NO_PRINTS = np.array([], np.uint64)


@dataclass(frozen=True)
class Wanted:
    """What is to be known of each file, beside its size and times."""

    prints: bool = False
    """Perceptual hashes of frames."""
    richness: bool = False
    """Shots and motion."""


@dataclass(frozen=True)
class Looked:
    """A file that was looked at."""

    width: int
    """Width of the upright frame in pixels."""
    height: int
    """Height of the upright frame in pixels."""
    times_F: NDArray[np.float64]
    """Container time of each frame, seconds."""
    end_seconds: float
    """Container time at which the last frame ends."""
    prints_N: NDArray[np.uint64]
    """Perceptual hashes of frames; none if they were not wanted."""
    richness: Richness | None = None
    """Shots and motion, if they were wanted."""


def look_at(path: Path, wanted: Wanted) -> Looked:
    """Look at one file, in this process. Raises UnusableVideo."""
    with open_video(path) as video:
        width, height = video.attempt(lambda: _size(video))
        times_F, end_seconds = video.times_F, video.facts.end_seconds
    return Looked(
        width=width,
        height=height,
        times_F=times_F,
        end_seconds=end_seconds,
        prints_N=frame_prints(path, float(end_seconds - times_F[0])) if wanted.prints else _NO_PRINTS,
        richness=richness_of(path) if wanted.richness else None,
    )


def _size(video: OpenVideo) -> tuple[int, int]:
    _, frame = next(video.frames([0]))
    shape = shape_of(frame, video.display(frame))
    return shape.width, shape.height


def look_at_all(paths: Sequence[Path], wanted: Wanted, workers: int) -> Iterator[Looked | UnusableVideo]:
    """Look at every file, `workers` of them at a time; the results come in the order of the files."""
    with ExitStack() as stack:
        children: SimpleQueue[ChildProcess] = SimpleQueue()
        for _ in range(min(workers, len(paths))):
            children.put(stack.enter_context(ChildProcess()))

        def look(path: Path) -> Looked | UnusableVideo:
            child = children.get()
            try:
                return child.read(look_at, path, wanted)
            except UnusableVideo as unusable:
                return unusable
            finally:
                children.put(child)

        pool = stack.enter_context(ThreadPoolExecutor(max(1, workers)))
        yield from pool.map(look, paths)
