"""Lines of writing over time, from what was read in single frames: which are certain, and where they stand.

Neither a high score nor many frames prove a spelling: "Keep laundfy pacs" was read at 0.99 in 15 of 16 frames. A line
is certain if every reading at its place has the same letters, in enlarged frames too, and if it is large enough.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from statistics import median

from schemas.box import Rectangle
from schemas.scene import WRITING, Scene, Track
from schemas.search import Reading, Search
from stages.claims.spelling import is_similar, letters, words

SOURCE = "reading"
"""Who finds writing, in tracks and searches."""
LEAST_FRAMES = 3
"""A line is certain only if it is read in this many frames, and in this many enlarged ones."""
_LEAST_SCORE = 0.95
_LEAST_HEIGHT_PIXELS = 22.0
_LEAST_OTHER_SCORE = 0.5  # of a reading that makes another one doubtful
_EDGE = 0.02  # frame sides: what is nearer to the border may be cut off
_SAME_PLACE = 0.5  # intersection over union
_SAME_HEIGHT = 1.6
_MISSED_FRAMES = 1  # that a line may be unread between two readings
_SAME_MOMENT_SECONDS = 0.2
_STILL = 0.01  # frame sides: a line that moves less lies on the picture, and nothing that moves covers it


@dataclass(frozen=True)
class WrittenLine:
    """One line in successive frames, with the same letters in each."""

    readings: tuple[Reading, ...]
    """What was read in the frames as they are, in order of time."""
    enlarged: tuple[Reading, ...]
    """The same line as it was read in enlarged frames."""
    clear: tuple[Reading, ...]
    """Those of `readings` that are away from the border and from things that may cover the line."""

    @cached_property
    def letters(self) -> str:
        """Its letters and digits."""
        return letters(self.readings[0].text)

    @cached_property
    def words(self) -> frozenset[str]:
        """The whole words that every reading has."""
        return reduce(frozenset.__and__, (words(r.text) for r in (*self.clear, *self.enlarged)))

    @property
    def text(self) -> str:
        """What was read in the first frame, with its spaces and capitals."""
        return self.readings[0].text

    @property
    def moves(self) -> bool:
        """Whether it changes its place."""
        return _moves(self.readings)

    @property
    def score(self) -> float:
        """The least score of its readings."""
        return min(reading.score for reading in (*self.readings, *self.enlarged))


def search_for_writing(scene: Scene) -> Search | None:
    """The search in which frames were read; None if nothing was read in the clip."""
    return next((s for s in scene.searched if s.noun == WRITING and s.source == SOURCE), None)


def certain_lines(scene: Scene) -> tuple[WrittenLine, ...]:
    """The lines whose spelling is certain, in order of appearance."""
    lines = _Lines(scene)
    return tuple(line for line in lines.promising() if lines.is_confirmed(line))


def promising_lines(scene: Scene) -> tuple[WrittenLine, ...]:
    """The lines that lack nothing but the readings of enlarged frames."""
    return tuple(_Lines(scene).promising())


class _Lines:
    """The lines of one scene."""

    def __init__(self, scene: Scene) -> None:
        search = search_for_writing(scene)
        self._moments = [frame.pts_seconds for frame in search.frames] if search else []
        self._plain: dict[float, list[Reading]] = defaultdict(list)
        self._enlarged: dict[float, list[Reading]] = defaultdict(list)
        for reading in scene.readings:
            (self._plain if reading.scale == 1 else self._enlarged)[reading.pts_seconds].append(reading)
        self._covering = [track for track in scene.tracks if track.label != WRITING]

    def promising(self) -> Iterator[WrittenLine]:
        """The lines that are read often, surely, large and always alike in the frames as they are."""
        for run in self._runs():
            if min(reading.score for reading in run) < _LEAST_SCORE:
                continue
            if median(reading.height_pixels for reading in run) < _LEAST_HEIGHT_PIXELS:
                continue
            inside = [reading for reading in run if _is_inside(reading)]
            covering = [track for track in self._covering if not _carries(track, inside)]
            clear = tuple(r for r in inside if not _is_covered(r, covering, moves=_moves(run)))
            line = WrittenLine(tuple(run), tuple(self._seen_again(run)), clear)
            if len(clear) >= LEAST_FRAMES and line.words and not self._has_variant(line):
                yield line

    def is_confirmed(self, line: WrittenLine) -> bool:
        """Whether enlarged frames say the same."""
        return len(line.enlarged) >= LEAST_FRAMES and line.score >= _LEAST_SCORE and bool(line.words)

    def _runs(self) -> list[list[Reading]]:
        """Readings with the same letters, linked over frames: at one place, or the only ones of their frame."""
        runs: list[tuple[int, list[Reading]]] = []
        for number, moment in enumerate(self._moments):
            shown = self._plain[moment]
            for reading in shown:
                recent = [(n, run) for n, run in runs if number - _MISSED_FRAMES - 1 <= n < number]
                run = _continued(reading, [run for _, run in recent], alone=_is_alone(reading, shown))
                if run is None:
                    runs.append((number, [reading]))
                else:
                    run.append(reading)
                    runs = [(number if known is run else n, known) for n, known in runs]
        return [run for _, run in runs]

    def _seen_again(self, run: Sequence[Reading]) -> Iterator[Reading]:
        """The readings of enlarged frames that are the line's."""
        for reading in run:
            for again in self._enlarged[reading.pts_seconds]:
                if letters(again.text) == letters(reading.text) and _is_at(again, reading):
                    yield again

    def _has_variant(self, line: WrittenLine) -> bool:
        """Whether something else was read where the line stands, or instead of it."""
        read = {reading.pts_seconds: reading for reading in line.readings}
        first, last = line.readings[0].pts_seconds, line.readings[-1].pts_seconds
        still = not line.moves
        for moment, other in self._others(line):
            during = first <= moment <= last
            nearest = min(line.readings, key=lambda reading: abs(reading.pts_seconds - moment))
            at_place = (during or still or self._is_next(moment, line)) and _is_at(other, nearest)
            if at_place and during:
                return True
            instead = moment not in read and (during or self._is_next(moment, line))
            if (at_place or instead) and is_similar(letters(other.text), line.letters):
                return True
        return False

    def _others(self, line: WrittenLine) -> Iterator[tuple[float, Reading]]:
        for shown in (self._plain, self._enlarged):
            for moment, readings in shown.items():
                for reading in readings:
                    text = letters(reading.text)
                    if reading.score >= _LEAST_OTHER_SCORE and text and text != line.letters:
                        yield moment, reading

    def _is_next(self, moment: float, line: WrittenLine) -> bool:
        """Whether that frame comes right before or right after the frames with the line."""
        place = self._moments.index(moment)
        around = self._moments[max(0, place - 1) : place + 2]
        return line.readings[0].pts_seconds in around or line.readings[-1].pts_seconds in around


