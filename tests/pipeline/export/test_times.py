"""Which texts speak of seconds, so that a consumer must believe the right ones."""

import pytest

from pipeline.export.times import names_seconds, worst_seconds


@pytest.mark.parametrize(
    "text",
    [
        "What does the camera do between six and eight seconds in?",
        "It is enlarged between about 0 and 1.5 seconds.",
        "What is seen in the first second of the clip?",
        "Where is the cup in the last two seconds?",
        "About twenty-five seconds in, what is shown?",
        "During which seconds is the picture upside down?",
        "It starts at 12.5 s and ends at 0:20.",
        "It falls after a second.",
    ],
)
def test_a_measure_of_time_is_found(text: str) -> None:
    """In words, digits and as a clock."""
    assert names_seconds([text])


@pytest.mark.parametrize(
    "text",
    [
        "Which quarter of the clip is played backwards, the second or the last?",
        "In the second half of the clip, a second face comes into view.",
        "The second shot is brighter than the first.",
        "I count seven.",
    ],
)
def test_an_ordinal_is_no_measure_of_time(text: str) -> None:
    """Second to what, not how many seconds."""
    assert not names_seconds([text])


def test_the_worst_time_counts() -> None:
    """At two frames a second, frames at 0, 0.6 and 1.3 s are believed at 0, 0.5 and 1.0 s: the last is 0.3 s off."""
    assert worst_seconds((0.0, 0.6, 1.3), (0.0, 0.5, 1.0)) == pytest.approx(0.3)
