"""The visuals of a group, made by `stages.visuals`: the edit of a twin, and the best negative of each level."""

from collections.abc import Callable, Sequence

import numpy as np

from schemas.clip import Clip, Frame
from schemas.pair import VisualLevel, VisualNegative
from stages.visuals import Source, Visual, negative_visual, preferred_visual
from trainer.data.records import Contrast, Frames, GroupRows

Decode = Callable[[Sequence[Frame]], Frames]
"""Stored frames as pixels: all of them, or evenly spread ones."""
ClipOf = Callable[[str], Clip]
"""A clip by its id."""


def source_of(rows: GroupRows, clip: Clip, decode: Decode) -> Source:
    """Where the visuals of a group come from."""

    def as_visual(frames: Sequence[Frame]) -> Visual:
        decoded = decode(frames)
        return Visual(decoded.frames_NHWC, decoded.pts_seconds)

    return Source(clip, rows.visual_edit, as_visual)


def preferred_of(source: Source) -> Frames:
    """The clip, edited: what the question is about."""
    return _frames(source.shown(source.clip.frames))


def contrasts_of(rows: GroupRows, preferred: Frames, source: Source, clip_of: ClipOf) -> tuple[Contrast, ...]:
    """The first negative of each level, in order of level: a set stores the best ones first.

    One that with so few frames shows just what is preferred (one frame cannot be reversed) gives way to the next.
    """
    full = Visual(preferred.frames_NHWC, preferred.pts_seconds)
    made: dict[VisualLevel, Contrast] = {}
    for negative in rows.negatives:
        if negative.level not in made:
            contrast = _contrast(negative, full, source, clip_of)
            shown = contrast.preferred or preferred
            if not np.array_equal(shown.frames_NHWC, contrast.negative.frames_NHWC):
                made[negative.level] = contrast
    return tuple(made[level] for level in VisualLevel if level in made)


def _contrast(negative: VisualNegative, full: Visual, source: Source, clip_of: ClipOf) -> Contrast:
    other = None if negative.other_clip_id is None else clip_of(negative.other_clip_id)
    own = negative.level is VisualLevel.INSTANCE
    return Contrast(
        level=negative.level,
        kind=negative.kind.value,
        preferred=None if own else _frames(preferred_visual(negative, full, source)),
        negative=_frames(negative_visual(negative, full, source, other)),
    )


def _frames(visual: Visual) -> Frames:
    return Frames(visual.frames_NHWC, visual.pts_seconds)
