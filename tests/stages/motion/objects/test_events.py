"""Events of given courses."""

import numpy as np
import pytest

from schemas.scene import Side
from stages.motion.objects.events import enters, leaves
from stages.motion.objects.trail import SLIVER_PIXELS
from tests.stages.motion.objects.courses import CONFIG, SPAN, course_at


def test_enter_and_leave_fall_between_frames() -> None:
    """The right edge is at -20 + 100 t: at the sliver (2.5 px) at 0.225 s; the left one is at 317.5 at 3.775 s.

    A fifth of a frame is added to the first and taken from the second.
    """
    times = np.arange(0.3, 3.75, 0.1)
    course = course_at(-60 + 100 * times, times)
    coming, going = enters(course, SPAN, CONFIG), leaves(course, SPAN, CONFIG)
    assert coming is not None
    assert going is not None
    assert SLIVER_PIXELS == 2.5
    assert coming.pts_seconds == pytest.approx(0.225 + 0.02, abs=0.005)
    assert going.pts_seconds == pytest.approx(3.775 - 0.02, abs=0.005)
    assert (coming.side, going.side) == (Side.LEFT, Side.RIGHT)


def test_what_is_there_on_the_first_frame_does_not_enter() -> None:
    """If it is seen from the shot's first frame on, it is unknown whether it has just entered."""
    times = np.arange(0.0, 2.0, 0.1)
    assert enters(course_at(-30 + 100 * times, times), SPAN, CONFIG) is None
