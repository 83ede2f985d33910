"""How much video there is, and how long a build of it would take: a sample is measured, the rest scaled by size."""

from dataclasses import dataclass
from math import ceil

from pipeline.child.limits import ChildLimits
from pipeline.child.process import ChildProcess
from pipeline.inputs.videos import Inputs, VideoSource
from pipeline.storage.local_copy import FetchError, local_copy
from schemas.counted import counted
from stages.video.unusable import UnusableVideo

VIDEO_SECONDS_PER_CPU_SECOND = 1.8
"""Throughput of a whole build with the recipe `facts`, as `make bench` measures it over clips of several kinds."""
_SAMPLE = 20


@dataclass(frozen=True)
class VideoAmount:
    """How much video there is, by a sample."""

    videos: int
    video_seconds: float

    @property
    def cpu_seconds(self) -> float:
        """CPU time that a build takes."""
        return self.video_seconds / VIDEO_SECONDS_PER_CPU_SECOND

    def clips(self, max_clip_seconds: float) -> float:
        """How many clips that makes, about: one for each video, or one for each longest stretch."""
        return max(self.videos, self.video_seconds / max_clip_seconds)

    def __str__(self) -> str:
        return f"{counted(self.videos, 'video')}, about {self.video_seconds / 3600:.2f} hours of video"


def estimate(inputs: Inputs, limits: ChildLimits) -> VideoAmount:
    """Measure the duration of every n-th video, at most 20 of them, and scale by file size to all."""
    step = max(1, ceil(len(inputs.sources) / _SAMPLE))
    seconds = sampled_bytes = 0.0
    with ChildProcess(limits) as child:
        for source in inputs.sources[::step]:
            try:
                with local_copy(source.location) as path:
                    seconds += child.decode_frames(path, num_frames=1, short_side=16).facts.duration_seconds_measured
                    sampled_bytes += path.stat().st_size
            except (UnusableVideo, FetchError, OSError):
                continue  # an unusable file takes next to no time
    total_bytes = sum(_size_bytes(source) for source in inputs.sources)
    share = total_bytes / sampled_bytes if sampled_bytes else 0.0
    return VideoAmount(len(inputs.sources), seconds * share)


def _size_bytes(source: VideoSource) -> int:
    try:
        return source.location.entry().size_bytes
    except OSError:
        return 0
