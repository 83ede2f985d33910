"""The edits that are planted: one of each kind, as strong as it takes to be seen."""

from collections.abc import Mapping, Sequence

from schemas.interval import Interval
from schemas.shown import EditKind, ShownEdit

_K = EditKind
_AMOUNTS: Mapping[EditKind, float] = {_K.TURNED: 180.0, _K.ZOOMED: 1.6, _K.SLOWED: 0.35, _K.SPED_UP: 3.0}
_SHUFFLED = (2, 4, 6, 1, 3, 5, 0)
"""No frame follows its neighbour, and whoever sees only two or three of the seven sees them in another order, too."""


def standard_edit(kind: EditKind, stretch: Interval) -> ShownEdit:
    """The edit of that kind in a stretch; kinds swapped and reordered need more than a stretch."""
    return ShownEdit(
        kind=kind,
        start_seconds=stretch.start_seconds,
        end_seconds=stretch.end_seconds,
        amount=_AMOUNTS.get(kind),
        order=_SHUFFLED if kind is _K.SHUFFLED else (),
    )


def reordering(whole: Interval, order: Sequence[int]) -> ShownEdit:
    """The edit that shows the equal parts of a whole clip in another order."""
    return ShownEdit(
        kind=_K.REORDERED, start_seconds=whole.start_seconds, end_seconds=whole.end_seconds, order=tuple(order)
    )
