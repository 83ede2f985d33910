"""Decoded clips become grounded ones: a detector says of each what can be asserted."""

from collections.abc import Iterator
from typing import Literal, Self

from numpy.random import Generator

from schemas.annotations import Annotations
from schemas.clip import UnitClip
from schemas.drop import Drop
from schemas.scene import Scene
from stages.annotated.fit import misfit
from stages.annotated.lay_over import lay_over
from stages.motion.detector import MotionDetector
from stages.payloads import DecodedClip, DecodedVideo, GroundedVideo
from stages.reading.reader import WritingReader
from stages.stage import PixelReader, Stage
from stages.video.unusable import UnusableVideo


class Ground(Stage[DecodedVideo, PixelReader, GroundedVideo]):
    """Let the detector look at one clip after the other; the analysis frames end here.

    What cannot be detected with certainty is left out of the Scene.

    Drops: the video, if its annotations cannot be about it (ANNOTATIONS_MISFIT), or if reading its pixels crashes the
    child process or exceeds a limit (CHILD_CRASHED, CHILD_CPU_LIMIT, CHILD_MEMORY_LIMIT, CHILD_STALLED).
    """

    detector: Literal["motion"] = "motion"
    """Which detector looks: `motion`, from pixels alone."""
    motion: MotionDetector = MotionDetector()
    """What it goes by."""
    annotations: bool = True
    """Whether the annotations that the manifest gives are laid over what is detected."""
    reading: WritingReader = WritingReader()
    """Whether and how the sampled frames are read."""

    def as_installed(self) -> Self:
        """The same, with what depends on installed packages decided."""
        return self.model_copy(update={"reading": self.reading.as_installed()})

    def packages(self) -> tuple[str, ...]:
        """Those that read."""
        return self.reading.packages()

    def check(self) -> None:
        """Raise RecipeError if a package is missing."""
        self.reading.check()

    def open(self, read: PixelReader, /) -> PixelReader:
        """Pixels are read through `read`."""
        return read

    def process(self, item: DecodedVideo, tools: PixelReader, _rng: Generator, /) -> Iterator[GroundedVideo | Drop]:
        """Yield the video with a Scene for every clip."""
        annotations = item.annotations if self.annotations else None
        failure = annotations and misfit(annotations, [clip.header for clip in item.clips])
        if failure:
            yield failure.video_drop(item.content_sha256, "ground")
            return
        try:
            scenes = [self._scene(clip, annotations, tools) for clip in item.clips]
        except UnusableVideo as unusable:
            yield unusable.drop(item.content_sha256, "ground")
            return
        clips = tuple(_grounded(clip, scene) for clip, scene in zip(item.clips, scenes, strict=True))
        yield GroundedVideo(item.content_sha256, clips, item.annotations)

    def _scene(self, clip: DecodedClip, annotations: Annotations | None, read: PixelReader) -> Scene:
        """What motion and faces show; each further part lays what it knows over that."""
        scene = read(self.motion.detect, clip)
        if self.reading.enabled:
            scene = read(self.reading.lay_over, scene, clip)
        return lay_over(scene, clip, annotations) if annotations else scene


def _grounded(clip: DecodedClip, scene: Scene) -> UnitClip:
    return UnitClip(**vars(clip.header), frames=clip.frames, segments=(), scene=scene)
