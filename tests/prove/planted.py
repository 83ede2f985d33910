"""What is said of planted edits, held against pictures of the world without noise and compression.

An edit is where it is said to be if each frame shows just what that edit makes of the world, and it is not if a frame
plainly shows something else: a frozen stillness is frozen wherever the edit is.
Axes: H rows, W columns, C = red green blue.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pipeline.demo.world.frames import frames_of
from pipeline.demo.world.world import World
from schemas.claim import Claim, Predicate
from schemas.clip import UnitClip
from schemas.shown import EditKind, Shown
from stages.claims import TruthValue
from stages.visuals.change import right_order, seams
from stages.visuals.pictures import with_looks
from stages.visuals.plan import PlannedFrame, planned, within
from stages.visuals.standard import standard_edit

_LEAST_STEP = 12
"""A pixel that differs by so much, 0..255, is another one to the eye."""
_LEAST_SHARE = 0.001
"""If fewer of the pixels differ, two pictures are the same."""

Pixels = NDArray[np.uint8]


class PlantedTruth:
    """The true pictures of a set's clips, each drawn once.

    Args:
        worlds: the world of each video, by content hash.
        clips: the stored clip of each video, likewise; frames and segments with their times, without pixels.
    """

    def __init__(self, worlds: Mapping[str, World], clips: Mapping[str, UnitClip]) -> None:
        self._worlds = {content: world.model_copy(update={"noise": 0.0}) for content, world in worlds.items()}
        self._clips = clips
        self._content_of = {clip.clip_id: content for content, clip in clips.items()}
        self._drawn = lru_cache(maxsize=256)(self._draw)

    def objection(self, content: str, claim: Claim, shown: Shown, needed: TruthValue) -> str | None:
        """Why a claim about planted edits is not as it should be; None if it is."""
        judge = self._order if claim.predicate is Predicate.PARTS_ORDERED else self._edited
        truth = judge(content, claim, shown)
        return None if truth is needed else f"{truth} by the pictures of the world"

    def _edited(self, content: str, claim: Claim, shown: Shown) -> TruthValue:
        """Whether the stretch shows what the claimed edit makes of it."""
        clip, stretch = self._clips[content], claim.intervals[0]
        kind = EditKind(claim.value or "")
        planted = next((edit for edit in shown.edits if edit.kind is kind), None)
        ends = {"start_seconds": stretch.start_seconds, "end_seconds": stretch.end_seconds}
        claimed = planted.model_copy(update=ends) if planted else standard_edit(kind, stretch)
        places = within(planned(clip, Shown()), claimed)
        asserted = Shown(edits=(claimed, *seams(shown)))
        return _verdict(*(self._pictures(content, one, places) for one in (shown, asserted)))

    def _order(self, content: str, claim: Claim, shown: Shown) -> TruthValue:
        """Whether the parts, put in the claimed order, show what they show in the right one."""
        edit = next((edit for edit in shown.edits if edit.kind is EditKind.REORDERED), None)
        if edit is None:
            return TruthValue.UNKNOWN
        places = within(planned(self._clips[content], Shown()), edit)
        sizes = np.cumsum([len(part) for part in np.array_split(places, len(edit.order))])[:-1]
        parts = np.split(np.array(places), sizes)
        orders = ([int(digit) - 1 for digit in claim.value or ""], right_order(edit))
        return _verdict(
            *(self._pictures(content, shown, [int(i) for n in order for i in parts[n]]) for order in orders)
        )

    def _pictures(self, content: str, shown: Shown, places: Sequence[int]) -> list[Pixels]:
        other = next((edit.other_clip_id for edit in shown.edits if edit.other_clip_id is not None), None)
        source = content if other is None else self._content_of[other]
        plan = planned(self._clips[content], shown, None if other is None else self._clips[source])
        return [self._picture(content, source, plan[place]) for place in places]

    def _picture(self, content: str, source: str, one: PlannedFrame) -> Pixels:
        borrowed = any(edit.kind is EditKind.SWAPPED for edit in one.looks)
        world = self._worlds[content]
        drawn = self._drawn(source if borrowed else content, one.frame.pts_seconds)
        return with_looks(drawn, one.looks, (world.width, world.height))

    def _draw(self, content: str, seconds: float) -> Pixels:
        world = self._worlds[content]
        return next(frames_of(world, [min(round(seconds * world.fps), world.frame_count - 1)]))


def _verdict(shown: Sequence[Pixels], claimed: Sequence[Pixels]) -> TruthValue:
    """True if all pictures are equal, false if two plainly differ."""
    if all(np.array_equal(a, b) for a, b in zip(shown, claimed, strict=True)):
        return TruthValue.TRUE
    plain = any(_differ(a, b) for a, b in zip(shown, claimed, strict=True))
    return TruthValue.FALSE if plain else TruthValue.UNKNOWN


def _differ(left_HWC: Pixels, right_HWC: Pixels) -> bool:
    steps_HW = np.abs(left_HWC.astype(np.int16) - right_HWC).max(axis=-1)
    return float((steps_HW >= _LEAST_STEP).mean()) >= _LEAST_SHARE
