"""What the scene refutes is struck, and nothing else is."""

import pytest

from schemas.context import ClauseTruth
from schemas.interval import Interval
from stages.claims.proof import ClipProver, ProofConfig
from stages.retrospection.striking import checked_clause
from tests.scenes import span
from tests.stages.retrospection.policy import farm


def _checked(text: str, interval: Interval | None = None) -> tuple[ClauseTruth, str | None]:
    found = checked_clause(text, interval, ClipProver(farm(), ProofConfig()), is_repeated=False)
    return found.truth, found.refuted_by


@pytest.mark.parametrize(
    ("text", "interval"),
    [("A brown dog lies there.", None), ("A brown dog lies there.", span(6, 9)), ("Two animals are in view.", None)],
)
def test_what_is_in_view_is_confirmed(text: str, interval: Interval | None) -> None:
    """The dog is seen from 5 to 10 seconds, a cat all the time; both are animals."""
    assert _checked(text, interval) == (ClauseTruth.CONFIRMED, None)


def test_a_thing_that_was_searched_in_vain_is_struck() -> None:
    """Of horses, with all words for them, nothing was found; what else the sentence names does not help it."""
    assert _checked("A horse stands beside the cat.") == (ClauseTruth.REFUTED, "horse")
    assert _checked("A dog and some horses run.", span(6, 9)) == (ClauseTruth.REFUTED, "horse")


def test_a_thing_at_another_time_is_struck() -> None:
    """The dog comes at 5 seconds. A second is spared on both sides, since models tell times by single frames."""
    assert _checked("A dog lies there.", span(0, 3)) == (ClauseTruth.REFUTED, "dog")
    assert _checked("A dog lies there.", span(0, 4.5))[0] is not ClauseTruth.REFUTED


def test_an_event_at_another_time_is_struck() -> None:
    """The dog runs away from 7 to 8 seconds, and all events are known."""
    assert _checked("Then the dog runs away.", span(5, 5.2)) == (ClauseTruth.REFUTED, "the dog runs away")
    assert _checked("Then the dog runs away.", span(6, 9))[0] is not ClauseTruth.REFUTED


@pytest.mark.parametrize(
    "text", ["A zebra-coloured thing shines.", "A cow stands there.", "There is no horse.", "It is a sunny day."]
)
def test_what_the_scene_does_not_decide_stays(text: str) -> None:
    """Cows were not searched for, a denial is not refuted by absence, and of a day the scene knows nothing."""
    assert _checked(text) == (ClauseTruth.UNKNOWN, None)
