"""Small videos of every kind that decoding has to cope with, made by PyAV and made again the same.

The picture is a moving square on a drifting, noisy texture, so that a frame predicted from a wrong one looks wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class VideoSpec:
    """What a test video is like."""

    codec: str = "libx264"
    """Name of the encoder."""
    suffix: str = ".mp4"
    """Suffix of the file: decides on the container."""
    width: int = 128
    """Pixels."""
    height: int = 96
    """Pixels."""
    fps: int = 25
    """Frames a second."""
    num_frames: int = 75
    """How many frames."""
    gop: int = 25
    """Most frames between two entries."""
    b_frames: int = 0
    """Most B-frames in a row."""
    pixel_format: str = "yuv420p"
    """As FFmpeg names it."""
    options: dict[str, str] = field(default_factory=dict)
    """Options of the encoder."""
    container_options: dict[str, str] = field(default_factory=dict)
    """Options of the muxer."""
    ticks: tuple[int, ...] | None = None
    """Times of the frames in 1/1000 s, for a variable frame rate; None for a constant one."""
    rotation_degrees: int = 0
    """Counter-clockwise rotation that the container asks for."""
    start_seconds: float = 0.0
    """Container time of the first frame; negative times are cut off by an edit list in MP4."""
    video_streams: int = 1
    """How many video streams; all but the first show noise only."""
    cut_every: int = 0
    """The texture changes every N frames; 0 for never."""
    seed: int = 0
    """Seed of the texture."""


X264 = VideoSpec(options={"preset": "veryfast"})
X265 = VideoSpec(codec="libx265", options={"preset": "ultrafast", "x265-params": "log-level=none"})

KINDS: dict[str, VideoSpec] = {
    "h264_no_b_frames": replace(X264, options={"preset": "veryfast", "tune": "zerolatency"}),
    "h264_b_pyramid": replace(X264, b_frames=3, options={"preset": "veryfast", "x264-params": "b-pyramid=normal"}),
    "h264_long_gop": replace(X264, b_frames=3, gop=250, num_frames=120),
    "h264_open_gop": replace(X264, b_frames=3, options={"preset": "veryfast", "x264-params": "open-gop=1"}),
    "h264_intra_refresh": replace(X264, options={"preset": "veryfast", "x264-params": "intra-refresh=1"}, suffix=".ts"),
    "h264_transport_stream": replace(X264, b_frames=2, suffix=".ts"),
    "h264_matroska": replace(X264, b_frames=2, suffix=".mkv"),
    "h264_avi": replace(X264, b_frames=2, suffix=".avi"),
    "h264_interlaced": replace(X264, b_frames=2, options={"preset": "veryfast", "x264-params": "interlaced=1"}),
    "h264_odd_size": replace(X264, width=130, height=94, pixel_format="yuv444p"),
    "h264_sparse_slices": replace(X264, b_frames=3, options={"preset": "veryfast", "x264-params": "slices=4"}),
    "hevc_10_bit": replace(X265, b_frames=4, pixel_format="yuv420p10le"),
    "hevc_open_gop": replace(
        X265, b_frames=4, options={"preset": "medium", "x265-params": "open-gop=1:log-level=none"}
    ),
    "hevc_closed_gop": replace(
        X265, b_frames=4, options={"preset": "ultrafast", "x265-params": "open-gop=0:log-level=none"}
    ),
    "hevc_temporal_layers": replace(
        X265, b_frames=4, options={"preset": "medium", "x265-params": "temporal-layers=3:log-level=none"}
    ),
    "hevc_transport_stream": replace(X265, b_frames=4, suffix=".ts"),
    "mpeg4": VideoSpec(codec="mpeg4"),
    "mpeg4_b_frames": VideoSpec(codec="mpeg4", b_frames=2),
    "mpeg4_avi_b_frames": VideoSpec(codec="mpeg4", b_frames=2, suffix=".avi"),
    "mpeg2": VideoSpec(codec="mpeg2video", b_frames=2, suffix=".ts"),
    "mjpeg": VideoSpec(codec="mjpeg", pixel_format="yuvj420p", suffix=".avi"),
    "av1": VideoSpec(codec="libsvtav1", options={"preset": "12", "svtav1-params": "lp=1"}),
    "av1_open_gop": VideoSpec(codec="libsvtav1", options={"preset": "10", "svtav1-params": "lp=1:irefresh-type=1"}),
    "vp9": VideoSpec(codec="libvpx-vp9", suffix=".webm", options={"deadline": "realtime", "cpu-used": "8"}),
    "vp9_alt_ref": VideoSpec(
        codec="libvpx-vp9", suffix=".webm", options={"auto-alt-ref": "1", "lag-in-frames": "16", "cpu-used": "5"}
    ),
    "vp8": VideoSpec(codec="libvpx", suffix=".webm", options={"deadline": "realtime", "cpu-used": "8"}),
    "variable_rate": replace(
        X264, b_frames=2, num_frames=60, ticks=tuple(i * 33 + (i // 7) * 190 + (i % 3) * 9 for i in range(60))
    ),
    "variable_rate_matroska": replace(
        X264, suffix=".mkv", num_frames=60, ticks=tuple(i * 20 + (i // 11) * 410 for i in range(60))
    ),
    "rotated_90": replace(X264, rotation_degrees=90),
    "rotated_180": replace(X264, rotation_degrees=180, b_frames=2),
    "rotated_270": replace(X264, rotation_degrees=-90),
    "several_streams": replace(X264, video_streams=3),
    "edit_list": replace(X264, b_frames=2, start_seconds=-0.48),
    "late_start": replace(X264, b_frames=2, start_seconds=7.5, suffix=".mkv"),
    "late_start_mp4": replace(X264, b_frames=2, start_seconds=2.0),
    "one_frame": replace(X264, num_frames=1),
    "two_frames": replace(X264, num_frames=2),
    "one_frame_a_second": replace(X264, fps=1, num_frames=12, gop=5),
    "sixty_a_second": replace(X264, fps=60, b_frames=3, gop=60, num_frames=180),
}
"""One of every kind, by name."""


def make_video(path: Path, spec: VideoSpec) -> Path:
    """Write the video to `path` plus the spec's suffix; gives the whole path."""
    path = path.with_name(path.name + spec.suffix)
    options = {"avoid_negative_ts": "disabled", **spec.container_options}
    with av.open(str(path), "w", options=options) as container:
        streams = [_stream(container, spec) for _ in range(spec.video_streams)]
        for number, picture in enumerate(pictures(spec)):
            for place, stream in enumerate(streams):
                shown = picture if place == 0 else np.roll(picture, 31 * place, axis=1)
                container.mux(stream.encode(_frame(shown, spec, number)))
        for stream in streams:
            container.mux(stream.encode(None))
    return path


