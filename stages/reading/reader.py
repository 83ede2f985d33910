"""Reading: what is written in the sampled frames of a clip, laid over its scene."""

from collections.abc import Sequence
from typing import Self

from pydantic import Field

from schemas.clip import Frame
from schemas.errors import RecipeError
from schemas.record import Record
from schemas.scene import Scene
from schemas.search import Reading
from stages.claims.lines import LEAST_FRAMES, promising_lines
from stages.claims.writing import may_be_writing
from stages.models.ocr import PACKAGES, versions
from stages.payloads import DecodedClip
from stages.reading.frames import ENLARGED, evenly, read_frame
from stages.reading.tracks import with_readings, with_writing

_CONFIRMED_IN = 2 * LEAST_FRAMES  # enlarged frames that are read for a line, since some do not show it as well


class WritingReader(Record):
    """Reads the sampled frames of a clip.

    First a few frames; if they show no line, as many as it takes to say that nothing is written; if some do, all. Lines
    that would be asserted are read again in enlarged frames.
    """

    enabled: bool | None = None
    """Whether frames are read; null: where the packages for it are installed. Without it no question is asked about
    writing, and no twin is mirrored."""
    first_frames: int = Field(default=8, ge=1)
    """Sampled frames that are read first."""
    least_frames: int = Field(default=16, ge=1)
    """Sampled frames that are read if the first ones show no line. With fewer than 16 nothing is known to be absent."""

    def as_installed(self) -> Self:
        """The same, with `enabled` decided."""
        enabled = versions() is not None if self.enabled is None else self.enabled
        return self.model_copy(update={"enabled": enabled})

    def packages(self) -> tuple[str, ...]:
        """Name and version of the packages that it needs; empty if it is not enabled, or if one is missing."""
        return (versions() or ()) if self.enabled else ()

    def check(self) -> None:
        """Raise RecipeError if reading is enabled and a package for it is missing."""
        if self.enabled and versions() is None:
            raise RecipeError(
                f"ground.reading.enabled=true needs {', '.join(PACKAGES)}; install them as README.md says, or set it to"
                " false"
            )

    def lay_over(self, scene: Scene, clip: DecodedClip) -> Scene:
        """The scene with searches, readings and tracks of writing. ValueError if a frame's JPEG cannot be read."""
        owner = f"clip {clip.header.clip_id}"
        frames = _distinct(clip.frames)
        found = self._first_readings(frames, owner)
        plain = [reading for index in sorted(found) for reading in found[index]]
        moments = [frames[index].pts_seconds for index in sorted(found)]
        known = with_readings(scene, moments, plain)
        again = {frame.pts_seconds: frame for frame in frames}
        enlarged = [r for at in _to_confirm(known) for r in read_frame(again[at], owner, scale=ENLARGED)]
        return with_writing(with_readings(scene, moments, [*plain, *enlarged]), clip.frames)

    def _first_readings(self, frames: Sequence[Frame], owner: str) -> dict[int, tuple[Reading, ...]]:
        """What is read in the frames as they are, by their number."""
        some = evenly(len(frames), max(self.least_frames, self.first_frames))
        few = [some[place] for place in evenly(len(some), self.first_frames)]
        found: dict[int, tuple[Reading, ...]] = {}
        for numbers in (few, some, range(len(frames))):
            found |= {number: read_frame(frames[number], owner) for number in numbers if number not in found}
            if numbers is some and not any(may_be_writing(reading) for of in found.values() for reading in of):
                break
        return found


def _distinct(frames: Sequence[Frame]) -> tuple[Frame, ...]:
    """The frames without those that show the same moment as the one before."""
    return tuple({frame.pts_seconds: frame for frame in frames}.values())


def _to_confirm(scene: Scene) -> list[float]:
    """The moments whose frames are read again, for each promising line some of those that show it."""
    chosen: set[float] = set()
    for line in promising_lines(scene):
        chosen.update(line.clear[place].pts_seconds for place in evenly(len(line.clear), _CONFIRMED_IN))
    return sorted(chosen)
