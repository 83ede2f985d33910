"""What is seen of each thing on each frame: its uncovered pixels inside the frame.

Array names: H rows, W columns.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.demo.world.shapes import Patch, patch_of
from pipeline.demo.world.world import Key, Thing, World, pose_of, stay_at
from schemas.scene import Side

LEAST_PIXELS = 3
"""So many uncovered pixels inside the frame make a thing visible."""


@dataclass(frozen=True)
class Sight:
    """The uncovered part of a thing on one frame."""

    index: int
    box: tuple[int, int, int, int]
    """Columns and rows, first and one past the last: x0, y0, x1, y1."""
    left: int
    top: int
    mask: NDArray[np.bool_]
    """Which pixels of the patch at (left, top) are seen, (H, W)."""

    def borders(self, world: World) -> list[Side]:
        """The borders of the frame that the seen part touches."""
        x0, y0, x1, y1 = self.box
        touched = (
            (Side.LEFT, x0 == 0),
            (Side.TOP, y0 == 0),
            (Side.RIGHT, x1 == world.width),
            (Side.BOTTOM, y1 == world.height),
        )
        return [side for side, touches in touched if touches]


@dataclass(frozen=True)
class Presence:
    """A stretch of the clip in which a thing is inside the frame of one shot, now and then covered perhaps."""

    thing: Thing
    number: int
    """How many presences of the thing come before."""
    sights: tuple[Sight, ...]
    """What is seen of it, in order of time; at least one."""

    @property
    def name(self) -> str:
        """The thing's id, with a number where it is not its first presence."""
        return f"{self.thing.thing_id}.{self.number + 1}" if self.number else self.thing.thing_id

    def runs(self) -> list[list[Sight]]:
        """Unbroken stretches of frames."""
        runs: list[list[Sight]] = []
        for sight in self.sights:
            if runs and sight.index == runs[-1][-1].index + 1:
                runs[-1].append(sight)
            else:
                runs.append([sight])
        return runs


def look(world: World) -> list[Presence]:
    """What is seen of every thing, in the order of the world's things."""
    sights: dict[str, list[Sight]] = {thing.thing_id: [] for thing in world.things}
    for index in range(world.frame_count):
        patches: list[tuple[Thing, Patch]] = []
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
                sights[thing.thing_id].append(_sight(index, patch, mask_HW))
    return [one for thing in world.things for one in _presences(thing, sights[thing.thing_id], world)]


def _presences(thing: Thing, sights: list[Sight], world: World) -> list[Presence]:
    parts: list[list[Sight]] = []
    for sight in sights:
        if parts and not _goes_between(thing, world, parts[-1][-1].index, sight.index):
            parts[-1].append(sight)
        else:
            parts.append([sight])
    return [Presence(thing, number, tuple(part)) for number, part in enumerate(parts)]


def _goes_between(thing: Thing, world: World, index: int, later: int) -> bool:
    """Whether a thing seen on two frames, and on none between, is cut away or outside the frame between them."""
    if world.shot_at(index / world.fps) != world.shot_at(later / world.fps):
        return True
    return later > index + 1 and (crosses(thing, world, index, 1) or crosses(thing, world, later, -1))


def _uncover(mask_HW: NDArray[np.bool_], patch: Patch, front: Patch) -> None:
    """Take out of the mask what a thing in front of it covers."""
    rows = slice(max(patch.rows.start, front.rows.start), min(patch.rows.stop, front.rows.stop))
    columns = slice(max(patch.columns.start, front.columns.start), min(patch.columns.stop, front.columns.stop))
    if rows.start < rows.stop and columns.start < columns.stop:
        covered = front.alpha[_shifted(rows, front.top), _shifted(columns, front.left)] >= 0.5
        mask_HW[_shifted(rows, patch.top), _shifted(columns, patch.left)] &= ~covered


def _shifted(where: slice, origin: int) -> slice:
    return slice(where.start - origin, where.stop - origin)


def _sight(index: int, patch: Patch, mask_HW: NDArray[np.bool_]) -> Sight:
    rows, columns = np.flatnonzero(mask_HW.any(axis=1)), np.flatnonzero(mask_HW.any(axis=0))
    box = (
        patch.left + int(columns[0]),
        patch.top + int(rows[0]),
        patch.left + int(columns[-1]) + 1,
        patch.top + int(rows[-1]) + 1,
    )
    return Sight(index, box, patch.left, patch.top, mask_HW)


def only_border(sight: Sight, world: World) -> Side | None:
    """The border that the seen part touches, where it touches no other."""
    touched = sight.borders(world)
    return touched[0] if len(touched) == 1 else None


def crosses(thing: Thing, world: World, index: int, step: int) -> bool:
    """Whether a thing that is in view on this frame is outside the frame on the next one (step 1) or the one before
    (step -1): neither a cut, nor the clip's own ends, nor another thing before it makes it enter or leave.
    """
    seconds, other = index / world.fps, (index + step) / world.fps
    if not 0 <= index + step < world.frame_count or world.shot_at(seconds) != world.shot_at(other):
        return False
    stay = stay_at(thing, seconds)
    if stay is None:
        return False
    # a way may begin or end, outside the frame, between the two frames
    other = min(max(other, stay.keys[0].seconds), stay.keys[-1].seconds - 1e-6)
    pose = pose_of(thing, world, other)
    patch = patch_of(thing.shape, pose, world.width, world.height) if pose else None
    return patch is None or int(np.count_nonzero(patch.alpha >= 0.5)) < LEAST_PIXELS


def moving_at(thing: Thing, seconds: float) -> bool:
    """Whether the thing itself moves at a moment."""
    stay = stay_at(thing, seconds)
    if stay is None:
        return False
    return any(a.seconds <= seconds < b.seconds and moves(a, b) for a, b in pairwise(stay.keys))


def moves(a: Key, b: Key) -> bool:
    """Whether a thing moves from one key to the next."""
    return (a.x, a.y) != (b.x, b.y)
