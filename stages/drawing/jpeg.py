"""Pictures as JPEG."""

import cv2

from stages.drawing.painting import Pixels


def jpeg_of(pixels: Pixels, quality: int) -> bytes:
    """The picture (height x width x RGB) as JPEG of `quality` 1..100."""
    done, data = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise RuntimeError(f"no JPEG of a picture of shape {pixels.shape}")
    return data.tobytes()
