"""Of a stretch that is shown alone only what somebody can read who sees nothing else is true or false."""

import pytest

from stages.claims.alone import is_of_stretch
from tests.scenes import claim, fixed, span, track

RED = track("t1", fixed(0.5, 0.5), name="red")
STRETCH = span(2.0, 6.0)


@pytest.mark.parametrize(
    ("phrase", "fits"),
    [
        ("the red thing", True),
        ("the woman in the checked jacket", True),
        ("the building on the left", True),
        ("the man who comes in", False),
        ("the person in the last view", False),
        ("the woman holding a cup", False),
        ("the second man", False),
    ],
)
def test_phrases_must_fit_without_the_rest_of_the_clip(phrase: str, *, fits: bool) -> None:
    """Words of time, and of deeds that may be done at another time, name nobody there."""
    said = claim("moves", RED, value="left", during=[(2.0, 6.0)]).model_copy(update={"subject_phrases": (phrase,)})
    assert is_of_stretch(said, STRETCH) is fits


def test_times_must_lie_in_the_stretch() -> None:
    """A claim about a part of it is about it; one that reaches beyond, or that has no times, is not."""
    assert is_of_stretch(claim("moves", RED, value="left", during=[(2.0, 4.0)]), STRETCH)
    assert not is_of_stretch(claim("moves", RED, value="left", during=[(2.0, 6.5)]), STRETCH)
    assert not is_of_stretch(claim("has_colour", RED, value="red"), STRETCH)


def test_what_counts_as_moving_is_known_of_the_whole_clip_alone() -> None:
    """A thing that moves before the stretch counts, though it stands still in it."""
    assert not is_of_stretch(claim("moving_count", value="1", during=[(2.0, 6.0)]), STRETCH)
