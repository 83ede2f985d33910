"""How visible an edit is: what it changes, compared with what the clip does by itself.

Every value is the log of a ratio, the least over 32, 16 and 8 evenly chosen frames, since a policy may look at so few.
Zero or less: the edit cannot be seen, or something in the unedited clip looks the same.
Legend: N = stored frames; a place is the number of a stored frame.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise, permutations

import numpy as np
from numpy.typing import NDArray

from schemas.clip import UnitClip
from schemas.shown import EditKind, Shown, ShownEdit
from stages.stage import PixelReader, read_here
from stages.visuals.pictures import with_looks
from stages.visuals.plan import PlannedFrame, planned, within
from stages.visuals.seen import counts, evenly
from stages.visuals.small import (
    Small,
    SmallPictures,
    coarse_picture,
    difference,
    differences,
    peak_difference,
)

_K = EditKind
LEAST_UNLIKE = 0.025
"""Two pictures that differ by less (root of the mean square, 0..1) look the same."""
LEAST_MOVED = 0.004
"""The same for coarse pictures, whose noise is averaged out."""
LEAST_PEAK = 0.1
"""The same for the pixels that differ most."""
_ONE_JUMP = 0.5
"""If one step makes up more of a stretch than this, the stretch is two pictures that stand still, as slides do."""

Places = Sequence[int]


class EditChanges:
    """Measures edits of one clip. Pictures are made through `read`, each once."""

    def __init__(self, clip: UnitClip, read: PixelReader = read_here) -> None:
        self.clip = clip
        self._small = SmallPictures(read)
        self._looks: dict[tuple[EditKind, float | None], NDArray[np.float64]] = {}
        self._changes: dict[tuple[Shown, ShownEdit], float] = {}

    def change(self, shown: Shown, edit: ShownEdit, other: UnitClip | None = None) -> float:
        """How visible an edit is, or would be, in the clip with the seams of `shown`.

        Args:
            shown: what is shown; its seams cover frames.
            edit: one of its edits, or another one that might be thought to be there.
            other: the clip that a stretch is swapped with.

        Raises: UnborneEditError if the stored frames do not bear the edit out.
        """
        key = (Shown(edits=seams(shown)), edit)
        if key not in self._changes:
            self._changes[key] = min(
                _MEASURES[edit.kind](self, edit, seen, other) for seen in self._seen_by_count(key[0])
            )
        return self._changes[key]

    def expected(self, shown: Shown, edit: ShownEdit) -> float:
        """How visible a slowed stretch will be once the frames are stored that it shows: by the steps of the clip."""
        return min(self._slowing(edit, seen, None) for seen in self._seen_by_count(shown))

    def between(self, shown: Shown, one: ShownEdit, two: ShownEdit) -> float:
        """How different two edits of one stretch look."""
        least = math.inf
        made = [self._pictures(planned(self.clip, Shown(edits=(edit,)))) for edit in (one, two)]
        for seen in self._seen_by_count(shown):
            places = _inside(seen, self._places(one))
            unlike = [peak_difference(made[0][i], made[1][i]) for i in places]
            least = min(least, _log_ratio(max(unlike, default=0.0), LEAST_PEAK, LEAST_PEAK))
        return least

    def order_change(self, shown: Shown, edit: ShownEdit, order: Sequence[int]) -> float:
        """How much worse the parts of a reordered clip fit each other in an order than in the right one.

        Args:
            shown: what is shown, with its seams.
            edit: the edit that reorders.
            order: which of the parts, as they are shown, comes first, second, ...; counted from 0.
        """
        right = right_order(edit)
        least = math.inf
        for seen in self._seen_by_count(shown):
            joins = self._joins(edit, seen)
            if joins is None:
                return -math.inf
            cost = [sum(float(joins[a, b]) for a, b in pairwise(o)) for o in (order, right)]
            least = min(least, _log_ratio(cost[0], cost[1], LEAST_MOVED * len(right)))
        return least

    def _seen_by_count(self, shown: Shown) -> list[list[int]]:
        """The places that are seen by who looks at 32, 16 and 8 frames, without those that seams cover."""
        covered = {place for seam in seams(shown) for place in self._places(seam)}
        stored = len(self.clip.frames)
        return [[i for i in evenly(stored, count) if i not in covered] for count in counts(stored)]

    def _places(self, edit: ShownEdit) -> list[int]:
        return within(self._plan, edit)

    def _shown(self, edit: ShownEdit) -> list[int]:
        """For each place the one whose frame an edit of the order shows there."""
        at = {frame.pts_seconds: place for place, frame in enumerate(self.clip.frames)}
        return [at[one.frame.pts_seconds] for one in planned(self.clip, Shown(edits=(edit,)))]

    @cached_property
    def _plan(self) -> tuple[PlannedFrame, ...]:
        return planned(self.clip, Shown())

    @cached_property
    def _natural(self) -> list[Small]:
        return self._small.of(self.clip.frames)

    @cached_property
    def _coarse(self) -> NDArray[np.float64]:
        """Differences of the coarse pictures of each two stored frames, (N, N)."""
        coarse = [coarse_picture(picture) for picture in self._natural]
        return differences(coarse, coarse)

    @cached_property
    def _unlike(self) -> NDArray[np.float64]:
        """Differences of each two stored frames, (N, N)."""
        return differences(self._natural, self._natural)

    def _is_one_jump(self, places: Places) -> bool:
        """Whether one step is most of what changes from the first to the last of some places."""
        steps = [float(self._coarse[a, b]) for a, b in pairwise(places)]
        return len(steps) > 2 and max(steps) > _ONE_JUMP * sum(steps)

    def _pictures(self, plan: Sequence[PlannedFrame]) -> list[Small]:
        height, width = self._natural[0].shape[:2]
        stored = self._small.of([one.frame for one in plan])
        return [with_looks(small, one.looks, (width, height)) for small, one in zip(stored, plan, strict=True)]

    def _look(self, edit: ShownEdit, seen: Places, _other: UnitClip | None) -> float:
        """How much less an edited stretch is like the rest of the clip than the unedited stretch is."""
        inside = _inside(seen, self._places(edit))
        outside = [place for place in seen if place not in inside]
        if not inside or not outside:
            return -math.inf
        key = (edit.kind, edit.amount)
        if key not in self._looks:
            height, width = self._natural[0].shape[:2]
            edited = [with_looks(picture, (edit,), (width, height)) for picture in self._natural]
            self._looks[key] = differences(edited, self._natural)
        nearest = [float(d[np.ix_(inside, outside)].min(axis=1).mean()) for d in (self._looks[key], self._unlike)]
        return _log_ratio(nearest[0], nearest[1], LEAST_UNLIKE)

    def _frozen(self, edit: ShownEdit, seen: Places, _other: UnitClip | None) -> float:
        """How much moves in the stretch that would stand still."""
        places = _inside(seen, self._places(edit))
        inside = [self._natural[place] for place in places]
        if self._is_one_jump(places):
            return -math.inf
        moved = max((peak_difference(a, b) for i, a in enumerate(inside) for b in inside[:i]), default=0.0)
        return _log_ratio(moved, LEAST_PEAK, LEAST_PEAK)

    def _order(self, edit: ShownEdit, seen: Places, _other: UnitClip | None) -> float:
        """How much longer the way is from frame to frame in another order, where the two orders differ."""
        shown = self._shown(edit)
        now, before = _steps([shown[place] for place in seen]), _steps(sorted(shown[place] for place in seen))
        if now == before or self._is_one_jump(_inside(seen, self._places(edit))):
            return -math.inf
        way = [float(np.mean([self._coarse[a, b] for a, b in some])) for some in (now - before, before - now)]
        return _log_ratio(way[0], way[1], LEAST_MOVED)

    def _speed(self, edit: ShownEdit, seen: Places, _other: UnitClip | None) -> float:
        """How much faster, or slower, the stretch changes than it did before, and than any other of its length."""
        inside = _inside(seen, self._places(edit))
        if len(inside) < 2:
            return -math.inf
        pictures = self._pictures(planned(self.clip, Shown(edits=(edit,))))
        coarse = [coarse_picture(pictures[place]) for place in inside]
        edited = float(np.mean([difference(a, b) for a, b in pairwise(coarse)]))
        if edit.kind is EditKind.SPED_UP:
            return _log_ratio(edited, max(self._paces(seen, inside)), LEAST_MOVED)
        return _log_ratio(min(self._paces(seen, inside)), edited, LEAST_MOVED)

    def _slowing(self, edit: ShownEdit, seen: Places, _other: UnitClip | None) -> float:
        """The same for a slowed stretch whose pictures are not stored yet."""
        inside = _inside(seen, self._places(edit))
        if len(inside) < 2:
            return -math.inf
        own = float(np.mean([self._coarse[a, b] for a, b in pairwise(inside)]))
        return _log_ratio(min(self._paces(seen, inside)), own * (edit.amount or 1.0), LEAST_MOVED)

    def _paces(self, seen: Places, inside: Places) -> list[float]:
        """The mean step of each run of as many frames as a stretch has, which lies in the stretch or outside of it."""
        steps = [(float(self._coarse[a, b]), a in inside and b in inside) for a, b in pairwise(seen)]
        length = len(inside) - 1
        runs = [steps[i : i + length] for i in range(len(steps) - length + 1)]
        alone = [run for run in runs if len({within_it for _, within_it in run}) == 1]
        return [float(np.mean([step for step, _ in run])) for run in alone]

    def _swapped(self, edit: ShownEdit, seen: Places, other: UnitClip | None) -> float:
        """How much less the other video is like the clip than any stretch of the clip is like the rest of it."""
        inside = _inside(seen, self._places(edit))
        outside = [place for place in seen if place not in inside]
        if not inside or not outside:
            return -math.inf
        pictures = self._pictures(planned(self.clip, Shown(edits=(edit,)), other))
        foreign = differences([pictures[i] for i in inside], [self._natural[i] for i in outside]).min(axis=1).mean()
        own = []
        for start in range(len(seen) - len(inside) + 1):
            run = seen[start : start + len(inside)]
            rest = [place for place in seen if place not in run]
            own.append(float(self._unlike[np.ix_(run, rest)].min(axis=1).mean()))
        return _log_ratio(float(foreign), max(own), LEAST_UNLIKE)

    def _reordered(self, edit: ShownEdit, seen: Places, _other: UnitClip | None) -> float:
        """How much worse every other order fits than the right one."""
        joins, right = self._joins(edit, seen), right_order(edit)
        if joins is None:
            return -math.inf
        cost = {order: sum(float(joins[a, b]) for a, b in pairwise(order)) for order in permutations(right)}
        fitting = cost.pop(tuple(right))
        return _log_ratio(min(cost.values()), fitting, LEAST_MOVED * len(right))

    def _joins(self, edit: ShownEdit, seen: Places) -> NDArray[np.float64] | None:
        """How well each part of a reordered clip, as it is shown, goes on in each other one: the difference of the last
        frame that is seen of the one and the first of the other. None if nothing is seen of a part.
        """
        shown = self._shown(edit)
        # parts are split as the plan splits them, at the places where they are shown
        sizes = [len(part) for part in np.array_split(np.array(self._places(edit)), len(edit.order))]
        ends = np.cumsum([sizes[number] for number in edit.order])
        parts = [[shown[i] for i in seen if end - sizes[n] <= i < end] for n, end in zip(edit.order, ends, strict=True)]
        if not all(parts):
            return None
        return self._coarse[np.ix_([part[-1] for part in parts], [part[0] for part in parts])]


_MEASURES: Mapping[EditKind, Callable[[EditChanges, ShownEdit, Places, UnitClip | None], float]] = {
    _K.MIRRORED: EditChanges._look,
    _K.TURNED: EditChanges._look,
    _K.ZOOMED: EditChanges._look,
    _K.FROZEN: EditChanges._frozen,
    _K.REVERSED: EditChanges._order,
    _K.SHUFFLED: EditChanges._order,
    _K.SLOWED: EditChanges._speed,
    _K.SPED_UP: EditChanges._speed,
    _K.SWAPPED: EditChanges._swapped,
    _K.REORDERED: EditChanges._reordered,
}
"""What measures each kind; a seam changes nothing that is asked about."""


def seams(shown: Shown) -> tuple[ShownEdit, ...]:
    """The harmless seams of what is shown."""
    return tuple(edit for edit in shown.edits if edit.kind is EditKind.SEAM)


def right_order(edit: ShownEdit) -> tuple[int, ...]:
    """In which order the parts of a reordered clip belong, named by where they are shown; counted from 0."""
    return tuple(edit.order.index(part) for part in range(len(edit.order)))


def _inside(seen: Places, places: Places) -> list[int]:
    wanted = set(places)
    return [place for place in seen if place in wanted]


def _steps(places: Places) -> set[tuple[int, int]]:
    """The steps from frame to frame, whichever way they are taken."""
    return {(min(a, b), max(a, b)) for a, b in pairwise(places) if a != b}


def _log_ratio(large: float, small: float, least: float) -> float:
    """The log of a ratio whose denominator counts as `least` at least."""
    return math.log(large / max(small, least)) if large > 0 else -math.inf
