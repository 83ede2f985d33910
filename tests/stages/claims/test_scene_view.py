"""A scene prepared for the checker."""

import numpy as np
import pytest

from stages.claims.scene_view import SceneView
from tests.scenes import cut, fixed, link, measure, places, scene, span, track

A = track("a", fixed(0.2, 0.5), [(0, 4)], name="red", score=0.8)
B = track("b", fixed(0.8, 0.5), [(3, 6)], name="red", score=0.5)
RESTS = track("c", fixed(0.5, 0.5), [(7, 9)], name="red", moves=False)


def test_a_measure_weighs_as_much_as_of_it_lies_in_the_interval() -> None:
    """[0.5, 2.25) holds half of the first second, all of the second and a quarter of the third."""
    view = SceneView(scene())
    assert list(view.seconds_M(span(0.5, 2.25))[:4]) == [0.5, 1.0, 0.25, 0.0]
    assert list(view.shares_M(span(0.5, 2.25))[:4]) == [0.5, 1.0, 0.25, 0.0]


def test_the_last_second_of_a_clip_may_be_short() -> None:
    """Of 2.5 s the third measure covers half a second: [2, 2.5) is all of it."""
    view = SceneView(scene(seconds=2.5, measures=[measure(float(i)) for i in range(3)]))
    assert list(view.measure_ends_M) == [1.0, 2.0, 2.5]
    assert list(view.shares_M(span(2.0, 2.5))) == [0.0, 0.0, 1.0]


def test_an_interval_is_measured_if_nine_tenths_of_it_are() -> None:
    """Measures from 0 to 9 s cover 90 % of [0, 10), and 80 % of [5, 10)."""
    view = SceneView(scene(measures=[measure(float(i)) for i in range(9)]))
    assert view.is_measured(span(0, 10))
    assert not view.is_measured(span(5, 10))


def test_an_unknown_shift_is_nan_and_a_scale_is_logarithmic() -> None:
    """Camera motion that is not known must not look like a camera at rest."""
    view = SceneView(scene(measures=[measure(0.0, shift=None), measure(1.0, shift=(0.1, 0.0), scale=2.0)]))
    assert np.isnan(view.camera_M3[0]).all()
    assert view.camera_M3[1] == pytest.approx([0.1, 0.0, np.log(2)])


def test_shots_are_numbered_by_the_cuts_before_them() -> None:
    """Cuts at 3 and 6 s: [0, 3) is shot 0, [3, 6) shot 1, and [2, 7) all three."""
    view = SceneView(scene(cuts=[cut(3.0), cut(6.0)], places=places((0, 1, 1.0, 2.0))))
    assert [list(view.shots(span(*edges))) for edges in ((0, 3), (3, 6), (2, 7))] == [[0], [1], [0, 1, 2]]
    between = view.place_distance(0, 1)
    assert between is not None
    assert view.place_distance(1, 0) is between
    assert view.place_distance(0, 2) is None


def test_two_things_are_parted_by_a_link_or_by_being_seen_together() -> None:
    """A and b share [3, 4): certain by the weaker score, 0.5. A and c never meet: only a link parts them, by 0.9."""
    apart = SceneView(scene(A, B, RESTS, links=[link("a", "c", same=False)]))
    a, b, c = apart.things
    assert apart.parting(a, b) == 0.5
    assert apart.parting(c, a) == 0.9
    assert apart.parting(b, c) is None


def test_what_rests_may_be_what_moved_elsewhere() -> None:
    """C stands still; unless a link parts it from a and from b, it may be one of them."""
    assert [t.tracks[0].track_id for t in SceneView(scene(A, B, RESTS)).perhaps_movers] == ["c"]
    links = [link("a", "c", same=False), link("b", "c", same=False)]
    assert SceneView(scene(A, B, RESTS, links=links)).perhaps_movers == ()


def test_an_interval_is_tracked_if_one_stretch_holds_it() -> None:
    """Tracked in [0, 4) and [5, 10): [1, 4) is, [3, 6) is not."""
    view = SceneView(scene(tracked=[(0.0, 4.0), (5.0, 10.0)]))
    assert view.is_tracked(1.0, 4.0)
    assert not view.is_tracked(3.0, 6.0)
