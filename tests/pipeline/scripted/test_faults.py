"""Which requests meet which faults."""

from collections import Counter

import pytest
from pydantic import ValidationError

from pipeline.scripted.faults import FaultKind, Faults, Tries, share_of


def test_each_fault_meets_its_share_of_requests() -> None:
    """Of 4,000 requests 10 % and 30 % are drawn: within 4 standard deviations (0.005 and 0.007) of that."""
    faults = Faults(rates={FaultKind.REFUSED: 0.1, FaultKind.EMPTY: 0.3})
    met = Counter(faults.of_content(1, f"request {number}") for number in range(4000))
    assert met[FaultKind.REFUSED] / 4000 == pytest.approx(0.1, abs=0.02)
    assert met[FaultKind.EMPTY] / 4000 == pytest.approx(0.3, abs=0.03)
    assert set(met) == {FaultKind.REFUSED, FaultKind.EMPTY, None}


def test_a_fault_of_content_stays_and_one_of_infrastructure_passes() -> None:
    """Every request fails twice and gets through at the third try, and so again; its content is the same each time."""
    faults = Faults(rates={FaultKind.OVERLOADED: 1.0, FaultKind.PROSE: 1.0}, most_in_a_row=2)
    tries = Tries()
    met = [faults.of_infrastructure(0, "one", tries.count("one")) for _ in range(6)]
    assert met == [FaultKind.OVERLOADED, FaultKind.OVERLOADED, None] * 2
    assert faults.of_content(0, "one") is FaultKind.PROSE
    assert tries.count("another") == 0


def test_shares_are_fixed_by_seed_and_names() -> None:
    """The same names give the same share, in [0, 1); other seeds and names give others."""
    shares = [share_of(0, "a", "b"), share_of(1, "a", "b"), share_of(0, "ab", "")]
    assert share_of(0, "a", "b") == shares[0]
    assert len(set(shares)) == 3
    assert all(0 <= share < 1 for share in shares)


def test_rates_are_shares() -> None:
    """Rates below 0, and rates that add up to more than 1, are refused."""
    for rates in ({FaultKind.HANG: -0.1}, {FaultKind.HANG: 0.6, FaultKind.SLOW: 0.5}):
        with pytest.raises(ValidationError, match="together at most 1"):
            Faults(rates=rates)
    Faults(rates={FaultKind.HANG: 0.6, FaultKind.EMPTY: 0.5})  # of two sorts: each is drawn for itself