def pictures(spec: VideoSpec) -> Sequence[NDArray[np.uint8]]:
    """The pictures of the video before encoding, height x width x RGB."""
    rng = np.random.default_rng(spec.seed)
    shots = spec.num_frames // spec.cut_every + 1 if spec.cut_every else 1
    textures = [_texture(spec, rng) for _ in range(shots)]
    made = []
    for number in range(spec.num_frames):
        texture = textures[number // spec.cut_every if spec.cut_every else 0]
        picture = np.roll(texture, (number // 2, number), axis=(0, 1)).copy()
        picture += rng.integers(0, 12, picture.shape, dtype=np.uint8)
        side = spec.height // 4
        x, y = (3 * number) % (spec.width - side), (2 * number) % (spec.height - side)
        picture[y : y + side, x : x + side] = (230, (number * 8) % 200, 30)
        made.append(picture)
    return made


def _texture(spec: VideoSpec, rng: np.random.Generator) -> NDArray[np.uint8]:
    coarse = rng.integers(20, 220, (spec.height // 8 + 1, spec.width // 8 + 1, 3), dtype=np.uint8)
    return np.kron(coarse, np.ones((8, 8, 1), np.uint8))[: spec.height, : spec.width]


def _stream(container: av.container.OutputContainer, spec: VideoSpec) -> av.VideoStream:
    stream = container.add_stream(spec.codec, rate=spec.fps, options=dict(spec.options))
    stream.width, stream.height, stream.pix_fmt = spec.width, spec.height, spec.pixel_format
    stream.codec_context.thread_count = 1
    stream.codec_context.gop_size = spec.gop
    stream.codec_context.max_b_frames = spec.b_frames
    stream.codec_context.time_base = Fraction(1, 1000) if spec.ticks else Fraction(1, spec.fps)
    if spec.rotation_degrees:
        stream.set_display_rotation(spec.rotation_degrees)
    return stream


def _frame(picture: NDArray[np.uint8], spec: VideoSpec, number: int) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
    base = Fraction(1, 1000) if spec.ticks else Fraction(1, spec.fps)
    frame.pts = (spec.ticks[number] if spec.ticks else number) + round(spec.start_seconds / base)
    frame.time_base = base
    return frame


def truncated(path: Path, share: float) -> Path:
    """Beside `path`, a copy of its first `share` of bytes."""
    data = path.read_bytes()
    short = path.with_name(f"truncated_{path.name}")
    short.write_bytes(data[: int(len(data) * share)])
    return short


def flipped(path: Path, *, first: float = 0.3, last: float = 0.6, flips: int = 40, seed: int = 0) -> Path:
    """Beside `path`, a copy with bytes flipped between the shares `first` and `last` of it."""
    data = bytearray(path.read_bytes())
    rng = np.random.default_rng(seed)
    for place in rng.integers(int(first * len(data)), int(last * len(data)), flips):
        data[place] ^= 0xFF
    damaged = path.with_name(f"flipped_{path.name}")
    damaged.write_bytes(data)
    return damaged


def make_audio_only(path: Path, seconds: float = 3.0) -> Path:
    """A file with a tone and no picture."""
    rate = 16_000
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=rate, layout="mono")
        tone = np.sin(np.arange(int(rate * seconds)) * 0.1).astype(np.float32)
        for start in range(0, len(tone), 1024):
            block = tone[None, start : start + 1024]
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
            frame.rate, frame.pts = rate, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def without_duration(path: Path) -> Path:
    """Write a copy of an MP4 file beside it, with a duration of 0 in its headers."""
    data = bytearray(path.read_bytes())
    for box, offset in ((b"mvhd", 16), (b"tkhd", 20), (b"mdhd", 16)):
        place = data.find(box)
        while place >= 0:
            data[place + 4 + offset : place + 8 + offset] = bytes(4)
            place = data.find(box, place + 4)
    silent = path.with_name(f"no_duration_{path.name}")
    silent.write_bytes(data)
    return silent
