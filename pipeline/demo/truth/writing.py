"""The words of a world: on signs, while all letters are in view and uncovered, and laid over the picture."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.demo.truth.visible import StretchInView, VisiblePart, point_at
from pipeline.demo.world.letters import laid_over, whole_word
from pipeline.demo.world.shapes import Patch
from pipeline.demo.world.world import Caption, World, pose_of
from schemas.box import size_class
from schemas.interval import Interval
from schemas.scene import TRUTH, WRITING, Track
from schemas.search import Candidate, Reading, Search, SearchedFrame
from stages.claims.lines import SOURCE as READING
from stages.claims.writing import MAYBE_SCORE, SURE_SCORE, word_phrase
from stages.reading.frames import ENLARGED

_READ_EVERY = 3
"""Every so many frames of the video are read."""
_IN_PART = 0.4
"""Score of a word of which some cannot be seen: nobody knows what it says."""
_READABLE_PIXELS = 100.0
"""The height of all words: truth knows the small ones, too."""
_COVERED = 0.5  # share of a pixel that a letter covers, if it counts as one of its pixels


@dataclass(frozen=True)
class WordInView:
    """A word over a stretch of frames."""

    name: str
    """Id of its track."""
    text: str
    moves: bool
    indices: tuple[int, ...]
    """The frames that show all of it, in order; at least one."""
    boxes: tuple[tuple[int, int, int, int], ...]
    """For each of them the columns and rows of its letters, first and one past the last: x0, y0, x1, y1."""
    in_part: tuple[int, ...] = ()
    """The frames that show some of its letters, or of its board, and not all."""


def words_in_view(stretches: Sequence[StretchInView], world: World) -> tuple[WordInView, ...]:
    """All words, those on signs first."""
    on_signs = (_on_sign(one, world) for one in stretches if one.thing.writing)
    captions = (_caption(caption, world) for caption in world.captions)
    return tuple(line for line in (*on_signs, *captions) if line is not None)


def _on_sign(one: StretchInView, world: World) -> WordInView | None:
    shown = [(part.index, box) for part in one.parts if (box := _uncovered(one, part, world)) is not None]
    if not shown or one.thing.writing is None:
        return None
    indices, boxes = zip(*shown, strict=True)
    in_part = tuple(sorted({part.index for part in one.parts} - set(indices)))
    return WordInView(f"w{one.name}", one.thing.writing.text, len(set(boxes)) > 1, indices, boxes, in_part)


def _uncovered(one: StretchInView, part: VisiblePart, world: World) -> tuple[int, int, int, int] | None:
    """The box of the letters, if all of them can be seen."""
    pose = pose_of(one.thing, world, part.index / world.fps)
    if pose is None or one.thing.writing is None:
        return None
    x0, y0, x1, y1 = box = _box(whole_word(one.thing.writing, pose, world.width, world.height))
    rows, columns = part.mask.shape
    left, top, right, bottom = x0 - part.left, y0 - part.top, x1 - part.left, y1 - part.top
    inside = left > 0 and top > 0 and right < columns and bottom < rows
    return box if inside and bool(part.mask[top:bottom, left:right].all()) else None


def _caption(caption: Caption, world: World) -> WordInView | None:
    covered = laid_over(caption, world.width, world.height)
    seconds = [index / world.fps for index in range(world.frame_count)]
    indices = tuple(i for i, at in enumerate(seconds) if caption.start_seconds <= at < caption.end_seconds)
    if covered is None or not indices:
        return None
    return WordInView(caption.caption_id, caption.writing.text, False, indices, (_box(covered[1]),) * len(indices))


def _box(patch: Patch) -> tuple[int, int, int, int]:
    inked = patch.alpha >= _COVERED
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    left, top = patch.left, patch.top
    return left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1


def writing_track(line: WordInView, world: World) -> Track:
    """The track of a word."""
    path = tuple(point_at(index, box, world) for index, box in zip(line.indices, line.boxes, strict=True))
    return Track(
        track_id=line.name,
        label=WRITING,
        source=TRUTH,
        text=line.text,
        phrase=word_phrase(line.text),
        score=1.0,
        colour=None,
        size=size_class(path),
        moves=line.moves,
        first_seconds=line.indices[0] / world.fps,
        last_seconds=line.indices[-1] / world.fps,
        visible=tuple(_runs(line, world)),
        enters_from=None,
        leaves_to=None,
        boxes=(),
        path=path,
    )


def read_words(lines: Sequence[WordInView], world: World) -> tuple[Search, tuple[Reading, ...]]:
    """What can be read in every third frame of the video, and that all of these were read."""
    readings: list[Reading] = []
    frames = []
    for index in range(0, world.frame_count, _READ_EVERY):
        found = [reading for line in lines for reading in _readings(line, index, world)]
        readings += found
        candidates = (
            Candidate(x0=r.x0, y0=r.y0, x1=r.x1, y1=r.y1, score=r.score, track_id=None) for r in found if r.scale == 1
        )
        frames.append(SearchedFrame(pts_seconds=index / world.fps, candidates=tuple(candidates)))
    search = Search(noun=WRITING, source=READING, sure=SURE_SCORE, maybe=MAYBE_SCORE, frames=tuple(frames))
    return search, tuple(readings)


def _readings(line: WordInView, index: int, world: World) -> Iterator[Reading]:
    """The word as it is read, twice; unsurely, and once, where some of it cannot be seen."""
    if index in line.in_part:
        nearest = min(range(len(line.indices)), key=lambda place: abs(line.indices[place] - index))
        yield _reading(line, nearest, index, world, score=_IN_PART, scale=1.0)
    if index in line.indices:
        for scale in (1.0, ENLARGED):
            yield _reading(line, line.indices.index(index), index, world, score=1.0, scale=scale)


def _reading(line: WordInView, place: int, index: int, world: World, *, score: float, scale: float) -> Reading:
    point = point_at(index, line.boxes[place], world)
    return Reading(
        pts_seconds=point.pts_seconds,
        text=line.text if score > _IN_PART else line.text[: len(line.text) // 2],
        score=score,
        scale=scale,
        height_pixels=_READABLE_PIXELS,
        x0=point.x0,
        y0=point.y0,
        x1=point.x1,
        y1=point.y1,
    )


def _runs(line: WordInView, world: World) -> Iterator[Interval]:
    """The stretches without a frame between that does not show all of it."""
    first = line.indices[0]
    for index, following in zip(line.indices, (*line.indices[1:], None), strict=True):
        if following != index + 1:
            yield Interval(start_seconds=first / world.fps, end_seconds=(index + 1) / world.fps)
            first = following or 0
