"""What a request shows of a clip."""

import pytest

from pipeline.scripted.recognise import RecognisedFrame
from pipeline.scripted.view import view_of
from tests.pipeline.scripted.clips import BALL, BOX, CLIP, shown


class _Known:
    """An index that knows frames by their bytes: the seconds they show."""

    def recognise(self, jpeg: bytes, said_seconds: float | None) -> RecognisedFrame | None:
        return None if jpeg == b"black" else RecognisedFrame(CLIP, said_seconds or float(jpeg), is_mirrored=False)


def test_seconds_of_a_stretch_count_from_its_start() -> None:
    """Frames of 4 to 6 s that are said to be of 0 to 2 s: the clock starts at 4 s, and a moment is meant by it."""
    view = view_of(_Known(), (b"4", b"5", b"6", b"black"), (0.0, 1.0, 2.0, 3.0))  # type: ignore[arg-type]
    assert view is not None
    assert (view.seconds, view.clock_seconds) == ((4.0, 5.0, 6.0), 4.0)
    assert view.around(1.0).seconds == (5.0,)
    assert view.within(0.5, 2.5).seconds == (5.0, 6.0)
    assert view_of(_Known(), (b"black",), (0.0,)) is None  # type: ignore[arg-type]


class _Still:
    """An index of a clip in which nothing moves: every frame may be of any time, and looks most like that of 1 s."""

    def recognise(self, _jpeg: bytes, said_seconds: float | None) -> RecognisedFrame | None:
        return RecognisedFrame(CLIP, 1.0 if said_seconds is None else said_seconds, is_mirrored=False)


def test_frames_that_look_alike_are_of_the_times_that_are_said() -> None:
    """Nothing contradicts these times, so that the clock is that of the video."""
    view = view_of(_Still(), (b"a", b"b", b"c"), (0.0, 2.0, 4.0))  # type: ignore[arg-type]
    assert view is not None
    assert (view.seconds, view.clock_seconds) == ((0.0, 2.0, 4.0), 0.0)


def test_what_is_seen_in_a_view() -> None:
    """The box is in view until 6 s; a moment without a frame near it was not seen; half of the ball's time is shown."""
    late = shown((6.5, 7.5))
    assert late.is_away("the blue box")
    assert not late.is_away("the red ball")
    assert [number for number, _ in shown((5, 6, 7)).places(BOX)] == [0]
    assert late.has_seen((7.0,))
    assert not late.has_seen((2.0,))
    assert shown((0, 4)).share_of(BALL.visible) == pytest.approx(0.5)
