"""The part of grounding that looks for nouns with a model: its settings, its check, and its work on a clip."""

import re
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from pydantic import Field

from schemas.annotations import Annotations
from schemas.errors import ModelError, RecipeError
from schemas.record import Record
from schemas.scene import Scene
from stages.claims.nouns import to_search
from stages.linking.frames import ShownFrames, frames_at, stored_frames
from stages.linking.looked import LookedAt, SearchedFor
from stages.linking.naming import NamedLinking, lay_names_over
from stages.models.detections import FrameDetector
from stages.models.detector_settings import Certainty, GroundingdinoPySettings, GroundingDinoSettings
from stages.payloads import DecodedClip
from stages.stage import PixelReader

DetectorName = Literal["grounding_dino", "groundingdino_py"]

_NOUN = re.compile(r"[a-z0-9]+(?:[ '-][a-z0-9]+)*")
_EVERY = 3
"""Every third analysis frame is looked at."""
_AT_ONCE = 64
"""Frames whose pixels are held at once."""


class NounSearch(Record):
    """What is looked for with a model, which model, and when something is found."""

    certainty: Certainty = Certainty()
    """The thresholds of all nouns."""
    certainties: Mapping[str, Certainty] = Field(default_factory=dict)
    """The thresholds of single nouns, instead."""
    linking: NamedLinking = NamedLinking()
    """How boxes become tracks."""
    grounding_dino: GroundingDinoSettings = GroundingDinoSettings()
    """The model of `ground.detector: grounding_dino`."""
    groundingdino_py: GroundingdinoPySettings = GroundingdinoPySettings()
    """The model of `ground.detector: groundingdino_py`."""
    further_short_side: int = Field(448, ge=64)
    """Short side of the further frames that are read from the file where things appear and disappear, in pixels."""

    def settings_of(self, detector: DetectorName) -> GroundingDinoSettings | GroundingdinoPySettings:
        """The settings of the model."""
        return self.grounding_dino if detector == "grounding_dino" else self.groundingdino_py

    def check(self, nouns: Sequence[str], detector: DetectorName) -> None:
        """Raise RecipeError if there is nothing to search for, ModelError if the model is not there."""
        if not nouns:
            raise RecipeError(
                f"{detector} has nothing to look for: ground.nouns is empty, and so are the manifest's annotations; "
                "try ground.nouns: [dog, person]"
            )
        if find_spec("trackers") is None:
            raise ModelError(f"ground.detector {detector} needs trackers; try: pip install -e '.[ground]'")
        self.settings_of(detector).check()

    def wanted(self, nouns: Sequence[str], detector: DetectorName) -> SearchedFor:
        """The nouns, and those by which they can be told to be absent, with their thresholds."""
        certainties = {noun: self.certainties.get(noun, self.certainty) for noun in to_search(nouns)}
        return SearchedFor(detector, certainties, frozenset(nouns))

    def lay_over(
        self, scene: Scene, clip: DecodedClip, path: Path, wanted: SearchedFor, model: FrameDetector, read: PixelReader
    ) -> Scene:
        """The scene with what the model finds in the clip. Raises UnusableVideo if its pixels cannot be read.

        Args:
            scene: what pixels alone have shown.
            clip: the clip.
            path: its file, from which further frames are read.
            wanted: what is looked for.
            model: what looks.
            read: pixels are read through it.
        """

        def looked_at(shown: ShownFrames) -> LookedAt:
            least = [certainty.maybe for certainty in wanted.certainties.values()]
            return LookedAt(shown.pts_seconds, tuple(model.detect(shown.frames_NHWC, tuple(wanted.certainties), least)))

        def further(moments: Sequence[float]) -> LookedAt:
            return looked_at(read(frames_at, path, tuple(moments), self.further_short_side))

        frames, owner = clip.analysis[::_EVERY], f"clip {clip.header.clip_id}"
        parts = [
            looked_at(read(stored_frames, frames[start : start + _AT_ONCE], owner))
            for start in range(0, len(frames), _AT_ONCE)
        ]
        looked = LookedAt(
            tuple(moment for part in parts for moment in part.pts_seconds),
            tuple(found for part in parts for found in part.found),
        )
        return lay_names_over(scene, clip, looked, further, wanted, self.linking)


def is_noun(text: str) -> bool:
    """Whether a detector can look for the text: words of lower-case letters and digits, as in "fire truck"."""
    return _NOUN.fullmatch(text) is not None


def nouns_of(annotations: Annotations) -> set[str]:
    """All nouns that the annotations of a video mention and a detector can look for, in lower case."""
    mentioned = (
        *(thing.noun for thing in annotations.objects),
        *(count.noun for count in annotations.counts),
        *annotations.absent,
        *annotations.complete,
    )
    return {noun for noun in (one.casefold().strip() for one in mentioned) if is_noun(noun)}
