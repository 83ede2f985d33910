"""The visuals that a group is contrasted with, made by `stages.visuals`."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from schemas.clip import Clip
from schemas.visual_negative import VisualLevel, VisualNegative
from stages.visuals.negatives import negative_visual, preferred_visual
from stages.visuals.source import VisualSource
from stages.visuals.visual import Visual
from trainer.data.records import Contrast, GroupRows

Lender = Callable[[VisualNegative], Clip | None]
"""The clip that a negative borrows; null if it borrows none."""


def contrasts_of(
    rows: GroupRows, preferred: Visual, source: VisualSource, lender: Lender, *, every: bool = False
) -> tuple[Contrast, ...]:
    """The first negative of each level, or `every` one of them, in order of level: a set stores the best ones first.

    With few frames a negative may equal what is preferred (one frame cannot be reversed): it is left out.
    """
    made: dict[VisualLevel, list[Contrast]] = {level: [] for level in VisualLevel}
    for place, negative in enumerate(rows.negatives):
        if every or not made[negative.level]:
            contrast = _contrast(place, negative, preferred, source, lender)
            shown = contrast.preferred or preferred
            if not np.array_equal(shown.frames_NHWC, contrast.negative.frames_NHWC):
                made[negative.level].append(contrast)
    return tuple(replace(contrast, share=1 / len(level)) for level in made.values() for contrast in level)


def _contrast(place: int, negative: VisualNegative, full: Visual, source: VisualSource, lender: Lender) -> Contrast:
    own = negative.level is VisualLevel.INSTANCE
    return Contrast(
        level=negative.level,
        kind=negative.kind.value,
        preferred=None if own else preferred_visual(negative, full, source),
        negative=negative_visual(negative, full, source, lender(negative)),
        place=place,
    )
