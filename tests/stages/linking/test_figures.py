"""Named tracks follow the things of rendered worlds, whether the detector is perfect or noisy."""

from functools import cache

import pytest

from pipeline.demo.scenarios.sets import demo_worlds
from schemas.scene import OBJECT
from tests.stages.linking.figures import Figures
from tests.stages.linking.scripted import NOISY, PERFECT, Filmed, Noise

pytestmark = pytest.mark.slow(40)
SEED = 11
"""Thresholds were chosen on worlds of other seeds."""


@cache
def _films() -> tuple[Filmed, ...]:
    return tuple(Filmed(world) for world in demo_worlds(SEED, 24))


@cache
def _figures(noise: Noise) -> Figures:
    figures = Figures()
    for filmed in _films():
        figures.add(filmed, filmed.named(noise))
    return figures


@pytest.mark.parametrize(("noise", "least"), [(PERFECT, 0.95), (NOISY, 0.85)], ids=["perfect", "noisy"])
def test_identities_hold_over_unbroken_stretches(noise: Noise, least: float) -> None:
    """IDF1, that is twice the boxes that have the right identity over all boxes, true and found."""
    assert _figures(noise).idf1 >= least


@pytest.mark.parametrize("noise", [PERFECT, NOISY], ids=["perfect", "noisy"])
def test_no_track_shows_two_things(noise: Noise) -> None:
    """Neither where things cross nor over a gap or a cut; where it is doubtful there are two tracks."""
    assert _figures(noise).mixed == []


@pytest.mark.parametrize(("noise", "within"), [(PERFECT, 1.0), (NOISY, 0.9)], ids=["perfect", "noisy"])
def test_things_appear_and_disappear_when_they_do(noise: Noise, within: float) -> None:
    """90 % within 0.2 s; all within one looked-at frame (0.3 s) unless the detector misses it there, twice in a row."""
    errors = _figures(noise).errors_seconds
    assert sum(error <= 0.2 for error in errors) >= 0.9 * len(errors) > 20
    assert sum(error <= 0.3 for error in errors) >= within * len(errors)


@pytest.mark.parametrize("noise", [PERFECT, NOISY], ids=["perfect", "noisy"])
def test_what_moves_gets_the_name_of_the_box_around_it(noise: Noise) -> None:
    """Of the true tracks of moving things, unnamed, nine in ten get a name, each its own."""
    named = unnamed = 0
    for filmed in _films():
        nouns = {thing.thing_id: thing.shape.value for thing in filmed.world.things}
        known = {track.track_id for track in filmed.moving.tracks}
        for track in filmed.named(noise, filmed.moving).tracks:
            if track.track_id in known:
                unnamed += track.label == OBJECT
                named += track.label != OBJECT
                assert track.label in {OBJECT, nouns[track.track_id.split(".")[0]]}
    assert named >= 0.9 * (named + unnamed)
