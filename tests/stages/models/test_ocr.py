"""The reader by itself: what it gives for rendered lines, on one thread."""

import cv2
import numpy as np
import pytest

from stages.drawing.painting import Pixels
from stages.models.ocr import PACKAGES, KnownWriting, read_lines, versions


def picture(text: str) -> Pixels:
    """White letters, about 26 pixels high, on dark ground."""
    drawn = np.full((240, 420, 3), 20, np.uint8)
    cv2.putText(drawn, text, (60, 120), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (240, 240, 240), 2, cv2.LINE_AA)
    return drawn


def test_a_line_is_read_with_its_place_and_height() -> None:
    """Its box holds the letters, which begin at (60, 120), and is a little higher than they are."""
    [line] = read_lines(picture("Garden"), KnownWriting())
    assert line.text == "Garden"
    assert line.score > 0.9
    (left, top), (right, bottom) = line.corners_42.min(0), line.corners_42.max(0)
    assert 40 < left < 65
    assert 70 < top < 100
    assert right > left + 100
    assert 26 <= line.height_pixels <= bottom - top + 1e-6


def test_readings_are_the_same_each_time_and_empty_of_nothing() -> None:
    """One thread, one line at a time: nothing else that is read changes a line."""
    twice = [read_lines(picture("Garden"), KnownWriting()) for _ in range(2)]
    assert [(line.text, line.score) for line in twice[0]] == [(line.text, line.score) for line in twice[1]]
    assert read_lines(np.zeros((240, 420, 3), np.uint8), KnownWriting()) == ()


def test_what_is_known_of_the_same_pixels_is_taken() -> None:
    """Of a line that was read its text, of a picture where its lines are; a line that is not wanted is not read."""
    known = KnownWriting()
    assert read_lines(picture("Garden"), known, wanted=lambda corners_42: corners_42[0, 1] > 120) == ()
    assert known.lines == {}
    read_lines(picture("Garden"), known)
    [pixels] = known.lines
    known.lines[pixels] = ("planted", 0.5)
    [line] = read_lines(picture("Garden"), known)
    assert (line.text, line.score) == ("planted", 0.5)
    [frame] = known.places
    known.places[frame] = ()
    assert read_lines(picture("Garden"), known) == ()


def test_versions_are_those_of_all_packages_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each may change a score; without one of them nothing can be read."""
    found = versions()
    assert found is not None
    assert [name.split()[0] for name in found] == list(PACKAGES)
    monkeypatch.setattr("stages.models.ocr.PACKAGES", (*PACKAGES, "no-such-package"))
    assert versions() is None
