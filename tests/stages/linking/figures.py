"""How well named tracks follow the things of rendered worlds."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from schemas.corners import Corners, overlap
from schemas.scene import Scene, Track
from tests.stages.linking.scripted import Filmed, Run

_SAME = 0.5
_LOOK_SECONDS = 0.3
"""From one looked-at frame to the next."""
Places = Mapping[int, Corners]
"""Boxes by the number of the looked-at frame."""


@dataclass
class Figures:
    """Counts over clips."""

    matched: int = 0
    """Boxes of true runs that the track assigned to their run has, too."""
    true_boxes: int = 0
    found_boxes: int = 0
    tracks: int = 0
    mixed: list[str] = field(default_factory=list)
    """Tracks that show two things."""
    bridges: int = 0
    """Tracks that follow one thing over a stretch in which it is out of view."""
    late: list[str] = field(default_factory=list)
    """Appear and disappear times that are wrong by more than one looked-at frame."""
    errors_seconds: list[float] = field(default_factory=list)
    """How far the appear and disappear times of tracks are from those of their runs."""

    @property
    def idf1(self) -> float:
        """Twice the matched boxes over all boxes, true and found."""
        return 2 * self.matched / max(1, self.true_boxes + self.found_boxes)

    def add(self, filmed: Filmed, scene: Scene) -> None:
        """Count one clip."""
        moments = [frame.pts_seconds for frame in filmed.clip.analysis[::3]]
        fps = filmed.world.fps
        frames = [round(moment * fps) for moment in moments]
        true: list[dict[int, Corners]] = []
        runs = []
        for run in filmed.runs:
            places = {i: box for i, frame in enumerate(frames) if (box := run.at(frame)) is not None}
            if len(places) > 1:  # one look is not enough to tell a thing from a false box
                runs.append(run)
                true.append(places)
        found = [_places(track, moments) for track in scene.tracks]
        counts = np.array([[_common(a, b) for b in found] for a in true], dtype=int).reshape(len(true), len(found))
        rows, columns = linear_sum_assignment(counts, maximize=True)
        self.matched += int(counts[rows, columns].sum())
        self.true_boxes += sum(map(len, true))
        self.found_boxes += sum(map(len, found))
        for row, run in enumerate(runs):
            self._add_times(filmed, run, [t for t, count in zip(scene.tracks, counts[row], strict=True) if count > 1])
        for track, places in zip(scene.tracks, found, strict=True):
            best = Counter(_best(i, box, true) for i, box in places.items())
            self._add_identity(filmed, track, [runs[row] for row, n in best.items() if row is not None and n > 1])

    def _add_times(self, filmed: Filmed, run: Run, tracks: Sequence[Track]) -> None:
        fps = filmed.world.fps
        start, end = run.first / fps, (run.first + len(run.boxes)) / fps
        seen = [one for track in tracks for one in track.visible if one.start_seconds < end and start < one.end_seconds]
        borders = [shot.start_seconds for shot in filmed.world.shots] + [filmed.world.duration_seconds]
        borders += [edge for other in filmed.runs if other.thing == run.thing for edge in _blink(run, other, fps)]
        found = (min((s.start_seconds for s in seen), default=None), max((s.end_seconds for s in seen), default=None))
        for true, moment in zip((start, end), found, strict=True):
            # what a cut shows or hides, or another thing for less than a look, has no moment of its own
            if moment is not None and all(abs(true - border) > 0.11 for border in borders):
                self.errors_seconds.append(abs(true - moment))
                if abs(true - moment) > 0.3:
                    self.late.append(f"{filmed.world.name} {run.thing} {true:.2f} {moment:.2f}")

    def _add_identity(self, filmed: Filmed, track: Track, shown: Sequence[Run]) -> None:
        things = sorted({run.thing for run in shown})
        self.tracks += 1
        self.bridges += len(things) == 1 and len(shown) > 1
        if len(things) > 1:
            self.mixed.append(f"{filmed.world.name} {track.track_id} {things}")


def _blink(run: Run, other: Run, fps: int) -> tuple[float, ...]:
    """The ends of a stretch out of view that is too short to be looked at."""
    starts, ends = (run.first / fps, other.first / fps), tuple((r.first + len(r.boxes)) / fps for r in (run, other))
    gap = max(starts) - min(ends)
    return (max(starts), min(ends)) if 0 <= gap < _LOOK_SECONDS else ()


def _places(track: Track, moments: Sequence[float]) -> dict[int, Corners]:
    times = np.array([point.pts_seconds for point in track.path])
    edges = np.array([(point.x0, point.y0, point.x1, point.y1) for point in track.path])
    places = {}
    for number, moment in enumerate(moments):
        if any(seen.contains(moment) for seen in track.visible):
            x0, y0, x1, y1 = (float(np.interp(moment, times, edges[:, edge])) for edge in range(4))
            places[number] = (x0, y0, x1, y1)
    return places


def _common(left: Places, right: Places) -> int:
    return sum(overlap(left[i], right[i]) >= _SAME for i in left.keys() & right.keys())


def _best(number: int, box: Corners, true: Sequence[Places]) -> int | None:
    """The run whose box in a frame is most like this one; None if none is."""
    overlaps = [(overlap(places[number], box), row) for row, places in enumerate(true) if number in places]
    most, row = max(overlaps, default=(0.0, 0))
    return row if most >= _SAME else None
