"""What training does to pairs, in numbers that can be worked out by hand."""

import pytest

from schemas.claim import Axis
from trainer.loop.metrics import PairSeen, summarise, unnamed


def seen(margin: float, chosen_tokens: int = 10, axis: Axis = Axis.SPATIAL, kl: float | None = None) -> PairSeen:
    return PairSeen("answers", axis, margin, -1.0, -3.0, chosen_tokens, 8, kl)


def test_known_numbers() -> None:
    """Won, tied, lost, won: accuracy (1 + 0.5 + 0 + 1) / 4 = 0.625; margin (0.4 + 0 - 0.2 + 0.6) / 4 = 0.2.

    Chosen answers of 9, 10, 11 and 14 tokens: 11 in the mean, and -1 / 11 nats a token. KL over the two that have it.
    """
    pairs = [seen(0.4, 9, kl=0.1), seen(0.0, 10), seen(-0.2, 11), seen(0.6, 14, kl=0.3)]
    over_all = summarise(pairs)[0]
    assert (over_all.pairs, over_all.accuracy) == (4, 0.625)
    assert over_all.margin == pytest.approx(0.2)
    assert (over_all.chosen_drift, over_all.rejected_drift) == (-1.0, -3.0)
    assert (over_all.chosen_tokens, over_all.rejected_tokens) == (11, 8)
    assert over_all.chosen_drift_per_token == pytest.approx(-1 / 11)
    assert over_all.kl == pytest.approx(0.2)


def test_levels_and_axes_are_separate() -> None:
    """Each level over all axes first, then each level on each axis that occurs."""
    pairs = [seen(1.0, axis=Axis.TEMPORAL), seen(-1.0), PairSeen("instance", Axis.SPATIAL, 1.0, 0, 0, 5, 5)]
    found = {(summary.level, summary.axis): summary.accuracy for summary in summarise(pairs)}
    assert found == {
        ("answers", None): 0.5,
        ("instance", None): 1.0,
        ("answers", Axis.SPATIAL): 0.0,
        ("instance", Axis.SPATIAL): 1.0,
        ("answers", Axis.TEMPORAL): 1.0,
    }
    assert [summary.axis for summary in summarise(pairs)][:2] == [None, None]


@pytest.mark.parametrize(
    ("margins", "tokens", "expected"),
    [
        ((1.0, 2.0, 3.0), (7, 8, 9), 1.0),
        ((3.0, 2.0, 1.0), (7, 8, 9), -1.0),
        ((1.0, 0.0, 1.0), (7, 8, 9), 0.0),
        ((1.0, 2.0, 3.0), (8, 8, 8), None),
        ((0.0, 0.0, 0.0), (7, 8, 9), None),
    ],
)
def test_correlation_with_length(margins: tuple[float, ...], tokens: tuple[int, ...], expected: float | None) -> None:
    """1 if the margin grows with the difference in length, -1 if it shrinks, none if either is constant."""
    found = summarise(map(seen, margins, tokens))[0].length_correlation
    assert found == (None if expected is None else pytest.approx(expected))


def test_names_leave_out_what_is_not_known() -> None:
    """A KL that was not measured is not logged."""
    named = summarise([seen(0.5)])[0].named()
    assert named["answers/all/accuracy"] == 1.0
    assert "answers/all/kl" not in named
    assert "answers/spatial/kl" in summarise([seen(0.5, kl=0.0)])[1].named()


def test_nothing_seen_is_no_summary() -> None:
    """No pairs, no numbers."""
    assert summarise([]) == ()


def test_names_are_read_back() -> None:
    """Every summary is the one that was named; one that lacks a number, as it was none, is left out."""
    found = summarise([seen(0.4, 9, kl=0.1), seen(-0.2, 11, Axis.TEMPORAL), seen(0.6, 14)])
    told = {name: value for summary in found for name, value in summary.named().items()}
    assert unnamed({**told, "generated/whole": 1.0, "loss": 2.0}) == list(found)
    del told["answers/all/margin"]
    assert unnamed(told) == [summary for summary in found if summary.axis is not None]
