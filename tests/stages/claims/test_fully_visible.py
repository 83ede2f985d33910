"""Sizes and speeds are measured on fully visible things alone."""

import pytest

from schemas.claim import Claim, Predicate
from schemas.interval import Interval
from stages.claims.checked import TruthValue
from stages.claims.checker import check
from stages.claims.fully_visible import shows_parts
from stages.claims.scene_view import SceneView
from tests.scenes import fixed, line, scene, track

RESTS = track("r", fixed(0.5, 0.5, 0.2, 0.2), name="red")
PASSES = track("b", line((0.1, 0.5), (0.9, 0.5), (2, 6)), [(2, 6)], name="blue")
LEAVES = track("g", line((0.5, 0.2), (0.949, 0.2), (0, 9)), [(0, 10)], name="green")
VIEW = SceneView(scene(RESTS, PASSES, LEAVES))


def asked(predicate: Predicate, *spans: tuple[float, float], subject: str = "r", other: str | None = None) -> Claim:
    """A claim about these tracks in these intervals."""
    called = {"r": "red", "b": "blue", "g": "green", "y": "yellow"}[subject]
    return Claim(
        value="grows" if predicate is Predicate.SIZE_CHANGE else None,
        predicate=predicate,
        subject_tracks=(subject,),
        subject_phrases=(f"the {called} object",),
        object_tracks=(other,) if other else (),
        object_phrases=("the other",) if other else (),
        intervals=tuple(Interval(start_seconds=start, end_seconds=end) for start, end in spans),
    )


def test_a_thing_that_another_passes_may_seem_to_change_its_pace() -> None:
    """From 2 to 6 s the blue one passes over the red one that rests; before and after that nothing covers it."""
    assert shows_parts(asked(Predicate.SPEEDS_UP, (0, 2), (3, 6)), VIEW)
    assert not shows_parts(asked(Predicate.SLOWS_DOWN, (0, 2), (7, 9)), VIEW)


def test_what_a_model_has_found_is_not_said_to_rest_while_another_passes_over_it() -> None:
    """A model's box may go on where the thing is covered; motion and people give the box of what is seen."""
    found = SceneView(scene(RESTS.model_copy(update={"source": "grounding_dino"}), PASSES))
    assert shows_parts(asked(Predicate.STILL, (3, 6)), found)
    assert not shows_parts(asked(Predicate.STILL, (7, 9)), found)
    assert not shows_parts(asked(Predicate.STILL, (3, 6)), VIEW)


def test_what_is_out_of_sight_in_between_has_no_pace() -> None:
    """The yellow one is out of view from 4 to 6 s."""
    away = SceneView(scene(track("y", line((0.1, 0.8), (0.9, 0.8), (0, 10)), [(0, 4), (6, 10)], name="yellow")))
    assert shows_parts(asked(Predicate.SPEEDS_UP, (0, 2), (3, 7), subject="y"), away)
    assert not shows_parts(asked(Predicate.SPEEDS_UP, (0, 3), (7, 9), subject="y"), away)


def test_a_thing_on_its_way_out_may_seem_to_shrink() -> None:
    """The green one reaches the border at 9 s."""
    assert not shows_parts(asked(Predicate.LARGER_THAN, (6, 8), subject="r", other="g"), VIEW)
    assert shows_parts(asked(Predicate.LARGER_THAN, (7, 9.5), subject="r", other="g"), VIEW)


def test_a_thing_that_comes_slowly_into_view_has_not_grown() -> None:
    """The yellow one enters until 5 s, with more and more of its 0.2 visible; from then on it is fully visible."""
    comes = line((-0.1, 0.5), (0.11, 0.5), (0, 5), size=0.2)
    yellow = track("y", lambda t: (max(0.0, comes(t)[0]), *comes(t)[1:]), [(0.5, 10)], name="yellow")
    view = SceneView(scene(yellow))
    early, late = ((1, 2), (7, 9)), ((5, 6), (8, 9))
    grown, stayed = (asked(Predicate.SIZE_CHANGE, *spans, subject="y") for spans in (early, late))
    assert check(grown, view).truth is TruthValue.TRUE
    assert shows_parts(grown, view)
    assert not shows_parts(stayed, view)


@pytest.mark.parametrize("predicate", [Predicate.LEFT_OF, Predicate.OVERLAPS])
def test_other_claims_are_of_what_is_seen(predicate: Predicate) -> None:
    """Claims about places may use the visible part of a thing."""
    assert not shows_parts(asked(predicate, (3, 6), other="b"), VIEW)
