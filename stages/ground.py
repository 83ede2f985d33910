"""Decoded clips become grounded ones: a detector says of each what can be asserted."""

from collections.abc import Iterator
from typing import Literal

from numpy.random import Generator

from schemas.clip import UnitClip
from schemas.drop import Drop
from schemas.scene import Scene
from stages.motion.detector import MotionDetector
from stages.payloads import DecodedClip, DecodedVideo, GroundedVideo
from stages.stage import PixelReader, Stage
from stages.video.unusable import UnusableVideo


class Ground(Stage[DecodedVideo, PixelReader, GroundedVideo]):
    """Let the detector look at one clip after the other; the analysis frames end here.

    What cannot be detected with certainty is left out of the Scene.

    Drops: the video, if reading its pixels crashes the child process or exceeds a limit (CHILD_CRASHED,
    CHILD_CPU_LIMIT, CHILD_MEMORY_LIMIT, CHILD_STALLED).
    """

    detector: Literal["motion"] = "motion"
    """Which detector looks: `motion`, from pixels alone."""
    motion: MotionDetector = MotionDetector()
    """What it goes by."""

    def open(self, read: PixelReader, /) -> PixelReader:
        """Pixels are read through `read`."""
        return read

    def process(self, item: DecodedVideo, tools: PixelReader, _rng: Generator, /) -> Iterator[GroundedVideo | Drop]:
        """Yield the video with a Scene for every clip."""
        try:
            scenes = [self._scene(clip, tools) for clip in item.clips]
        except UnusableVideo as unusable:
            yield unusable.drop(item.content_sha256, "ground")
            return
        clips = tuple(_grounded(clip, scene) for clip, scene in zip(item.clips, scenes, strict=True))
        yield GroundedVideo(item.content_sha256, clips, item.annotations)

    def _scene(self, clip: DecodedClip, read: PixelReader) -> Scene:
        """What motion and faces show; each further part lays what it knows over that."""
        return read(self.motion.detect, clip)


def _grounded(clip: DecodedClip, scene: Scene) -> UnitClip:
    return UnitClip(**vars(clip.header), frames=clip.frames, segments=(), scene=scene)
