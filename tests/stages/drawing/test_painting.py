"""Areas of a frame that are filled or painted over."""

import numpy as np

from stages.drawing.painting import area_pixels, filled, inpainted

FRAME = np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)
ROWS, COLUMNS = slice(10, 20), slice(30, 45)


def outside() -> np.ndarray:
    """The pixels that must stay as they are."""
    kept_HW = np.ones(FRAME.shape[:2], bool)
    kept_HW[ROWS, COLUMNS] = False
    return kept_HW


def test_an_area_keeps_its_size_wherever_it_is_moved() -> None:
    """0.5 to 0.75 of 60 columns are 15; moved by 0.1 they are 6 further on, and by 0.9 they end with the frame."""
    rect = (0.5, 0.25, 0.75, 0.5)
    assert area_pixels(rect, FRAME, 0.0, 0.0) == (slice(10, 20), slice(30, 45))
    assert area_pixels(rect, FRAME, 0.1, 0.0) == (slice(10, 20), slice(36, 51))
    assert area_pixels(rect, FRAME, 0.9, 0.0) == (slice(10, 20), slice(45, 60))


def test_a_filled_area_has_the_mean_colour_of_the_rest() -> None:
    """Nothing outside changes, and the frame that was given does not either."""
    before = FRAME.copy()
    made = filled(FRAME, ROWS, COLUMNS)
    assert (made[ROWS, COLUMNS] == np.round(FRAME[outside()].mean(axis=0)).astype(np.uint8)).all()
    assert (made[outside()] == FRAME[outside()]).all()
    assert (before == FRAME).all()


def test_an_inpainted_area_continues_what_surrounds_it() -> None:
    """A white square on a wall of grey 90 is gone, to within 3 of 255; nothing outside changes."""
    wall = np.full((40, 60, 3), 90, np.uint8)
    wall[ROWS, COLUMNS] = 255
    made = inpainted(wall, ROWS, COLUMNS)
    assert np.abs(made.astype(int) - 90).max() <= 3
    assert (inpainted(FRAME, ROWS, COLUMNS)[outside()] == FRAME[outside()]).all()
