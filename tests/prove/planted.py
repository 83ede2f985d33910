"""What is said of planted edits, held against pictures of the world without noise and compression.

An edit is where it is said to be if each frame shows just what that edit makes of the world, and it is not if a frame
plainly shows something else: a frozen stillness is frozen wherever the edit is.
Axes: H rows, W columns, C = red green blue.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class _Seen:
    """What is shown in one place."""

    source: str
    """Content hash of the video whose frame it is."""
    one: PlannedFrame


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
        return self._verdict(content, *(self._seen(content, one, places) for one in (shown, asserted)))

    def _order(self, content: str, claim: Claim, shown: Shown) -> TruthValue:
        """Whether the parts, put in the claimed order, show what they show in the right one."""
        edit = next((edit for edit in shown.edits if edit.kind is EditKind.REORDERED), None)
        if edit is None:
            return TruthValue.UNKNOWN
        places = within(planned(self._clips[content], Shown()), edit)
        sizes = np.cumsum([len(part) for part in np.array_split(places, len(edit.order))])[:-1]
        parts = np.split(np.array(places), sizes)
        orders = ([int(digit) - 1 for digit in claim.value or ""], right_order(edit))
        return self._verdict(
            content, *(self._seen(content, shown, [int(i) for n in order for i in parts[n]]) for order in orders)
        )

    def _seen(self, content: str, shown: Shown, places: Sequence[int]) -> list[_Seen]:
        """What is shown in some places."""
        other = next((edit.other_clip_id for edit in shown.edits if edit.other_clip_id is not None), None)
        source = content if other is None else self._content_of[other]
        plan = planned(self._clips[content], shown, None if other is None else self._clips[source])
        return [_Seen(source if _is_borrowed(one) else content, one) for one in (plan[place] for place in places)]

    def _verdict(self, content: str, shown: Sequence[_Seen], claimed: Sequence[_Seen]) -> TruthValue:
        """True if all pictures are equal, false if two plainly differ."""
        # pictures are drawn only where the same moment is not shown in the same way, and only until two differ
        pairs = [
            (a, b)
            for a, b in zip(shown, claimed, strict=True)
            if (a.source, a.one.frame.pts_seconds, a.one.looks) != (b.source, b.one.frame.pts_seconds, b.one.looks)
        ]
        verdict = TruthValue.TRUE
        for pair in pairs:
            left, right = (self._picture(content, one) for one in pair)
            if _differ(left, right):
                return TruthValue.FALSE
            if not np.array_equal(left, right):
                verdict = TruthValue.UNKNOWN
        return verdict

    def _picture(self, content: str, seen: _Seen) -> Pixels:
        world = self._worlds[content]
        drawn = self._drawn(seen.source, seen.one.frame.pts_seconds)
        return with_looks(drawn, seen.one.looks, (world.width, world.height))

    def _draw(self, content: str, seconds: float) -> Pixels:
        world = self._worlds[content]
        return next(frames_of(world, [min(round(seconds * world.fps), world.frame_count - 1)]))


def _is_borrowed(one: PlannedFrame) -> bool:
    return any(edit.kind is EditKind.SWAPPED for edit in one.looks)


def _differ(left_HWC: Pixels, right_HWC: Pixels) -> bool:
    steps_HW = np.abs(left_HWC.astype(np.int16) - right_HWC).max(axis=-1)
    return float((steps_HW >= _LEAST_STEP).mean()) >= _LEAST_SHARE
