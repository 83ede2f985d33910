"""Decoded clips become grounded ones: a detector says of each what can be asserted."""

from collections.abc import Iterator
from typing import Literal

from numpy.random import Generator

from schemas.clip import UnitClip
from schemas.drop import Drop
from schemas.scene import Scene
from stages.motion.detector import MotionDetector
from stages.payloads import DecodedClip, DecodedVideo, GroundedVideo
from stages.stage import Stage


class Ground(Stage[DecodedVideo, GroundedVideo]):
    """Let the detector look at one clip after the other; the analysis frames end here.

    Drops: none; what cannot be told is left out of the Scene.
    """

    detector: Literal["motion"] = "motion"
    """Which detector looks: `motion`, from pixels alone."""
    motion: MotionDetector = MotionDetector()
    """What it goes by."""

    def process(self, item: DecodedVideo, _rng: Generator, /) -> Iterator[GroundedVideo | Drop]:
        """Yield the video with a Scene for every clip."""
        clips = tuple(_grounded(clip, self.motion.detect(clip)) for clip in item.clips)
        yield GroundedVideo(content_sha256=item.content_sha256, clips=clips)


def _grounded(clip: DecodedClip, scene: Scene) -> UnitClip:
    header = clip.header
    return UnitClip(
        clip_id=header.clip_id,
        content_sha256=header.content_sha256,
        codec=header.codec,
        width=header.width,
        height=header.height,
        rotation_degrees=header.rotation_degrees,
        start_seconds=header.start_seconds,
        end_seconds=header.end_seconds,
        duration_seconds_from_header=header.duration_seconds_from_header,
        duration_seconds_measured=header.duration_seconds_measured,
        frames=clip.frames,
        segments=(),
        scene=scene,
    )
