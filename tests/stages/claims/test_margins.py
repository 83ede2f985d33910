"""The least margins of a recipe."""

from stages.claims.checked import UNKNOWN, Checked, MarginKind, TruthValue
from stages.claims.margins import Margins


def test_every_kind_of_margin_has_a_limit() -> None:
    """Margins has one field per kind and no other."""
    assert set(Margins.model_fields) == {kind.value for kind in MarginKind}


def test_margins_allow_what_reaches_them() -> None:
    """0.5 s of order reaches 0.5 s, 0.49 s does not, and what is unknown reaches nothing."""
    margins = Margins(order=0.5)
    assert margins.allow(Checked(TruthValue.TRUE, 0.5, MarginKind.ORDER))
    assert not margins.allow(Checked(TruthValue.FALSE, 0.49, MarginKind.ORDER))
    assert not margins.allow(UNKNOWN)
