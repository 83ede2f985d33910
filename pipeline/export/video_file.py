"""Frames become an MP4 file that shows each of them at its own time."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from stages.drawing.painting import Pixels

_TICKS = 90_000
"""Of the clock of a video, in a second."""
_ALONE_SECONDS = 1.0
"""How long a single frame is shown."""
_OPTIONS = {"crf": "16", "preset": "veryfast", "threads": "1", "bf": "0", "g": "16"}
"""One thread, so that the bytes are the same everywhere; no frames that are stored in another order."""


def write_video(path: Path, frames_NHWC: Sequence[Pixels], seconds: Sequence[float]) -> None:
    """Encode frames of one size as H.264; the first is shown at once, each other one as much later as its time says.

    Sides that are odd lose their last row or column, which H.264 cannot hold.
    """
    height, width = (side - side % 2 for side in frames_NHWC[0].shape[:2])
    rate = mean_rate(seconds)
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=rate, options=_OPTIONS)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, _TICKS)
        for frame_HWC, ticks in zip(frames_NHWC, _ticks(seconds), strict=True):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame_HWC[:height, :width]), format="rgb24")
            frame.pts, frame.time_base = ticks, Fraction(1, _TICKS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def mean_rate(seconds: Sequence[float]) -> Fraction:
    """Frames a second, on average; the last frame is shown as long as the others are on average."""
    if len(seconds) < 2 or seconds[-1] <= seconds[0]:
        return Fraction(1)
    return Fraction((len(seconds) - 1) / (seconds[-1] - seconds[0])).limit_denominator(1000)


def _ticks(seconds: Sequence[float]) -> list[int]:
    """The time of each frame on the video's clock, each later than the one before."""
    found: list[int] = []
    for one in seconds:
        ticks = round((one - seconds[0]) * _TICKS)
        found.append(ticks if not found else max(ticks, found[-1] + 1))
    return found
