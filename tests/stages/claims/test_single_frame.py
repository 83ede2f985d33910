"""What one frame shows by itself."""

from collections.abc import Sequence

import pytest

from schemas.claim import Claim
from schemas.scene import Scene
from stages.claims import TruthValue, check
from stages.claims.scene_view import SceneView
from stages.claims.single_frame import restrict
from tests.scenes import claim, cut, fixed, line, link, measure, places, scene, search, track

ENDS = [(0.0, 3.0), (7.0, 10.0)]
RED = track("r", line((0.2, 0.5), (0.8, 0.5), (4, 6)), name="red")
BLUE = track("b", fixed(0.5, 0.2), [(0, 3), (6, 10)], name="blue")
GREEN = track("g", fixed(0.5, 0.8), [(7, 10)], name="green")
THERE = scene(
    RED,
    BLUE,
    GREEN,
    links=[link("r", "g", same=False)],
    cuts=[cut(5.0)],
    places=places((0, 0, 0.0, 0.0), (0, 1, 1.5, 1.5), (1, 1, 0.0, 0.0)),
    measures=[measure(float(i), luma=0.3 + 0.05 * i) for i in range(10)],
)
CROSS_FRAME = [
    claim("displaced", RED, value="right", during=ENDS),
    claim("displaced", RED, value="left", during=ENDS),
    claim("returns", BLUE, during=ENDS),
    claim("returns", RED, during=ENDS),
    claim("different_objects", RED, GREEN, during=ENDS),
    claim("same_object", RED, GREEN, during=ENDS),
    claim("place_changed", during=ENDS),
    claim("place_same", during=ENDS),
    claim("brighter", during=ENDS),
    claim("shot_count", value="2"),
    claim("shot_count", value="1"),
]


def is_open(asked: Claim, there: Scene, moments: Sequence[float]) -> bool:
    """Whether the frames at those moments all leave the claim unknown."""
    return all(check(asked, SceneView(restrict(there, moment))).truth is TruthValue.UNKNOWN for moment in moments)


@pytest.mark.parametrize("asked", CROSS_FRAME, ids=lambda c: f"{c.predicate}-{c.value}")
def test_no_frame_proves_or_refutes_a_cross_frame_claim(asked: Claim) -> None:
    """The clip decides each of these claims; no frame in the intervals or between them does."""
    assert check(asked, SceneView(THERE)).truth is not TruthValue.UNKNOWN
    assert is_open(asked, THERE, [0.5, 2.0, 4.0, 5.0, 7.5, 9.9])


def test_a_frame_does_show_where_things_are() -> None:
    """At 8 s red is right of blue, and the frame shows it: a claim that one frame answers is noticed."""
    asked = claim("right_of", RED, BLUE, during=[(7, 10)])
    assert not is_open(asked, THERE, [8.0])
    assert is_open(asked, THERE, [4.0])


def test_a_frame_refutes_a_count_below_what_it_shows() -> None:
    """At 8 s three moving things are visible: "two" is false, "four" is unknown."""
    late = track("y", fixed(0.9, 0.9), [(1, 3)], name="yellow")
    there = scene(RED, BLUE, GREEN, late, links=[link("y", "g", same=False)])
    assert not is_open(claim("distinct_moving_count", value="2", during=[(0, 10)]), there, [8.0])
    assert is_open(claim("distinct_moving_count", value="4", during=[(0, 10)]), there, [0.5, 2, 5, 8.0])


def test_a_frame_has_the_boxes_of_its_moment_alone() -> None:
    """At 5 s red is halfway, and blue and green are out of view."""
    still = restrict(THERE, 5.03)
    assert [track.track_id for track in still.tracks] == ["r"]
    point = still.tracks[0].path[0]
    assert point.pts_seconds == 5.03
    assert point.centre == pytest.approx((0.5, 0.5))
    assert len(still.tracks[0].path) == 1
    assert (still.events, still.links, still.cuts, still.places) == ((), (), (), ())


def test_one_frame_shows_what_a_look_near_it_saw() -> None:
    """Looks every second: the frame at 2.1 s shows what was seen at 2 s, that at 2.5 s was not looked at."""
    looked = scene(BLUE, searched=[search("cup", {"b": lambda _: 0.9}, step=1.0)])
    [near] = restrict(looked, 2.1).searched
    assert [(f.pts_seconds, f.candidates[0].track_id) for f in near.frames] == [(2.1, "b")]
    assert restrict(looked, 2.5).searched[0].frames == ()
    [away] = restrict(looked, 4.1).searched  # blue is out of view
    assert away.frames[0].candidates[0].track_id is None
