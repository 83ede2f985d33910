"""What an answer chooses, as the balance of a set counts it."""

import pytest

from schemas.claim import Predicate
from stages.facts.slot import Column, Slot
from stages.facts.speech import features


@pytest.mark.parametrize(
    ("predicate", "value", "counted"),
    [
        (Predicate.IN_REGION, "centre", ("where=centre", "third=middle")),
        (Predicate.IN_REGION, "middle", ("where=middle", "third=middle")),
        (Predicate.MOTION_IN, "centre", ("where=centre", "third=middle")),
        (Predicate.IN_REGION, "left", ("where=left",)),
        (Predicate.CAMERA_MOVES, "still", ("where=still",)),
    ],
)
def test_the_middle_is_one_value_across_and_upright(predicate: Predicate, value: str, counted: tuple[str, ...]) -> None:
    """Whoever always answers "in the middle" is right for both."""
    columns = (Column(value, predicate, value), Column("right", predicate, "right"))
    slot = Slot(key="k", wording="w", feature="where", columns=columns)
    assert features(slot, None, columns[0]) == counted
