"""Words on boards and over the picture."""

import numpy as np
import pytest

from pipeline.demo.world.letters import DARK, LIGHT, board_aspect, laid_over, written_on
from pipeline.demo.world.shapes import patch_of
from pipeline.demo.world.world import Caption, Pose, Shape, Typeface, Writing

WORD = Writing(text="Market", typeface=Typeface.SANS, dark=False)
WIDTH, HEIGHT = 400, 300


@pytest.mark.parametrize("typeface", Typeface)
def test_a_board_holds_its_word_with_a_rim_on_all_sides(typeface: Typeface) -> None:
    """The letters lie inside the board, by a tenth of its height at least, in the middle."""
    word = WORD.model_copy(update={"typeface": typeface})
    pose = Pose(0.5, 0.5, 0.2, board_aspect(word))
    board, letters = patch_of(Shape.SIGN, pose, WIDTH, HEIGHT), written_on(word, pose, WIDTH, HEIGHT)
    assert board is not None
    assert letters is not None
    inked = letters.alpha > 0.5
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    (left, right), (top, bottom) = columns[[0, -1]] + letters.left, rows[[0, -1]] + letters.top
    wide, high = 0.2 * HEIGHT * pose.aspect, 0.2 * HEIGHT
    rim = 0.1 * high
    assert left - (200 - wide / 2) >= rim
    assert (200 + wide / 2) - right >= rim
    assert top - (150 - high / 2) >= rim
    assert (150 + high / 2) - bottom >= rim
    assert (left + right) / 2 == pytest.approx(200, abs=1.5)


def test_a_longer_word_needs_a_wider_board() -> None:
    """The word "pharmacy" has more letters than "school"."""
    short, long = (WORD.model_copy(update={"text": text}) for text in ("school", "pharmacy"))
    assert board_aspect(long) > board_aspect(short) > 1


def test_half_a_word_is_seen_at_the_border_and_none_outside() -> None:
    """With its centre on the left border the word starts at the first column."""
    half = written_on(WORD, Pose(0.0, 0.5, 0.2, 3.0), WIDTH, HEIGHT)
    assert half is not None
    assert half.left == 0
    assert written_on(WORD, Pose(-0.5, 0.5, 0.2, 3.0), WIDTH, HEIGHT) is None


def test_the_outline_of_a_caption_is_larger_than_its_letters_and_they_differ_in_light() -> None:
    """So that it can be read on any ground."""
    caption = Caption(caption_id="c", writing=WORD, x=0.5, y=0.9, size=0.1, start_seconds=0, end_seconds=1)
    covered = laid_over(caption, WIDTH, HEIGHT)
    assert covered is not None
    outline, letters = covered
    assert outline.alpha.sum() > 1.3 * letters.alpha.sum()
    assert sum(LIGHT) - sum(DARK) > 3 * 180
