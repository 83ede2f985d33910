"""The checker: whether a claim is true of a scene."""

from stages.claims.checked import TruthValue
from stages.claims.checker import check, check_worded

__all__ = ["TruthValue", "check", "check_worded"]
