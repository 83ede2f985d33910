"""The checker: what a scene says of a claim."""

from stages.claims.checked import Truth
from stages.claims.checker import check, check_worded

__all__ = ["Truth", "check", "check_worded"]
