"""Decoded clips become grounded ones: a detector says of each what can be asserted."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal, Self

from numpy.random import Generator
from pydantic import field_validator

from schemas.annotations import Annotations
from schemas.clip import UnitClip
from schemas.drop import Drop
from schemas.scene import Scene
from stages.annotated.fit import misfit
from stages.annotated.lay_over import lay_over
from stages.linking.part import NounSearch, is_noun, nouns_of
from stages.models.detections import FrameDetector
from stages.models.open_detector import open_detector
from stages.motion.detector import MotionDetector
from stages.motion.faces.centerface import package as face_package
from stages.payloads import DecodedClip, DecodedVideo, GroundedVideo
from stages.reading.reader import WritingReader
from stages.stage import PixelReader, Stage
from stages.video.unusable import UnusableVideo


@dataclass(frozen=True)
class GroundTools:
    """What grounding works with."""

    read: PixelReader
    """Pixels are read through it."""
    model: FrameDetector | None = None
    """What looks for nouns; None if nothing does."""


class Ground(Stage[DecodedVideo, GroundTools, GroundedVideo]):
    """Let the detector look at one clip after the other; the analysis frames end here.

    What cannot be detected with certainty is left out of the Scene.

    Drops: the video, if its annotations cannot be about it (ANNOTATIONS_MISFIT), or if reading its pixels crashes the
    child process or exceeds a limit (CHILD_CRASHED, CHILD_CPU_LIMIT, CHILD_MEMORY_LIMIT, CHILD_STALLED).
    """

    detector: Literal["motion", "grounding_dino", "groundingdino_py"] = "motion"
    """Which detector looks: `motion`, from pixels alone, or a model, which looks for `nouns` on top of that."""
    nouns: tuple[str, ...] = ()
    """What a model looks for in every video: nouns, singular, in lower case. Those of the manifest's annotations are
    added, and related nouns, by which something can be told to be absent."""
    search: NounSearch = NounSearch()
    """How a model looks for nouns."""
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
        """Those that find faces, and those that read."""
        return (*face_package(), *self.reading.packages())

    @field_validator("nouns")
    @classmethod
    def _are_nouns(cls, nouns: tuple[str, ...]) -> tuple[str, ...]:
        for noun in nouns:
            if not is_noun(noun):
                raise ValueError(f"{noun!r} cannot be looked for; give lower-case words, such as 'fire truck'")
        return tuple(sorted(set(nouns)))

    def looking_for(self, annotations: Iterable[Annotations]) -> Self:
        """The same, with the nouns of all annotations of a manifest, if a model looks for nouns."""
        if self.detector == "motion":
            return self
        return self.model_copy(update={"nouns": tuple(sorted({*self.nouns, *chain(*map(nouns_of, annotations))}))})

    @property
    def interpreter(self) -> str | None:
        """The Python that the model runs in; None if it is ours."""
        return self.search.groundingdino_py.interpreter if self.detector == "groundingdino_py" else None

    def check(self) -> None:
        """Raise ModelError if the model is not there, RecipeError if it has nothing to look for or cannot read."""
        self.reading.check()
        if self.detector != "motion":
            self.search.check(self.nouns, self.detector)

    def open(self, read: PixelReader, /) -> GroundTools:
        """Pixels are read through `read`; the model stays in the worker. Raises ModelError."""
        model = None if self.detector == "motion" else open_detector(self.search.settings_of(self.detector))
        return GroundTools(read, model)

    def process(self, item: DecodedVideo, tools: GroundTools, _rng: Generator, /) -> Iterator[GroundedVideo | Drop]:
        """Yield the video with a Scene for every clip."""
        annotations = item.annotations if self.annotations else None
        failure = annotations and misfit(annotations, [clip.header for clip in item.clips])
        if failure:
            yield failure.video_drop(item.content_sha256, "ground")
            return
        try:
            scenes = [self._scene(clip, item, annotations, tools) for clip in item.clips]
        except UnusableVideo as unusable:
            yield unusable.drop(item.content_sha256, "ground")
            return
        clips = tuple(_grounded(clip, scene) for clip, scene in zip(item.clips, scenes, strict=True))
        yield GroundedVideo(item.content_sha256, clips, item.annotations)

    def _scene(
        self, clip: DecodedClip, video: DecodedVideo, annotations: Annotations | None, tools: GroundTools
    ) -> Scene:
        """What motion and faces show; each further part lays what it knows over that."""
        scene = tools.read(self.motion.detect, clip)
        if self.reading.enabled:
            scene = tools.read(self.reading.lay_over, scene, clip)
        scene = lay_over(scene, clip, annotations) if annotations else scene
        if self.detector != "motion" and tools.model and video.path:
            wanted = self.search.wanted(self.nouns, self.detector)
            scene = self.search.lay_over(scene, clip, video.path, wanted, tools.model, tools.read)
        return scene


def _grounded(clip: DecodedClip, scene: Scene) -> UnitClip:
    return UnitClip(**vars(clip.header), frames=clip.frames, segments=(), scene=scene)
