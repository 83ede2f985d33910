"""The visuals that a group is contrasted with, made by `stages.visuals`: the best negative of each level."""

from collections.abc import Callable

import numpy as np

from schemas.clip import Clip
from schemas.pair import VisualLevel, VisualNegative
from stages.visuals.negatives import negative_visual, preferred_visual
from stages.visuals.source import VisualSource
from stages.visuals.visual import Visual
from trainer.data.records import Contrast, GroupRows

ClipOf = Callable[[str], Clip]
"""A clip by its id."""


def contrasts_of(rows: GroupRows, preferred: Visual, source: VisualSource, clip_of: ClipOf) -> tuple[Contrast, ...]:
    """The first negative of each level, in order of level: a set stores the best ones first.

    With few frames a negative may equal what is preferred (one frame cannot be reversed): the next one is taken.
    """
    made: dict[VisualLevel, Contrast] = {}
    for negative in rows.negatives:
        if negative.level not in made:
            contrast = _contrast(negative, preferred, source, clip_of)
            shown = contrast.preferred or preferred
            if not np.array_equal(shown.frames_NHWC, contrast.negative.frames_NHWC):
                made[negative.level] = contrast
    return tuple(made[level] for level in VisualLevel if level in made)


def _contrast(negative: VisualNegative, full: Visual, source: VisualSource, clip_of: ClipOf) -> Contrast:
    other = None if negative.other_clip_id is None else clip_of(negative.other_clip_id)
    own = negative.level is VisualLevel.INSTANCE
    return Contrast(
        level=negative.level,
        kind=negative.kind.value,
        preferred=None if own else preferred_visual(negative, full, source),
        negative=negative_visual(negative, full, source, other),
    )
