"""The pictures of visual negatives that change a keyframe, as a judge is sent them."""

import cv2
import numpy as np

from schemas.clip import UnitClip
from schemas.pair import VisualNegative
from schemas.shown import AS_STORED
from stages.visuals.negatives import control_visual, negative_visual
from stages.visuals.source import VisualSource
from stages.visuals.visual import Visual, decoded_jpeg

_QUALITY = 90


def changed_pictures(clip: UnitClip, negative: VisualNegative) -> tuple[bytes, bytes]:
    """The keyframe with its object changed, and with an area of equal size changed elsewhere, as JPEG.

    It decodes and paints: call it through a `PixelReader`.
    """
    source = VisualSource(clip, AS_STORED, lambda frames: [decoded_jpeg(frame, clip.clip_id) for frame in frames])
    key = source.keyframe(negative.preferred_frame_index or 0)
    control = control_visual(negative, key, source)
    if control is None:
        raise ValueError(f"visual negative {negative.kind} changes no area")
    return _jpeg(negative_visual(negative, key, source)), _jpeg(control)


def _jpeg(visual: Visual) -> bytes:
    pixels_HWC = np.ascontiguousarray(visual.frames_NHWC[0][..., ::-1])
    return cv2.imencode(".jpg", pixels_HWC, (cv2.IMWRITE_JPEG_QUALITY, _QUALITY))[1].tobytes()
