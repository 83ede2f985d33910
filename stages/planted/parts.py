"""A clip becomes four parts, set off from each other by harmless seams, in which edits are planted.

Every part looks the same at its ends whether it is edited or not: its last frame is black.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.clip import UnitClip
from schemas.interval import Interval
from schemas.shown import EditKind, Shown, ShownEdit

PARTS = 4
LEAST_FRAMES = 4 * PARTS
"""A part of fewer than three frames besides its seam shows no edit."""


@dataclass(frozen=True)
class Parts:
    """The parts of a clip."""

    stretches: tuple[Interval, ...]
    """What can be edited of each part: all of it but the seam at its end."""
    seams: tuple[ShownEdit, ...]
    """The seams between the parts, the same whatever is edited."""
    whole: Interval
    """The clip."""

    def shown(self, *edits: ShownEdit) -> Shown:
        """The clip with some edits, and its seams."""
        return Shown(edits=(*edits, *self.seams))


def parts_of(clip: UnitClip) -> Parts:
    """The four parts of a clip with at least `LEAST_FRAMES` frames, equal but for a border that lies at a cut."""
    stored = len(clip.frames)
    times = [frame.pts_seconds for frame in clip.frames]
    cuts = [cut.pts_seconds for cut in clip.scene.cuts]
    borders = [_at_cut(part * stored // PARTS, times, cuts) for part in range(1, PARTS)]
    edges = [clip.start_seconds, *(_between(times, border) for border in borders), clip.end_seconds]
    dark = [_between(times, border - 1) for border in (*borders, stored)]
    return Parts(
        stretches=tuple(
            Interval(start_seconds=start, end_seconds=end) for start, end in zip(edges[:-1], dark, strict=True)
        ),
        seams=tuple(
            ShownEdit(kind=EditKind.SEAM, start_seconds=start, end_seconds=end)
            for start, end in zip(dark, edges[1:], strict=True)
        ),
        whole=Interval(start_seconds=clip.start_seconds, end_seconds=clip.end_seconds),
    )


def _at_cut(border: int, times: Sequence[float], cuts: Sequence[float]) -> int:
    """The number of the first frame after a border; the next one, if a cut of the clip lies there and none here."""
    here, there = (any(times[first - 1] < cut <= times[first] for cut in cuts) for first in (border, border + 1))
    return border + 1 if there and not here else border


def _between(times: Sequence[float], first: int) -> float:
    """The moment half-way between a frame and the one before it."""
    return (times[first - 1] + times[first]) / 2
