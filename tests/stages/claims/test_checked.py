"""Verdicts and their margins."""

import pytest

from stages.claims.checked import UNKNOWN, Checked, MarginKind, TruthValue, by_sign, false_by, opposite, true_by

ORDER = MarginKind.ORDER


def test_a_verdict_without_a_margin_is_unknown() -> None:
    """Zero, a negative margin and one as small as a rounding error (1e-9) leave the verdict open."""
    for margin in (0.0, -1.0, 1e-9):
        assert true_by(margin, ORDER) == UNKNOWN
        assert false_by(margin, ORDER) == UNKNOWN
    assert true_by(2e-9, ORDER) == Checked(TruthValue.TRUE, 2e-9, ORDER)


@pytest.mark.parametrize(
    ("difference", "expected"),
    [(0.5, Checked(TruthValue.TRUE, 0.5, ORDER)), (-0.5, Checked(TruthValue.FALSE, 0.5, ORDER)), (0.0, UNKNOWN)],
)
def test_the_sign_of_a_difference_decides(difference: float, expected: Checked) -> None:
    """A positive difference is true by itself, a negative one false by its size, and none is unknown."""
    assert by_sign(difference, ORDER) == expected


def test_the_opposite_keeps_margin_and_kind() -> None:
    """The contrary of a true claim is false by the same margin; the contrary of an unknown one is unknown."""
    assert opposite(true_by(0.3, ORDER)) == false_by(0.3, ORDER)
    assert opposite(false_by(0.3, ORDER)) == true_by(0.3, ORDER)
    assert opposite(UNKNOWN) == UNKNOWN
