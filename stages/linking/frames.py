"""The frames that a detector is shown; these functions read pixels, so they are called through the reader.

N H W C = frames, rows, columns, channels (RGB).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from schemas.clip import Frame
from stages.video.frame_times import shown_at
from stages.video.open_video import OpenVideo, open_video
from stages.video.pixels import PixelMaker, fitted
from stages.visuals.visual import decoded_jpeg


@dataclass(frozen=True, eq=False)
class ShownFrames:
    """Frames of one size, in order of time."""

    pts_seconds: tuple[float, ...]
    """Container time of each frame, increasing."""
    frames_NHWC: NDArray[np.uint8]
    """Upright."""


def stored_frames(frames: Sequence[Frame], owner: str) -> ShownFrames:
    """Frames that are there as JPEG; at least one. ValueError, with the owner's name, if one cannot be read."""
    pixels = np.stack([decoded_jpeg(frame, owner) for frame in frames])
    return ShownFrames(tuple(frame.pts_seconds for frame in frames), pixels)


def frames_at(path: Path, moments: Sequence[float], short_side: int) -> ShownFrames:
    """The frames of a file that are shown at these container times, each once; at least one. Raises UnusableVideo."""

    def decoded(video: OpenVideo) -> ShownFrames:
        numbers = np.unique(shown_at(video.times_F, np.asarray(moments, np.float64))).tolist()
        maker = PixelMaker(short_side)
        made = [maker.upright(frame, video.display(frame)) for _, frame in video.frames(numbers)]
        height, width = made[0].shape[:2]
        pixels = np.stack([fitted(one, (width, height)) for one in made])
        return ShownFrames(tuple(float(video.times_F[number]) for number in numbers), pixels)

    with open_video(path) as video:
        return video.attempt(lambda: decoded(video))
