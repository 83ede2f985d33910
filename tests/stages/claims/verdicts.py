"""Short words for verdicts in the checker's tests."""

from typing import Any

import pytest

from schemas.claim import Claim
from schemas.scene import Scene
from stages.claims import Truth, check

TRUE, FALSE, UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def verdict(claim: Claim, scene: Scene) -> tuple[Truth, float]:
    """Truth and margin of a claim."""
    checked = check(claim, scene)
    return checked.truth, checked.margin


def by(truth: Truth, margin: float) -> Any:
    """A verdict with a margin as exact as sums of floats are."""
    return truth, pytest.approx(margin, abs=1e-9)
