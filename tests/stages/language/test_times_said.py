"""Time words are evaluated to seconds, or not at all."""

import pytest

from schemas.interval import Interval
from stages.language.times_said import said_interval

SHOWN = Interval(start_seconds=100, end_seconds=110)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Where is the ball?", (100, 110)),
        ("Where is the ball between 2 and 4.5 seconds?", (102, 104.5)),
        ("Where is the ball at about 3 seconds?", (102.6, 103.4)),
        ("Where is the ball at 3 seconds?", (102.6, 103.4)),
        ("Where is the ball in the first half of the video?", (100, 105)),
        ("Where is the ball in the second half?", (105, 110)),
        ("Where is the ball at the end?", None),
        ("Where is the ball when the dog barks?", None),
        ("Where is the ball between 20 and 30 seconds?", None),
        ("Where is the ball in the first half, at about 8 seconds?", None),
    ],
)
def test_words_mean_seconds_of_what_is_shown(text: str, expected: tuple[float, float] | None) -> None:
    """Seconds count from the start; other time words, and two times that differ, mean nothing that can be checked."""
    found = said_interval(text, "", SHOWN)
    assert (found and (found.start_seconds, found.end_seconds)) == (expected and pytest.approx(expected))
