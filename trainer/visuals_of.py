"""The visuals of a group, made by `stages.visuals`: the edit of a twin, and the best negative of each level."""

from collections.abc import Callable, Sequence

from schemas.clip import Clip, Frame
from schemas.pair import VisualLevel, VisualNegative
from stages.visuals import Source, Visual, negative_visual, preferred_visual
from trainer.sample import Contrast, Frames, GroupRows

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
    """The first negative of each level, in order of level: a set stores the best ones first."""
    chosen: dict[VisualLevel, VisualNegative] = {}
    for negative in rows.negatives:
        chosen.setdefault(negative.level, negative)
    full = Visual(preferred.frames_NHWC, preferred.pts_seconds)
    return tuple(_contrast(chosen[level], full, source, clip_of) for level in VisualLevel if level in chosen)


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
