"""Whether what a claim names is away from a stretch."""

import pytest

from schemas.claim import Claim
from schemas.interval import Interval
from stages.claims.scene_view import SceneView
from stages.negatives.away import away_seconds
from tests.scenes import claim, cut, fixed, line, scene, track
from tests.stages.facts.clips import looked_for

RED = track("r", line((0.1, 0.3), (0.9, 0.3), (0, 5)), [(0, 5)], name="red")
FIRST = track("a", line((0.1, 0.3), (0.9, 0.3), (0, 5)), [(0, 5)], label="ball")
SECOND = track("b", fixed(0.5, 0.5), [(5, 8)], moves=False, label="ball")


def _claim(one: object) -> Claim:
    return claim("moves", one, value="right", during=[(1, 4)])


def _away(said: Claim, start: float, end: float, view: SceneView) -> float | None:
    return away_seconds(said, Interval(start_seconds=start, end_seconds=end), view, 0.3)


def test_what_a_colour_names_is_away_where_its_track_is_not() -> None:
    """Red is in view until 5 s: from 6 s on it has been away for 1 s; between 4 and 6 s it is seen."""
    view = SceneView(scene(RED))
    assert _away(_claim(RED), 6, 8, view) == pytest.approx(1.0)
    assert _away(_claim(RED), 4, 6, view) == 0


def test_what_a_noun_names_may_be_what_is_found_of_its_kind_after_a_cut() -> None:
    """The ball of the first shot may be that of the second one, which leaves at 8 s; a little later none is there."""
    view = SceneView(looked_for(FIRST, SECOND).model_copy(update={"cuts": (cut(5.0),)}))
    ball = _claim(FIRST).model_copy(update={"subject_phrases": ("the ball",)})
    assert _away(ball, 6, 7.5, view) == 0
    assert _away(ball, 9, 10, view) == pytest.approx(4.0)


def test_nothing_is_known_where_things_are_not_tracked() -> None:
    """What moves there may be what the claim names."""
    view = SceneView(scene(RED, tracked=[(0, 6)]))
    assert _away(_claim(RED), 6, 8, view) is None
