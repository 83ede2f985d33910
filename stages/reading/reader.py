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
from stages.claims.spelling import may_hold_word
from stages.models.ocr import PACKAGES, KnownWriting, versions
from stages.payloads import DecodedClip
from stages.reading.frames import evenly, read_again, read_frame
from stages.reading.tracks import with_readings, with_writing

_CONFIRMED_IN = 2 * LEAST_FRAMES  # enlarged frames that are read for a line, since some do not show it as well


class WritingReader(Record):
    """Reads the sampled frames of a clip.

    First as many as it takes to say that nothing is written; all, if one of them may show a word that can be asked
    about. Lines that would be asserted are read again in enlarged frames.
    """

    enabled: bool | None = None
    """Whether frames are read; null: where the packages for it are installed. Without it no question is asked about
    writing, and no twin is mirrored."""
    least_frames: int = Field(default=16, ge=1)
    """Sampled frames that are read first. With fewer than 16 nothing is known to be absent."""

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
        known = KnownWriting()
        found = self._first_readings(frames, owner, known)
        plain = [reading for index in sorted(found) for reading in found[index]]
        moments = [frames[index].pts_seconds for index in sorted(found)]
        promising = _to_confirm(with_readings(scene, moments, plain))
        again = [frame for frame in frames if frame.pts_seconds in promising]
        enlarged = [r for frame in again for r in read_again(frame, owner, known, promising[frame.pts_seconds])]
        return with_writing(with_readings(scene, moments, [*plain, *enlarged]), clip.frames)

    def _first_readings(
        self, frames: Sequence[Frame], owner: str, known: KnownWriting
    ) -> dict[int, tuple[Reading, ...]]:
        """What is read in the frames as they are, by their number."""
        first = evenly(len(frames), self.least_frames)
        found = {number: read_frame(frames[number], owner, known) for number in first}
        if any(may_hold_word(reading.text) for readings in found.values() for reading in readings):
            others = (number for number in range(len(frames)) if number not in found)
            found |= {number: read_frame(frames[number], owner, known) for number in others}
        return found


def _distinct(frames: Sequence[Frame]) -> tuple[Frame, ...]:
    """The frames without those that show the same moment as the one before."""
    return tuple({frame.pts_seconds: frame for frame in frames}.values())


def _to_confirm(scene: Scene) -> dict[float, list[Reading]]:
    """The promising lines that are read again, by the moment of the frame: each in some frames that show it, first in
    those that are read again for another line.
    """
    chosen: dict[float, list[Reading]] = {}
    for line in promising_lines(scene):
        shared = [reading for reading in line.clear if reading.pts_seconds in chosen]
        others = [reading for reading in line.clear if reading.pts_seconds not in chosen]
        lacking = max(0, _CONFIRMED_IN - len(shared))
        for reading in (*shared, *(others[place] for place in evenly(len(others), lacking))):
            chosen.setdefault(reading.pts_seconds, []).append(reading)
    return chosen
