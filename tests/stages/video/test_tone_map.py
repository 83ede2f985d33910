"""HDR pictures come out as the same scene in standard range."""

from pathlib import Path

import av
import numpy as np
import pytest
from av.video.reformatter import ColorTrc
from numpy.typing import NDArray

from stages.decode import decode_frames
from stages.video.tone_map import to_standard_range

PQ, HLG = ColorTrc.SMPTE2084.value, ColorTrc.ARIB_STD_B67.value
TO_BT2020 = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])
"""BT.709 to BT.2020 of linear light (ITU-R BT.2087)."""
LUMA = np.array([0.2627, 0.6780, 0.0593])
COLOURS = np.array(
    [[16, 16, 16], [70, 70, 70], [120, 120, 120], [140, 60, 50], [50, 130, 60], [60, 70, 145], [145, 140, 40]]
)
"""Of standard range, none of them lighter than 0.3 of white, so that they are to come back as they were."""


def code(nits_709: NDArray[np.float64], transfer: int) -> NDArray[np.float64]:
    """The code 0..1 of displayed light (..., RGB of BT.709 primaries, nits), by the formulas of ITU-R BT.2100."""
    nits = nits_709 @ TO_BT2020.T
    if transfer == PQ:
        y = np.power(nits / 10_000, 2610 / 16384)
        return np.power((3424 / 4096 + 2413 / 128 * y) / (1 + 2392 / 128 * y), 2523 / 32)
    displayed = nits / 1000
    scene_luma = np.power(np.maximum(displayed @ LUMA, 1e-9), 1 / 1.2)[..., None]
    scene = displayed / np.power(scene_luma, 0.2)
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), a * np.log(np.maximum(12 * scene - b, 1e-9)) + c)


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_what_is_no_highlight_comes_back(transfer: int) -> None:
    """Colours up to 0.3 of white, encoded with white at 203 nits, come back to one step in 255."""
    nits = 203 * np.power(COLOURS / 255, 2.4)
    pixels = np.rint(65535 * code(nits, transfer)).astype(np.uint16)[None]
    assert np.abs(to_standard_range(pixels, transfer)[0].astype(int) - COLOURS).max() <= 1


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_highlights_are_compressed_not_cut(transfer: int) -> None:
    """Greys of 80 to 1,000 nits get ever lighter and end at 255."""
    nits = np.array([80.0, 150, 203, 400, 700, 1000])[:, None] * np.ones(3)
    pixels = np.rint(65535 * code(nits, transfer)).astype(np.uint16)[None]
    greys = to_standard_range(pixels, transfer)[0].astype(int)
    assert (np.ptp(greys, axis=1) <= 1).all()
    assert (np.diff(greys[:, 0]) >= 4).all()
    assert greys[-1, 0] >= 254


def write_hdr(path: Path, transfer: int) -> Path:
    """A clip of 10 bits whose pictures are the colours side by side, 32 pixels each."""
    codes = code(203 * np.power(COLOURS / 255, 2.4), transfer)
    luma = codes @ LUMA
    blue, red = (codes[:, 2] - luma) / 1.8814, (codes[:, 0] - luma) / 1.4746
    planes = [np.rint(64 + 876 * luma), np.rint(512 + 896 * blue), np.rint(512 + 896 * red)]
    name = "smpte2084" if transfer == PQ else "arib-std-b67"
    colour = f"colorprim=bt2020:transfer={name}:colormatrix=bt2020nc:range=limited"
    with av.open(str(path), "w") as container:
        options = {"preset": "ultrafast", "x265-params": f"log-level=none:qp=4:{colour}"}
        stream = container.add_stream("libx265", rate=10, options=options)
        stream.width, stream.height, stream.pix_fmt = 32 * len(COLOURS), 64, "yuv420p10le"
        for _ in range(10):
            frame = av.VideoFrame(stream.width, stream.height, "yuv420p10le")
            for plane, values, side in zip(frame.planes, planes, (32, 16, 16), strict=True):
                rows = np.zeros((plane.height, plane.line_size // 2), np.uint16)
                rows[:, : side * len(COLOURS)] = np.repeat(values, side)
                plane.update(rows.tobytes())
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.video
@pytest.mark.parametrize("transfer", [PQ, HLG])
@pytest.mark.parametrize("short_side", [None, 32])
def test_a_clip_in_hdr_is_shown_in_standard_range(transfer: int, short_side: int | None, tmp_path: Path) -> None:
    """The middle of each patch has its colour again, to 5 steps for the coder's sake, at native size and scaled."""
    path = write_hdr(tmp_path / "hdr.mp4", transfer)
    shown = decode_frames(path, num_frames=1, short_side=short_side).frames_NHWC[0].astype(int)
    side = shown.shape[1] // len(COLOURS)
    middles = shown[shown.shape[0] // 2, side // 2 :: side]
    assert np.abs(middles - COLOURS).max() <= 5
