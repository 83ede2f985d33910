"""When trainers that read videos as Qwen's own code does believe that frames are shown."""

import pytest

from pipeline.export.times import worst_seconds
from pipeline.export.two_a_second import seconds_of_file, seconds_of_list


def test_frames_of_a_list_are_half_a_second_apart() -> None:
    """Whatever they show."""
    assert seconds_of_list(4) == [0.0, 0.5, 1.0, 1.5]


def test_frames_of_a_file_are_evenly_spaced_from_0() -> None:
    """Four frames from 2 to 3.5 s are half a second apart; what starts later, or is uneven, is wrong by that much."""
    assert seconds_of_file([2.0, 2.5, 3.0, 3.5]) == pytest.approx([0.0, 0.5, 1.0, 1.5])
    assert worst_seconds([0.3, 0.8, 1.3], seconds_of_file([0.3, 0.8, 1.3])) > 0.29
    uneven = [0.0, 0.9, 1.0, 1.5]
    assert worst_seconds(uneven, seconds_of_file(uneven)) == pytest.approx(0.4)


def test_of_an_odd_number_of_frames_one_is_passed_over() -> None:
    """Five frames, one a second, are taken as four in as much time: 1.25 s apart, the last at 3.75 s instead of 4."""
    assert seconds_of_file([0, 1, 2, 3, 4])[-1] == pytest.approx(3.75)


def test_one_frame_is_shown_at_0() -> None:
    """There is nothing to space."""
    assert seconds_of_file([1.5]) == [0.0]
