"""Pictures that the container asks to turn or mirror are as a player shows them."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from stages.decode import decode_frames
from stages.payloads import DecodedVideo
from stages.video.orientation import Orientation
from tests.odd_videos import Counted, decoded, first_shown_by_ffmpeg, write
from tests.shared import NEEDS_SHARED, shared

MATRICES = {
    "as stored": (1, 0, 0, 1),
    "mirrored": (-1, 0, 0, 1),
    "upside down mirrored": (1, 0, 0, -1),
    "upside down": (-1, 0, 0, -1),
    "transposed": (0, 1, 1, 0),
    "to the right": (0, 1, -1, 0),
    "to the left": (0, -1, 1, 0),
    "anti-transposed": (0, -1, -1, 0),
}
"""a, b, c, d of the display matrix: the four turns, each with and without a mirroring."""
ONE = 1 << 16


@pytest.mark.video
@pytest.mark.process
@pytest.mark.parametrize("name", MATRICES)
def test_every_display_matrix_is_done_as_ffmpeg_does_it(name: str, tmp_path: Path) -> None:
    """The picture is FFmpeg's own (up to rounding), in native size, in clips and their headers."""
    a, b, c, d = MATRICES[name]
    matrix = (a * ONE, b * ONE, 0, c * ONE, d * ONE, 0, 0, 0, 1 << 30)
    path = write(tmp_path / "clip.mp4", Counted(display_matrix=matrix, pixel_format="yuv444p"))
    shown = decode_frames(path, num_frames=1, at_seconds=[0.0]).frames_NHWC[0]
    assert shown.shape == ((128, 96, 3) if b else (96, 128, 3))
    reference = first_shown_by_ffmpeg(path, shown.shape)
    assert np.abs(shown.astype(int) - reference).mean() < 1
    (video,) = decoded(path)
    assert isinstance(video, DecodedVideo)
    header = video.clips[0].header
    assert (header.height, header.width) == shown.shape[:2]


def test_the_rotation_is_what_remains_after_a_mirroring_of_left_and_right() -> None:
    """All eight ways differ, and each equals a mirroring or none, then a counter-clockwise turn by numpy."""
    pixels = np.arange(6, dtype=np.uint8).reshape(2, 3, 1)
    seen = set()
    for transposed in (False, True):
        for x in (False, True):
            for y in (False, True):
                way = Orientation(transposed, x, y)
                is_mirrored = transposed == (x == y)
                mirrored = pixels[:, ::-1] if is_mirrored else pixels
                assert np.array_equal(way.upright(pixels), np.rot90(mirrored, way.rotation_degrees // 90))
                seen.add((way.rotation_degrees, is_mirrored))
    assert len(seen) == 8


def square_at(pixels: NDArray[np.uint8]) -> tuple[float, float]:
    """The centre of what is most coloured, in 0..1 of width and height; the counter at the lower edge is grey."""
    colour = pixels.max(axis=2).astype(int) - pixels.min(axis=2)
    rows, columns = np.nonzero(colour > 60)
    return float(columns.mean()) / pixels.shape[1], float(rows.mean()) / pixels.shape[0]


@NEEDS_SHARED
@pytest.mark.parametrize(
    ("name", "y", "x_first", "x_last"), [("hflip.mp4", 0.16, 0.85, 0.15), ("vflip.mp4", 0.83, 0.15, 0.85)]
)
def test_case_of_a_mirrored_picture(name: str, y: float, x_first: float, x_last: float) -> None:
    """The square moves to the side and at the height that a player shows."""
    frames_NHWC = decode_frames(shared("cases", name), at_seconds=[0.0, 99.0]).frames_NHWC
    (x0, y0), (x1, y1) = (square_at(frame) for frame in frames_NHWC)
    assert (x0, y0, x1, y1) == pytest.approx((x_first, y, x_last, y), abs=0.05)
