"""What edits do to one picture."""

import numpy as np
import pytest

from schemas.shown import EditKind, ShownEdit
from stages.visuals.pictures import with_looks

PICTURE = np.arange(8 * 12 * 3, dtype=np.uint8).reshape(8, 12, 3)
SIZE = (12, 8)


def look(kind: EditKind, **more: object) -> ShownEdit:
    """An edit of any stretch."""
    return ShownEdit(kind=kind, start_seconds=0.0, end_seconds=1.0, **more)


def test_mirroring_and_turning_only_move_pixels() -> None:
    """Left and right change places; after half a turn above and below do, too. An unedited picture is the same one."""
    assert np.array_equal(with_looks(PICTURE, [look(EditKind.MIRRORED)], SIZE), PICTURE[:, ::-1])
    assert np.array_equal(with_looks(PICTURE, [look(EditKind.TURNED, amount=180.0)], SIZE), PICTURE[::-1, ::-1])
    assert with_looks(PICTURE, [], SIZE) is PICTURE
    with pytest.raises(ValueError, match="turned by 180 degrees"):
        with_looks(PICTURE, [look(EditKind.TURNED, amount=90.0)], SIZE)


def test_zooming_enlarges_the_middle() -> None:
    """Twice as large, the corners are those of the middle quarter."""
    flat = np.zeros((8, 12, 3), np.uint8)
    flat[2:6, 3:9] = 200
    assert (with_looks(flat, [look(EditKind.ZOOMED, amount=2.0)], SIZE) == 200).all()


@pytest.mark.parametrize("shape", [(16, 24), (30, 10), (6, 40)])
def test_a_borrowed_picture_fills_the_frame(shape: tuple[int, int]) -> None:
    """Whatever its shape, it is cut and scaled to the clip's size; its middle stays the middle."""
    other = np.full((*shape, 3), 90, np.uint8)
    found = with_looks(other, [look(EditKind.SWAPPED, other_clip_id="o", amount=0.0)], SIZE)
    assert found.shape == (8, 12, 3)
    assert (found == 90).all()


def test_a_seam_is_black() -> None:
    """Whatever was there."""
    assert not with_looks(PICTURE, [look(EditKind.MIRRORED), look(EditKind.SEAM)], SIZE).any()
