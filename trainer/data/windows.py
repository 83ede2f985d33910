"""Which row groups are trained on together: a window of them fits into memory, so that an epoch reads each about once.

Without windows a random order would read a row group for every question about one of its clips.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from numpy.random import Generator

from schemas.shown import EditKind, Shown
from schemas.visual_negative import VisualNegative
from trainer.data.records import GroupRows
from trainer.data.shards import ClipPlace

WINDOW_BYTES = 256 << 20
"""Half of what a `ClipCache` holds, so that the first clips of the next window find room. The same on every machine,
since the order of training depends on it."""


@dataclass
class _Needed:
    """What the groups of one row group need."""

    frame_bytes: int = 0
    segment_bytes: int = 0
    """0 if no segment is shown."""
    beside: dict[Any, None] = field(default_factory=dict)
    """Row groups that clips are borrowed from, or that borrow from it, in order of their first group."""


def windows(
    groups: Iterable[GroupRows],
    places: Mapping[str, ClipPlace],
    rng: Generator,
    *,
    contrasts: bool,
    window_bytes: int = WINDOW_BYTES,
) -> dict[str, int]:
    """The number of the window that each clip's questions belong to, by clip id.

    The order of row groups is random, but those that borrow clips from each other stand together.

    Args:
        groups: in any order; equal groups give equal windows.
        places: where the clips are.
        rng: decides which row groups share a window, and the order of windows.
        contrasts: whether visual negatives are read too.
        window_bytes: of JPEG; a row group may hold more.
    """
    ordered = sorted(groups, key=lambda rows: rows.group_id)
    needed = _needed(ordered, places, contrasts=contrasts)
    number_of: dict[Any, int] = {}
    number, held = 0, 0
    for row_group in _together(needed, rng):
        size = needed[row_group].frame_bytes + needed[row_group].segment_bytes
        if held and held + size > window_bytes:
            number, held = number + 1, 0
        held += size
        number_of[row_group] = number
    return {rows.clip_id: number_of[places[rows.clip_id].row_group] for rows in ordered}


def shows_segments(rows: GroupRows, *, contrasts: bool) -> bool:
    """Whether a group shows segments of its own clip, besides the clip's frames."""
    negatives = rows.negatives if contrasts else ()
    shown = [rows.shown, *(negative.shown for negative in negatives if negative.shown is not None)]
    return any(map(_of_segments, shown)) or any(one.preferred_segment_id is not None for one in negatives)


def _of_segments(shown: Shown) -> bool:
    # a slowed stretch is shown with the segment that stores it more densely
    return shown.segment_id is not None or any(edit.kind is EditKind.SLOWED for edit in shown.edits)


def _needed(groups: Iterable[GroupRows], places: Mapping[str, ClipPlace], *, contrasts: bool) -> dict[Any, _Needed]:
    needed: dict[Any, _Needed] = {}
    for rows in groups:
        place = places[rows.clip_id]
        own = needed.setdefault(place.row_group, _Needed())
        own.frame_bytes = place.group_frame_bytes
        if shows_segments(rows, contrasts=contrasts):
            own.segment_bytes = place.group_segment_bytes
        for clip_id in _borrowed(rows, contrasts=contrasts):
            other = places[clip_id].row_group
            own.beside[other] = None
            needed.setdefault(other, _Needed()).beside[place.row_group] = None
    return needed


def _borrowed(rows: GroupRows, *, contrasts: bool) -> Iterator[str]:
    """The clips that a group's first negative of each level borrows, else the one that its edits do."""
    first: dict[Any, VisualNegative] = {}
    for negative in rows.negatives if contrasts else ():
        first.setdefault(negative.level, negative)
    others = [negative.other_clip_id for negative in first.values()] if contrasts else [rows.shown.other_clip_id]
    yield from (clip_id for clip_id in others if clip_id is not None)


def _together(needed: Mapping[Any, _Needed], rng: Generator) -> list[Any]:
    """The row groups in random order, but each followed by those beside it."""
    found: dict[Any, None] = {}
    nodes = list(needed)
    for start in rng.permutation(len(nodes)):
        waiting = deque([nodes[int(start)]])
        while waiting:
            node = waiting.popleft()
            if node not in found:
                found[node] = None
                waiting.extend(needed[node].beside)
    return list(found)
