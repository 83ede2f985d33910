"""Numbers of things in what is told to a user."""

import pytest

from schemas.counted import counted


@pytest.mark.parametrize(
    ("number", "noun", "said"), [(0, "video", "0 videos"), (1, "other file", "1 other file"), (21, "pair", "21 pairs")]
)
def test_one_thing_is_no_several(number: int, noun: str, said: str) -> None:
    """Only of one the noun stands alone."""
    assert counted(number, noun) == said
