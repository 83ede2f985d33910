"""How many pairs a theme may have."""

from collections.abc import Sequence

import pytest

from pipeline.finalise.proportions import pairs_allowed


@pytest.mark.parametrize(
    ("counts", "share", "loss", "allowed"),
    [
        ([100, 100, 100, 100], 0.25, 0.0, 100.0),  # each is a quarter
        ([200, 100, 100], 0.4, 1.0, 400 / 3),  # L = 0.4 (L + 200)
        # 0.4 and 0.44 would lose 67 and 43 pairs of 400; 0.484 loses 12: L = 0.484 (L + 200)
        ([200, 100, 100], 0.4, 0.1, 0.484 * 200 / 0.516),
        ([50, 50, 10], 0.4, 1.0, 0.4 * 10 / 0.2),  # two are capped: L = 0.4 (2 L + 10)
        ([], 0.15, 0.4, 0.0),
        ([50], 0.15, 0.4, 50.0),  # a single theme has none to share with
    ],
)
def test_the_largest_number_that_keeps_the_share(
    counts: Sequence[int], share: float, loss: float, allowed: float
) -> None:
    """The largest L with L <= share x sum(min(count, L)); share is raised by tenths until no more than `loss` goes."""
    found = pairs_allowed(counts, share, loss)
    assert found == pytest.approx(allowed, rel=1e-9)
    assert sum(min(count, found) for count in counts) >= (1 - loss) * sum(counts)
