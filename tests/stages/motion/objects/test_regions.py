"""Regions, and how their pixels are divided among trails."""

import numpy as np
import pytest

from stages.motion.objects.regions import Expected, Region, meet, meeting, regions_of, shared_out, united


def _lab(value: tuple[float, float, float]) -> np.ndarray:
    return np.array(value, np.float32)


def test_pixels_go_to_the_track_whose_colour_they_have() -> None:
    """Left half as the first track, right half as the second, both expected everywhere: split in the middle."""
    lab_HWC = np.zeros((10, 20, 3), np.float32)
    lab_HWC[:, :10] = (50, 190, 170)
    lab_HWC[:, 10:] = (35, 170, 50)
    behind_HWC = np.full_like(lab_HWC, 128)
    tracks = [Expected((0, 0, 20, 10), _lab(lab), 22, 16) for lab in ((50, 190, 170), (35, 170, 50))]
    owner, cost = shared_out(Region((0, 0, 20, 10), np.ones((10, 20), np.uint8)), lab_HWC, behind_HWC, tracks)
    assert (owner[:, :10] == 0).all()
    assert (owner[:, 10:] == 1).all()
    assert cost.max() == pytest.approx(0, abs=1e-5)


def test_a_mixture_with_the_background_is_the_tracks_own_and_a_third_colour_is_not() -> None:
    """Half track, half background costs nothing; a colour 60 off the line between them costs 60 / 20 = 3."""
    behind_HWC = np.zeros((1, 2, 3), np.float32)
    lab_HWC = np.array([[[50, 0, 0], [50, 60, 0]]], np.float32)
    track = Expected((0, 0, 2, 1), _lab((100, 0, 0)), 20, 16)
    _, cost = shared_out(Region((0, 0, 2, 1), np.ones((1, 2), np.uint8)), lab_HWC, behind_HWC, [track])
    assert cost[0].tolist() == pytest.approx([0, 3], abs=0.01)


def test_depth_counts_from_the_contour() -> None:
    """The middle of a 9 x 9 square is the fifth pixel from outside; its corner is the first."""
    depths = Region((10, 10, 19, 19), np.ones((9, 9), np.uint8)).depths()
    assert depths[4, 4] == depths.max() == pytest.approx(5, abs=0.3)
    assert depths[0, 0] == pytest.approx(1, abs=0.3)


def test_regions_are_found_where_they_lie_and_united_again() -> None:
    """Two squares of 3 x 3 in a crop at (5, 7), and a speck of one pixel that is left out."""
    mask = np.zeros((20, 20), np.uint8)
    mask[0:3, 0:3] = mask[10:13, 8:11] = mask[18, 18] = 1
    first, second = regions_of(mask, 4, origin=(5, 7))
    assert (first.box, second.box) == ((5, 7, 8, 10), (13, 17, 16, 20))
    assert united([first, second]).box == (5, 7, 16, 20)
    assert united([first, second]).area == 18


def test_boxes_meet_within_reach() -> None:
    """Boxes 3 pixels apart meet within 4 pixels and not within 2."""
    assert meet((0, 0, 5, 5), (8, 0, 12, 5), reach=4)
    assert not meet((0, 0, 5, 5), (8, 0, 12, 5), reach=2)


def test_all_boxes_are_compared_as_each_two_are() -> None:
    """Boxes of 5 at 0, 8 and 40: within 4 pixels the first two meet each other, and the third only itself."""
    boxes = [(x, 0, x + 5, 5) for x in (0, 8, 40)]
    met = meeting(boxes, boxes, reach=4)
    assert met.tolist() == [[True, True, False], [True, True, False], [False, False, True]]
    assert met.tolist() == [[meet(one, other, reach=4) for other in boxes] for one in boxes]
    assert meeting([], boxes).shape == (0, 3)


def test_what_is_outside_of_the_region_belongs_to_nobody() -> None:
    """A region of two of four pixels: the others cost infinitely much, whatever their colour."""
    grey_HWC = np.zeros((1, 4, 3), np.float32)
    region = Region((0, 0, 4, 1), np.array([[0, 1, 1, 0]], np.uint8))
    _, cost = shared_out(
        region, grey_HWC, np.full_like(grey_HWC, 100), [Expected((0, 0, 4, 1), _lab((0, 0, 0)), 20, 16)]
    )
    assert cost[0].tolist() == [np.inf, 0, 0, np.inf]
