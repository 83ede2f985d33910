"""Rectangles on a frame."""

import pytest

from stages.drawing.rectangles import bordered, is_inside, overlap, shifted


def test_a_border_is_a_tenth_of_each_side_and_at_least_a_hundredth() -> None:
    """0.3 wide and 0.05 high: 0.03 and, as 0.005 is too little, 0.012 on each side; the frame ends it."""
    assert bordered((0.2, 0.4, 0.5, 0.45)) == pytest.approx((0.17, 0.388, 0.53, 0.462))
    assert bordered((0.0, 0.9, 0.5, 1.0)) == pytest.approx((0.0, 0.888, 0.55, 1.0))


def test_a_shifted_rectangle_may_leave_the_frame() -> None:
    """0.4 to the right of (0.2 .. 0.5) is inside, 0.6 is not."""
    area = (0.2, 0.4, 0.5, 0.6)
    assert shifted(area, 0.4, -0.1) == pytest.approx((0.6, 0.3, 0.9, 0.5))
    assert is_inside(shifted(area, 0.4, 0.0))
    assert not is_inside(shifted(area, 0.6, 0.0))


def test_rectangles_that_share_an_edge_do_not_overlap() -> None:
    """One more pixel, and they do."""
    assert not overlap((0.0, 0.0, 0.5, 1.0), (0.5, 0.0, 1.0, 1.0))
    assert overlap((0.0, 0.0, 0.51, 1.0), (0.5, 0.0, 1.0, 1.0))
