"""Of what does not move nobody asks how it moves."""

import numpy as np
import pytest

from schemas.claim import Predicate
from schemas.drop import Drop
from schemas.scene import Measure, Scene
from stages.claims.breaks import MOVEMENT
from stages.claims.proof import ProofConfig
from stages.facts.stillness import camera_moves, is_still_picture, something_moves
from stages.facts.writer import FactsWriter
from tests.scenes import cut, fixed, line, measure, places, scene, span, track
from tests.stages.claims.verdicts import view
from tests.stages.facts.clips import clip_of


def _measures(*, light: tuple[float, float] = (0.5, 0.5), moving: float = 0.0, pan: float = 0.0) -> list[Measure]:
    """Ten seconds: another light in the second half, motion in the whole picture, and a camera that pans."""
    return [measure(float(i), luma=light[i >= 5], motion=(moving, moving, moving), shift=(pan, 0.0)) for i in range(10)]


def _asked(there: Scene) -> set[Predicate]:
    """The predicates of the true answers to what is asked about a clip."""
    written = FactsWriter().write(clip_of(there), 200, ProofConfig(), np.random.default_rng(0))
    return {groups[0].chosen.claim.predicate for groups in written if not isinstance(groups, Drop)}


def test_a_picture_is_still_if_nothing_happens_in_it() -> None:
    """Motion of 0.002 of the pixels, a camera at 0.02 a second, a light 1.25 times as bright, or a thing that moves is
    enough; a thing that stands still is not.
    """
    assert is_still_picture(view(track("a", fixed(0.5, 0.5), moves=False), measures=_measures(moving=0.0019)))
    assert not is_still_picture(view(measures=_measures(moving=0.0021)))
    assert not is_still_picture(view(measures=_measures(pan=0.02)))
    assert not is_still_picture(view(measures=_measures(light=(0.4, 0.51))))
    assert not is_still_picture(view(track("a", line((0.1, 0.1), (0.9, 0.9), (0, 10)))))
    assert is_still_picture(view(measures=[]))


def test_something_moves_in_the_seconds_that_an_interval_overlaps() -> None:
    """A tenth of the left third moves in the first second: 0.033 of the picture there, 0.0033 over ten seconds."""
    there = view(measures=[measure(float(i), motion=(0.1 * (i == 0), 0, 0)) for i in range(10)])
    assert something_moves(there, span(0.5, 1.5))
    assert something_moves(there, span(0, 10))
    assert not something_moves(there, span(1, 10))
    assert not something_moves(view(measures=[]), span(0, 1))


def test_a_camera_moves_only_where_it_is_known_to() -> None:
    """A shift of 0.02 of the frame's width in one second; unknown ones are no movement."""
    assert camera_moves(view(measures=[measure(0.0), measure(1.0, shift=(0.02, 0.0))]))
    assert camera_moves(view(measures=[measure(0.0, scale=0.98)]))
    assert not camera_moves(view(measures=[measure(0.0), measure(1.0, shift=None)]))


def test_a_still_picture_is_asked_nothing_about_movement_or_light() -> None:
    """Two slides with a cut between them: their number and the place are asked, and what does not move is not."""
    distances = places((0, 0, 0.0, 0.1), (0, 1, 0.9, 1.4), (1, 1, 0.0, 0.1))
    asked = _asked(scene(cuts=[cut(5.0)], places=distances, measures=_measures(light=(0.9, 0.8))))
    assert {Predicate.SHOT_COUNT, Predicate.PLACE_CHANGED} <= asked
    assert not asked & (MOVEMENT | {Predicate.BRIGHTER})


@pytest.mark.parametrize(("moving", "pan", "asked"), [(0.01, 0.0, True), (0.0, 0.0, False)])
def test_the_camera_stays_still_is_asked_where_something_moves(moving: float, pan: float, asked: bool) -> None:
    """The light changes, so that the picture is not still; but nothing in it moves."""
    there = scene(measures=_measures(light=(0.3, 0.6), moving=moving, pan=pan))
    assert (Predicate.CAMERA_MOVES in _asked(there)) is asked
    assert Predicate.BRIGHTER in _asked(there)


def test_the_camera_stays_still_is_asked_where_it_moves_at_another_time() -> None:
    """It pans in the first three of ten seconds, over an empty place."""
    there = scene(measures=[measure(float(i), shift=(0.05 if i < 3 else 0.0, 0.0)) for i in range(10)])
    assert Predicate.CAMERA_MOVES in _asked(there)


def test_numbers_of_moving_things_are_asked_only_if_the_clip_has_some() -> None:
    """If nothing moves beside the light, "0" is no question; once something moves and leaves, it is."""
    assert Predicate.MOVING_COUNT not in _asked(scene(measures=_measures(light=(0.3, 0.6))))
    leaving = track("a", line((0.3, 0.5), (0.9, 0.5), (0, 4)), [(0, 4)], name="red", leaves_to="right")
    assert Predicate.MOVING_COUNT in _asked(scene(leaving))


def test_one_place_is_asked_about_only_across_a_cut() -> None:
    """A clip of one shot shows one place; of three shots there and back it is asked whether the place is the same."""
    one = scene(places=places((0, 0, 0.0, 0.1)), measures=_measures(moving=0.01))
    assert not _asked(one) & {Predicate.PLACE_SAME, Predicate.PLACE_CHANGED}
    known = places((0, 0, 0, 0.1), (1, 1, 0, 0.1), (2, 2, 0, 0.1), (0, 1, 1.0, 1.3), (1, 2, 1.0, 1.3), (0, 2, 0.1, 0.2))
    back = scene(cuts=[cut(3.0), cut(6.0)], places=known, measures=_measures(moving=0.01))
    assert {Predicate.PLACE_SAME, Predicate.PLACE_CHANGED} <= _asked(back)
