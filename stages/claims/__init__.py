"""The checker: what a scene says of a claim."""

from stages.claims.checked import TruthValue
from stages.claims.checker import check, check_worded

__all__ = ["TruthValue", "check", "check_worded"]
