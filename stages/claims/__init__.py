"""The checker: what a scene says of a claim."""

from stages.claims.checker import check, check_worded, gap_seconds
from stages.claims.still import restrict, single_frame_unknown
from stages.claims.truth import Checked, MarginKind, Truth

__all__ = [
    "Checked",
    "MarginKind",
    "Truth",
    "check",
    "check_worded",
    "gap_seconds",
    "restrict",
    "single_frame_unknown",
]
