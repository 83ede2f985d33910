"""The visible part of each thing on each frame: its uncovered pixels inside the frame.

Array names: H rows, W columns.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.demo.world.shapes import Patch, patch_of
from pipeline.demo.world.world import DrawnThing, Keyframe, World, pose_of, stay_at
from schemas.box import PathPoint
from schemas.scene import Side

LEAST_PIXELS = 3
"""A thing with fewer uncovered pixels inside the frame does not count as visible."""


@dataclass(frozen=True)
class VisiblePart:
    """The uncovered part of a thing on one frame."""

    index: int
    box: tuple[int, int, int, int]
    """Columns and rows, first and one past the last: x0, y0, x1, y1."""
    left: int
    top: int
    mask: NDArray[np.bool_]
    """Which pixels of the patch at (left, top) are seen, (H, W)."""

    def borders(self, world: World) -> list[Side]:
        """The borders of the frame that the visible part touches."""
        x0, y0, x1, y1 = self.box
        touched = (
            (Side.LEFT, x0 == 0),
            (Side.TOP, y0 == 0),
            (Side.RIGHT, x1 == world.width),
            (Side.BOTTOM, y1 == world.height),
        )
        return [side for side, touches in touched if touches]


@dataclass(frozen=True)
class StretchInView:
    """A stretch of the clip in which a thing is inside the frame of one shot; it may be covered for a while."""

    thing: DrawnThing
    number: int
    """The number of earlier stretches of the same thing."""
    parts: tuple[VisiblePart, ...]
    """At least one, in order of time."""

    @property
    def name(self) -> str:
        """The thing's id, with a number from the second stretch on."""
        return f"{self.thing.thing_id}.{self.number + 1}" if self.number else self.thing.thing_id

    def runs(self) -> list[list[VisiblePart]]:
        """Unbroken stretches of frames."""
        runs: list[list[VisiblePart]] = []
        for part in self.parts:
            if runs and part.index == runs[-1][-1].index + 1:
                runs[-1].append(part)
            else:
                runs.append([part])
        return runs


def stretches_in_view(world: World) -> list[StretchInView]:
    """All stretches of all things, in the order of the world's things."""
    parts: dict[str, list[VisiblePart]] = {thing.thing_id: [] for thing in world.things}
    for index in range(world.frame_count):
        patches: list[tuple[DrawnThing, Patch]] = []
        for thing in world.things:
            pose = pose_of(thing, world, index / world.fps)
            patch = patch_of(thing.shape, pose, world.width, world.height) if pose else None
            if patch:
                patches.append((thing, patch))
        for place, (thing, patch) in enumerate(patches):
            mask_HW = patch.alpha >= 0.5
            for _, front in patches[place + 1 :]:
                _uncover(mask_HW, patch, front)
            if np.count_nonzero(mask_HW) >= LEAST_PIXELS:
                parts[thing.thing_id].append(_part(index, patch, mask_HW))
    return [one for thing in world.things for one in _stretches(thing, parts[thing.thing_id], world)]


def _stretches(thing: DrawnThing, parts: list[VisiblePart], world: World) -> list[StretchInView]:
    stretches: list[list[VisiblePart]] = []
    for part in parts:
        if stretches and not _is_away_between(thing, world, stretches[-1][-1].index, part.index):
            stretches[-1].append(part)
        else:
            stretches.append([part])
    return [StretchInView(thing, number, tuple(stretch)) for number, stretch in enumerate(stretches)]


def _is_away_between(thing: DrawnThing, world: World, index: int, later: int) -> bool:
    """Whether a cut, or the frame's border, separates two frames that show a thing, with none between that does."""
    if world.shot_at(index / world.fps) != world.shot_at(later / world.fps):
        return True
    return later > index + 1 and (crosses(thing, world, index, 1) or crosses(thing, world, later, -1))


def _uncover(mask_HW: NDArray[np.bool_], patch: Patch, front: Patch) -> None:
    """Clear the pixels of the mask that a thing in front covers."""
    rows = slice(max(patch.rows.start, front.rows.start), min(patch.rows.stop, front.rows.stop))
    columns = slice(max(patch.columns.start, front.columns.start), min(patch.columns.stop, front.columns.stop))
    if rows.start < rows.stop and columns.start < columns.stop:
        covered = front.alpha[_shifted(rows, front.top), _shifted(columns, front.left)] >= 0.5
        mask_HW[_shifted(rows, patch.top), _shifted(columns, patch.left)] &= ~covered


def _shifted(where: slice, origin: int) -> slice:
    return slice(where.start - origin, where.stop - origin)


def _part(index: int, patch: Patch, mask_HW: NDArray[np.bool_]) -> VisiblePart:
    rows, columns = np.flatnonzero(mask_HW.any(axis=1)), np.flatnonzero(mask_HW.any(axis=0))
    box = (
        patch.left + int(columns[0]),
        patch.top + int(rows[0]),
        patch.left + int(columns[-1]) + 1,
        patch.top + int(rows[-1]) + 1,
    )
    return VisiblePart(index, box, patch.left, patch.top, mask_HW)


def point_at(index: int, box: tuple[int, int, int, int], world: World) -> PathPoint:
    """The box, in columns and rows, as it is on a frame of the video, in 0..1 of the frame."""
    x0, y0, x1, y1 = box
    return PathPoint(
        pts_seconds=index / world.fps,
        x0=x0 / world.width,
        y0=y0 / world.height,
        x1=x1 / world.width,
        y1=y1 / world.height,
    )


def only_border(part: VisiblePart, world: World) -> Side | None:
    """The border that the visible part touches; None if it touches several or none."""
    touched = part.borders(world)
    return touched[0] if len(touched) == 1 else None


def crosses(thing: DrawnThing, world: World, index: int, step: int) -> bool:
    """Whether a thing in view on this frame is outside the frame on the next one (step 1) or the previous one (-1).

    Cuts, the ends of the clip and things in front do not count: they make nothing enter or leave.
    """
    seconds, other = index / world.fps, (index + step) / world.fps
    if not 0 <= index + step < world.frame_count or world.shot_at(seconds) != world.shot_at(other):
        return False
    stay = stay_at(thing, seconds)
    if stay is None:
        return False
    # a stay may begin or end between the two frames, outside the frame
    other = min(max(other, stay.keys[0].seconds), stay.keys[-1].seconds - 1e-6)
    pose = pose_of(thing, world, other)
    patch = patch_of(thing.shape, pose, world.width, world.height) if pose else None
    return patch is None or int(np.count_nonzero(patch.alpha >= 0.5)) < LEAST_PIXELS


def moving_at(thing: DrawnThing, seconds: float) -> bool:
    """Whether the thing itself moves at a moment, whatever the camera does."""
    stay = stay_at(thing, seconds)
    if stay is None:
        return False
    return any(a.seconds <= seconds < b.seconds and moves(a, b) for a, b in pairwise(stay.keys))


def moves(a: Keyframe, b: Keyframe) -> bool:
    """Whether a thing moves from one key to the next."""
    return (a.x, a.y) != (b.x, b.y)
