"""Videos as careless programs write them: drawn pictures that carry their number, and what FFmpeg itself shows of them.

The number stands in black and white blocks at the lower edge, so that a test can read which picture it was given.
"""

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

from schemas.drop import Drop
from stages.decode import DecodeVideo, decode_frames
from stages.payloads import DecodedVideo, VideoFile
from stages.seeding import rng_for
from stages.stage import read_here
from stages.video.open_video import open_video

BITS = 7
RED, BLUE = (200, 40, 40), (40, 40, 200)
WIDTH, HEIGHT = 128, 96


@dataclass(frozen=True)
class Counted:
    """A video of numbered pictures."""

    count: int = 50
    codec: str = "libx264"
    fps: int = 25
    b_frames: int = 3
    colour: tuple[int, int, int] = RED
    width: int = WIDTH
    height: int = HEIGHT
    first_seconds: float = 0.0
    """Time of the first picture."""
    display_matrix: tuple[int, ...] | None = None
    pixel_aspect: Fraction | None = None
    pixel_format: str = "yuv420p"


def picture(number: int, spec: Counted) -> NDArray[np.uint8]:
    """One numbered picture: the colour, grey towards the top, the number's bits along the lower edge."""
    drawn = np.empty((spec.height, spec.width, 3), np.uint8)
    drawn[:] = spec.colour
    drawn[: spec.height // 3, : spec.width // 3] = 220
    for bit in range(BITS):
        drawn[-14:, 4 + 16 * bit : 16 + 16 * bit] = 255 * (number >> bit & 1)
    return drawn


def number_of(pixels: NDArray[np.uint8]) -> int:
    """The number that a picture carries."""
    return sum(int(pixels[-10:-4, 8 + 16 * bit : 12 + 16 * bit].mean() > 127) << bit for bit in range(BITS))


def write(path: Path, spec: Counted, change: Callable[[av.Packet], None] = lambda _: None) -> Path:
    """Write the video; `change` is applied to every packet before it is written."""
    with av.open(str(path), "w") as container:
        options = {"x265-params": "log-level=none"} if spec.codec == "libx265" else {}
        stream = container.add_stream(spec.codec, rate=spec.fps, options=options)
        stream.width, stream.height, stream.pix_fmt = spec.width, spec.height, spec.pixel_format
        stream.codec_context.max_b_frames, stream.codec_context.gop_size = spec.b_frames, 12
        stream.codec_context.thread_count = 1
        if spec.display_matrix:
            stream.set_display_matrix(spec.display_matrix)
        if spec.pixel_aspect:
            stream.codec_context.sample_aspect_ratio = spec.pixel_aspect
        frames = [av.VideoFrame.from_ndarray(picture(n, spec), format="rgb24") for n in range(spec.count)]
        for number, frame in enumerate(frames):
            frame.pts, frame.time_base = number + round(spec.first_seconds * spec.fps), Fraction(1, spec.fps)
        for packet in [packet for frame in (*frames, None) for packet in stream.encode(frame)]:
            change(packet)
            container.mux(packet)
    return path


def joined(path: Path, *parts: Path) -> Path:
    """The files one after the other, byte by byte."""
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


def every_frame(path: Path) -> tuple[list[float], NDArray[np.uint8]]:
    """The times of all frames, and their pixels."""
    with open_video(path) as video:
        times = video.times_F.tolist()
    return times, decode_frames(path, at_seconds=times).frames_NHWC


def decoded(path: Path) -> list[DecodedVideo | Drop]:
    """What the decode step makes of the file."""
    return list(DecodeVideo().process(VideoFile(path, "ab" * 32), read_here, rng_for(0, "decode", "ab")))


def dropped(path: Path) -> Drop:
    """The one drop that the file becomes."""
    (drop,) = decoded(path)
    assert isinstance(drop, Drop)
    return drop


def ffmpeg(*arguments: str) -> bytes:
    """What the bundled FFmpeg writes to its standard output."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout


def first_shown_by_ffmpeg(path: Path, shape: Sequence[int]) -> NDArray[np.uint8]:
    """The first picture as FFmpeg shows it by its default choices, of the shape that is expected."""
    raw = ffmpeg("-i", str(path), "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-")
    return np.frombuffer(raw, np.uint8).reshape(tuple(shape))
