"""When trainers that read videos as Qwen's own code does believe that each frame is shown.

A list of frames is taken for two frames a second, whatever it shows. Of a video file, all frames can be asked for; its
times are then those of the file, as far as its frames are evenly spaced.
"""

from collections.abc import Sequence

from pipeline.export.video_file import mean_rate

LISTED_A_SECOND = 2.0
"""Frames of a list, a second."""
ANY_RATE = 1000
"""Frames a second to ask for, so that no frame of a file is passed over."""
MOST_PIXELS = 768 * 28 * 28
"""Of a frame, in Qwen's own code; larger frames are scaled down."""


def seconds_of_list(count: int) -> list[float]:
    """When the frames of a list are believed to be shown."""
    return [number / LISTED_A_SECOND for number in range(count)]


def seconds_of_file(seconds: Sequence[float]) -> list[float]:
    """When the frames of a video file are believed to be shown, if they are shown at these seconds.

    The first is believed to be shown at 0 and the others evenly after it. Frames are taken in pairs, evenly chosen: of
    an odd number one is passed over, and the others are believed to be as much farther apart.
    """
    count = len(seconds)
    taken = max(2, count - count % 2)
    apart = 1 / float(mean_rate(seconds))
    stretched = (taken - 1) / taken * count / max(1, count - 1)
    return [number * apart * stretched for number in range(count)]
