"""Boxes in pixels become boxes in 0..1, and boxes of many frames become stretches of time."""

import math
from collections.abc import Collection
from itertools import pairwise
from statistics import median

from pipeline.importers.item import FoundBox
from pipeline.importers.left_out import ImportReason, Unfit
from schemas.annotations import AnnotatedBox, AnnotatedSpan

_SHAPE_TOLERANCE = 0.02
"""By which share the shapes of two frames may differ, since sides are rounded to whole pixels."""
_OVERHANG = 0.02
"""By which share of the frame a box may reach beyond it, if it is not known for which size it was made."""
_DENSE_SECONDS = 0.2
"""If annotated frames are farther apart than this, boxes do not say when a thing comes and goes."""


def placed(found: FoundBox, seconds: float, shown: tuple[int, int] | None) -> AnnotatedBox:
    """The box in 0..1, cut off at the border of the frame.

    `shown` is the size of the video's upright frame in pixels, if the video is at hand. Raises Unfit if nothing, or too
    little, is inside, or if it is not known which frame the box is of.
    """
    size = _frame_size(found.frame_size, shown)
    left, top, right, bottom = (side / length for side, length in zip(found.corners, size * 2, strict=True))
    given = f"({', '.join(f'{side:g}' for side in found.corners)}) in {size[0]} x {size[1]} pixels"
    beyond = max(-left, -top, right - 1, bottom - 1)
    inside = max(left, 0.0), max(top, 0.0), min(right, 1.0), min(bottom, 1.0)
    if inside[0] >= inside[2] or inside[1] >= inside[3] or (found.frame_size is None and beyond > _OVERHANG):
        raise Unfit(ImportReason.OUTSIDE_FRAME, given)
    return AnnotatedBox(pts_seconds=seconds, x0=inside[0], y0=inside[1], x1=inside[2], y1=inside[3])


def _frame_size(stated: tuple[int, int] | None, shown: tuple[int, int] | None) -> tuple[int, int]:
    if stated is None:
        if shown is None:
            raise Unfit(ImportReason.NO_FRAME_SIZE)
        return shown
    if shown is not None and abs(stated[0] * shown[1] / (stated[1] * shown[0]) - 1) > _SHAPE_TOLERANCE:
        given, real = (f"{width} x {height}" for width, height in (stated, shown))
        raise Unfit(ImportReason.OTHER_FRAME_SIZE, f"{given} for {real}")
    return stated


def stretches(boxes: Collection[float], annotated: Collection[float], last_seconds: float) -> tuple[AnnotatedSpan, ...]:
    """When a thing is in view that has a box in every annotated frame in which it is.

    Args:
        boxes: the times of its boxes, seconds.
        annotated: the times of all annotated frames.
        last_seconds: when the video ends.
    """
    step = median(b - a for a, b in pairwise(sorted(annotated))) if len(annotated) > 1 else math.inf
    if step > _DENSE_SECONDS:
        return ()
    times = sorted(boxes)
    breaks = [i for i, (a, b) in enumerate(pairwise(times), start=1) if b - a > 1.5 * step]
    runs = (times[a:b] for a, b in pairwise([0, *breaks, len(times)]))
    return tuple(AnnotatedSpan(start_seconds=run[0], end_seconds=min(run[-1] + step, last_seconds)) for run in runs)
