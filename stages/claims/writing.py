"""Predicates about what is written."""

from stages.claims.checked import UNKNOWN, Checked
from stages.claims.scene_view import Case


def reads(_case: Case) -> Checked:
    """The word is written somewhere in the picture during I."""
    return UNKNOWN
