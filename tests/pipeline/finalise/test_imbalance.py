"""How the loss of one question changes the imbalances."""

import pytest

from pipeline.finalise.balance import Tally
from pipeline.finalise.imbalance import Imbalance
from tests.pipeline.finalise.options import option


def of_leans(*leans: float) -> Imbalance:
    """One group per video, with a limit of 2 groups and no standard deviations."""
    tally = Tally()
    for video, lean in enumerate(leans):
        tally.add(str(video), {"right": lean})
    return Imbalance(tally, sigmas=0.0, slack=2.0)


def test_the_excess_is_what_exceeds_the_limit() -> None:
    """Six groups of 0.5 lean by 3.0, one more than 2.0."""
    imbalance = of_leans(*[0.5] * 6)
    assert (imbalance.excess("right"), imbalance.limit("right"), imbalance.leaning()) == (1.0, 2.0, {"right"})
    assert of_leans(*[0.5] * 4).leaning() == set()


def test_a_group_mends_only_what_it_adds_to() -> None:
    """Losing a group of 0.5 takes 0.5 off the excess; losing one of -0.5 adds as much."""
    imbalance = of_leans(*[0.5] * 7, -0.5)
    with_it, against_it = option("0", lean=0.5), option("7", lean=-0.5)
    assert imbalance.after_loss(with_it) == pytest.approx(-0.5)
    assert imbalance.after_loss(against_it) == pytest.approx(0.5)
    assert (imbalance.mends(with_it), imbalance.mends(against_it)) == (True, False)
    assert (imbalance.worsened_by(with_it), imbalance.worsened_by(against_it)) == (["right"], [])


def test_a_gain_is_weighed_like_a_loss() -> None:
    """One more group of 0.5 raises an excess of 1.0 to 1.5; one of -0.5 lowers it to 0.5."""
    imbalance = of_leans(*[0.5] * 6)
    assert imbalance.after_gain(option("9", lean=0.5)) == pytest.approx(0.5)
    assert imbalance.after_gain(option("9", lean=-0.5)) == pytest.approx(-0.5)