def _is_covered(reading: Reading, covering: Iterable[Track], *, moves: bool) -> bool:
    """Whether a thing may hide part of the line: it reaches into it, or both move together."""
    for track in covering:
        box = _box_at(track, reading.pts_seconds)
        if box is not None and box.shared_area(reading) > 0 and (moves or not _contains(box, reading)):
            return True
    return False


def _carries(track: Track, run: Sequence[Reading]) -> bool:
    """Whether a line is on that thing: always inside its box, and at one place of it while all of it is in view."""
    boxes = [(_box_at(track, reading.pts_seconds), reading) for reading in run]
    if not all(box is not None and _contains(box, reading) for box, reading in boxes):
        return False
    whole = [(box, reading) for box, reading in boxes if box is not None and _is_whole(box)]
    offsets = [(reading.centre[0] - box.centre[0], reading.centre[1] - box.centre[1]) for box, reading in whole]
    return all(max(axis) - min(axis) <= _STILL for axis in zip(*offsets, strict=True)) if offsets else False


def _is_whole(box: Rectangle) -> bool:
    return min(box.x0, box.y0) > 0 and max(box.x1, box.y1) < 1


def _continued(reading: Reading, runs: Iterable[list[Reading]], *, alone: bool) -> list[Reading] | None:
    """The run that a reading belongs to, the nearest one if there are several; None if it begins a new one."""
    same = [run for run in runs if letters(run[-1].text) == letters(reading.text)]
    here = [run for run in same if run[-1].iou(reading) > _SAME_PLACE]
    if here:
        return max(here, key=lambda run: run[-1].iou(reading))
    moved = [run for run in same if _is_as_high(run[-1], reading)]
    return moved[0] if alone and len(moved) == 1 else None


def _is_alone(reading: Reading, shown: Sequence[Reading]) -> bool:
    return sum(letters(other.text) == letters(reading.text) for other in shown) == 1


def _is_as_high(a: Reading, b: Reading) -> bool:
    shorter, higher = sorted((a.height_pixels, b.height_pixels))
    return higher <= _SAME_HEIGHT * shorter


def _is_at(a: Reading, b: Reading) -> bool:
    """Whether two readings are of one place: mostly the same box, or one inside the other and as high."""
    share = a.shared_area(b) / min(a.area, b.area)
    return a.iou(b) > _SAME_PLACE or (share > _SAME_PLACE and _is_as_high(a, b))


def _is_inside(box: Rectangle) -> bool:
    return min(box.x0, box.y0) >= _EDGE and max(box.x1, box.y1) <= 1 - _EDGE


def _moves(readings: Sequence[Reading]) -> bool:
    first = readings[0].centre
    return any(max(abs(a - b) for a, b in zip(r.centre, first, strict=True)) > _STILL for r in readings)


def _contains(outer: Rectangle, inner: Rectangle) -> bool:
    return outer.x0 <= inner.x0 and outer.y0 <= inner.y0 and inner.x1 <= outer.x1 and inner.y1 <= outer.y1


def _box_at(track: Track, pts_seconds: float) -> Rectangle | None:
    nearest = min(track.path, key=lambda point: abs(point.pts_seconds - pts_seconds), default=None)
    near = nearest is not None and abs(nearest.pts_seconds - pts_seconds) <= _SAME_MOMENT_SECONDS
    return nearest if near else None
