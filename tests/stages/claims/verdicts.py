"""Short words for verdicts in the checker's tests."""

from typing import Any

import pytest

from schemas.claim import Claim
from schemas.scene import Scene
from stages.claims import TruthValue, check
from stages.claims.scene_view import SceneView
from tests.scenes import scene

TRUE, FALSE, UNKNOWN = TruthValue.TRUE, TruthValue.FALSE, TruthValue.UNKNOWN


def view(*tracks: Any, **rest: Any) -> SceneView:
    """A hand-made scene as the checker reads it."""
    return SceneView(scene(*tracks, **rest))


def verdict(claim: Claim, there: Scene) -> tuple[TruthValue, float]:
    """Truth value and margin of a claim."""
    checked = check(claim, SceneView(there))
    return checked.truth, checked.margin


def by(truth: TruthValue, margin: float) -> Any:
    """A verdict with a margin as exact as sums of floats are."""
    return truth, pytest.approx(margin, abs=1e-9)
