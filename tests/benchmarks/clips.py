"""The clips that decoding is measured on: made ones of several kinds, and the real ones where they are given."""

import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class MadeClip:
    """A clip of a soft texture that drifts, with things that move before it."""

    name: str
    codec: str
    width: int
    height: int
    seconds: int
    gop: int
    b_frames: int
    options: dict[str, str]
    suffix: str = ".mp4"
    fps: int = 25


_FAST = {"preset": "veryfast"}
_X265 = {"preset": "ultrafast", "x265-params": "log-level=none:bframes=4:keyint=100"}
MADE = (
    MadeClip("h264 720p 60 s, GOP 250, B", "libx264", 1280, 720, 60, 250, 3, _FAST),
    MadeClip("h264 720p 60 s, GOP 30, B", "libx264", 1280, 720, 60, 30, 3, _FAST),
    MadeClip("h264 1080p 40 s, GOP 250, B", "libx264", 1920, 1080, 40, 250, 3, _FAST),
    MadeClip("h264 1080p 30 s, GOP 12, B", "libx264", 1920, 1080, 30, 12, 2, _FAST),
    MadeClip("h264 360p 120 s, GOP 250, B", "libx264", 640, 360, 120, 250, 3, _FAST),
    MadeClip("h264 360p 120 s, GOP 48, no B", "libx264", 640, 360, 120, 48, 0, _FAST),
    MadeClip("h264 480p 20 s, one GOP, no B", "libx264", 854, 480, 20, 9999, 0, {**_FAST, "tune": "zerolatency"}),
    MadeClip("hevc 720p 30 s, GOP 100, B", "libx265", 1280, 720, 30, 100, 4, _X265),
    MadeClip("mpeg4 480p 30 s, GOP 12", "mpeg4", 640, 480, 30, 12, 0, {}),
    MadeClip("vp9 360p 40 s, GOP 128", "libvpx-vp9", 640, 360, 40, 128, 0, {"deadline": "realtime", "cpu-used": "8"},
             ".webm"),
    MadeClip("av1 360p 40 s, GOP 100", "libsvtav1", 640, 360, 40, 100, 0, {"preset": "11", "svtav1-params": "lp=1"}),
)  # fmt: skip


def bench_clips(folder: Path, only: str) -> dict[str, Path]:
    """The clips by name, made where they are not there yet; the real ones from VIDPREF_TEST_VIDEOS, where set."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {clip.name: _made(clip, folder) for clip in MADE if only in clip.name}
    real = os.environ.get("VIDPREF_TEST_VIDEOS")
    paths = sorted(Path(real).iterdir()) if real else []
    return made | {p.name: p for p in paths if p.suffix in {".mp4", ".avi"} and only in p.name}


def _made(clip: MadeClip, folder: Path) -> Path:
    path = folder / (clip.name.replace(",", "").replace(" ", "_") + clip.suffix)
    if not path.exists():
        unfinished = path.with_name(f"unfinished_{path.name}")
        _encode(clip, unfinished)
        unfinished.rename(path)
    return path


def _encode(clip: MadeClip, path: Path) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(clip.codec, rate=clip.fps, options=dict(clip.options))
        stream.width, stream.height, stream.pix_fmt = clip.width, clip.height, "yuv420p"
        context = stream.codec_context
        context.gop_size, context.max_b_frames = clip.gop, clip.b_frames
        context.bit_rate = clip.width * clip.height * 2 if clip.codec in {"mpeg4", "libvpx-vp9"} else 0
        texture = _texture(clip)
        for number in range(clip.seconds * clip.fps):
            frame = av.VideoFrame.from_ndarray(_picture(clip, texture, number), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, clip.fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _texture(clip: MadeClip) -> NDArray[np.uint8]:
    """A picture with detail of several sizes, larger than the frame."""
    rng = np.random.default_rng(7)
    size = (clip.width + 256, clip.height + 256)
    layers = [
        cv2.resize(rng.normal(0, 1, (n * 9 // 16, n, 3)), size, interpolation=cv2.INTER_CUBIC) * weight
        for n, weight in ((8, 40), (32, 25), (128, 15), (480, 8))
    ]
    return np.clip(128 + np.sum(layers, axis=0), 0, 255).astype(np.uint8)


def _picture(clip: MadeClip, texture: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    x, y = (round(128 + 120 * np.sin(number / period)) for period in (90, 140))
    picture = texture[y : y + clip.height, x : x + clip.width].copy()
    for thing in range(4):
        speed, side = 2 + 3 * thing, clip.height // (5 + thing)
        at = (
            (thing * 331 + number * speed) % (clip.width + side) - side // 2,
            clip.height * (2 * thing + 1) // 8 + round(20 * np.sin(number / 11 + thing)),
        )
        cv2.circle(picture, at, side // 2, ((60 * thing, 200 - 40 * thing, 90 + 50 * thing)), -1, cv2.LINE_AA)
    return picture
