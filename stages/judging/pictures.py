"""Pictures of a keyframe as a judge is sent them: painted over by a visual negative, or a part cut out of it."""

from schemas.clip import UnitClip
from schemas.shown import AS_STORED
from schemas.visual_negative import VisualNegative
from stages.drawing.jpeg import jpeg_of
from stages.drawing.painting import area_pixels
from stages.visuals.negatives import control_visual, negative_visual
from stages.visuals.source import VisualSource
from stages.visuals.visual import decoded_jpeg

_QUALITY = 90


def key_picture(clip: UnitClip, negative: VisualNegative) -> bytes:
    """What the box of a visual negative cuts out of its keyframe, as JPEG.

    It decodes: call it through a `PixelReader`. ValueError if the keyframe does not show the key object.
    """
    source = _source(clip)
    box = source.key_area(negative)
    if box is None:
        raise ValueError(f"visual negative {negative.kind} names nothing that its keyframe shows")
    key = source.keyframe(negative.preferred_frame_index or 0)
    rows, columns = area_pixels(box, key.frames_NHWC[0], 0.0, 0.0)
    return jpeg_of(key.frames_NHWC[0][rows, columns], _QUALITY)


def changed_pictures(clip: UnitClip, negative: VisualNegative) -> tuple[bytes, bytes]:
    """The keyframe with its object changed, and with an area of equal size changed elsewhere, as JPEG.

    It decodes and paints: call it through a `PixelReader`.
    """
    source = _source(clip)
    key = source.keyframe(negative.preferred_frame_index or 0)
    control = control_visual(negative, key, source)
    if control is None:
        raise ValueError(f"visual negative {negative.kind} changes no area")
    made = negative_visual(negative, key, source)
    return jpeg_of(made.frames_NHWC[0], _QUALITY), jpeg_of(control.frames_NHWC[0], _QUALITY)


def _source(clip: UnitClip) -> VisualSource:
    return VisualSource(clip, AS_STORED, lambda frames: [decoded_jpeg(frame, clip.clip_id) for frame in frames])
