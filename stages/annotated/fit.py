"""Whether annotations can be about a video: their times, and the shape of the frame that their boxes are in."""

from collections.abc import Sequence

from schemas.annotations import DURATION_TOLERANCE_SECONDS, Annotations
from schemas.drop import DropCause, DropReason
from stages.payloads import ClipHeader

_SHAPE_TOLERANCE = 0.02
"""Two shapes of frames are one if their ratios of width to height differ by less than this share."""


def misfit(annotations: Annotations, clips: Sequence[ClipHeader]) -> DropCause | None:
    """ANNOTATIONS_MISFIT if a time lies after the end of the video, or if boxes are of a frame of another shape."""
    first = clips[0]
    end = max(first.start_seconds + first.duration_seconds_measured, *(clip.end_seconds for clip in clips))
    reason = DropReason.ANNOTATIONS_MISFIT
    late = annotations.past(end)
    if late is not None:
        return DropCause(reason, late, limit=round(end, 3))
    given = annotations.duration_seconds
    if given is not None and abs(given - end) > DURATION_TOLERANCE_SECONDS:
        return DropCause(reason, "the annotated video has another duration", given, round(end, 3))
    if annotations.frame_width is None or annotations.frame_height is None:
        return None
    annotated = annotations.frame_width / annotations.frame_height
    for clip in clips:
        shape = clip.width / clip.height
        if abs(annotated / shape - 1) > _SHAPE_TOLERANCE:
            what = (
                f"boxes are in a frame of {annotations.frame_width} x {annotations.frame_height} pixels, the video's "
                f"is {clip.width} x {clip.height}"
            )
            return DropCause(reason, what, round(annotated, 3), round(shape, 3))
    return None
