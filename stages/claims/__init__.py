"""The checker: what a scene says of a claim."""

from stages.claims.checker import check, check_worded
from stages.claims.truth import Truth

__all__ = ["Truth", "check", "check_worded"]
