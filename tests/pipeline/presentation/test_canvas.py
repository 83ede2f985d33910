"""Text, thumbnails and joined pictures."""

import numpy as np
import pytest
from PIL import Image

from pipeline.presentation.canvas import (
    blank,
    cropped,
    evenly_chosen,
    folded,
    side_by_side,
    stacked,
    stored_picture,
    text_width,
    thumbnail,
    write,
)
from schemas.clip import Frame
from schemas.errors import DatasetError


def inked(text: str) -> np.ndarray:
    """Where a text leaves ink."""
    picture = blank(200, 40)
    write(picture, text, (4, 28), 20)
    return np.asarray(picture.convert("L")) < 128


@pytest.mark.parametrize("letters", ["ü", "é", "ß", "ł", "Ж", "λ"])
def test_letters_of_european_languages_are_drawn(letters: str) -> None:
    """Each has a shape of its own: neither a question mark nor the box of a character that the font lacks."""
    assert inked(letters).any()
    assert not np.array_equal(inked(letters), inked("?"))
    assert not np.array_equal(inked(letters), inked("\N{CJK UNIFIED IDEOGRAPH-8996}"))


def test_text_is_folded_between_words() -> None:
    """No line is wider than asked for, nothing is lost, and a word that is too long keeps a line of its own."""
    text = "Which of the two things comes into view first? " * 3
    lines = list(folded(text, 200, 14))
    assert " ".join(lines) == text.strip()
    assert all(text_width(line, 14) <= 200 for line in lines)
    assert list(folded(f"a {'x' * 100} b", 200, 14)) == ["a", "x" * 100, "b"]
    assert list(folded(" ", 200, 14)) == []


@pytest.mark.parametrize(
    ("size", "expected"), [((640, 360), (320, 180)), ((360, 640), (180, 320)), ((16, 1600), (3, 320))]
)
def test_a_thumbnail_fits_its_box(size: tuple[int, int], expected: tuple[int, int]) -> None:
    """The longer side is 320, the proportions are kept: 360 x 320/640 = 180, 16 x 320/1600 = 3.2."""
    assert thumbnail(Image.new("RGB", size), 320, 320).size == expected


def test_joined_pictures_are_as_large_as_their_parts() -> None:
    """One below another: the widest, and all heights with the gaps; in a row: the other way round."""
    parts = [blank(10, 20), blank(30, 5)]
    assert stacked(parts, 3).size == (30, 28)
    assert side_by_side(parts, 3).size == (43, 20)


def test_some_of_many_frames_are_chosen_evenly() -> None:
    """All if they are few; else the middle one of each of equal stretches."""
    assert evenly_chosen(3, 16) == [0, 1, 2]
    chosen = evenly_chosen(32, 4)
    assert len(chosen) == 4
    assert set(np.diff(chosen)) == {8}


def test_a_damaged_frame_is_an_error_of_the_set() -> None:
    """The line names the clip and the time."""
    with pytest.raises(DatasetError, match=r"clip c1: the frame at 2.500 s"):
        stored_picture(Frame(pts_seconds=2.5, jpeg=b"text"), "c1")


def test_a_text_that_is_too_wide_is_cropped() -> None:
    """It keeps its beginning, ends in an ellipsis, and fits; a text that fits is unchanged."""
    text = "The woman lifts the white bowl and tips it over the pan"
    short = cropped(text, 150, 14)
    assert short.endswith("…")
    assert text.startswith(short[:-1])
    assert text_width(short, 14) <= 150
    assert cropped("A dog", 150, 14) == "A dog"
    assert cropped(text, 0, 14) == "…"
