"""Claims about annotated things bear the errors of boxes and times that were read by eye."""

from typing import Any

import pytest

from schemas.claim import Claim
from schemas.scene import Scene, Track
from stages.claims.annotated_things import is_annotated, is_followed
from stages.claims.scene_view import SceneView
from tests.scenes import Motion, claim, cut, fixed, line, measure, scene, search_of, track
from tests.stages.claims.verdicts import FALSE, TRUE, UNKNOWN, by, verdict


def _named(name: str, motion: Motion, visible: Any = ((0.0, 10.0),), **rest: Any) -> Track:
    found = track(name, motion, visible, **rest)
    return found.model_copy(update={"source": "annotations", "phrase": f"the {name}", "label": name})


def _said(predicate: str, subject: Track, other: Track | None = None, **rest: Any) -> Claim:
    plain = claim(predicate, subject, other, **rest)
    phrases = {"subject_phrases": (subject.phrase,), "object_phrases": (other.phrase,) if other else ()}
    return plain.model_copy(update=phrases)


LEFT, RIGHT = _named("cat", fixed(0.2, 0.5)), _named("dog", fixed(0.6, 0.5))
STEADY = tuple(measure(second) for second in range(10))
INSIDE = [(0.0, 10.0)]


def test_a_gap_is_less_clear_by_the_error_of_a_box() -> None:
    """Centres 0.4 apart, less 0.03; a tracked thing loses nothing."""
    said = _said("left_of", LEFT, RIGHT, during=INSIDE)
    assert verdict(said, scene(LEFT, RIGHT)) == by(TRUE, 0.37)
    assert verdict(_said("right_of", LEFT, RIGHT, during=INSIDE), scene(LEFT, RIGHT)) == by(FALSE, 0.37)
    tracked = [one.model_copy(update={"source": "motion"}) for one in (LEFT, RIGHT)]
    assert verdict(said, scene(*tracked)) == by(TRUE, 0.4)


def test_a_gap_within_the_error_says_nothing() -> None:
    """Centres 0.02 apart may be in the other order."""
    near = _named("dog", fixed(0.22, 0.75))
    assert verdict(_said("left_of", LEFT, near, during=INSIDE), scene(LEFT, near)) == by(UNKNOWN, 0)


def test_times_are_less_clear_by_their_error() -> None:
    """Seen together for 3 s, less 0.2 s."""
    early, late = _named("cat", fixed(0.2, 0.5), [(0.0, 5.0)]), _named("dog", fixed(0.6, 0.5), [(2.0, 10.0)])
    assert verdict(_said("together", early, late), scene(early, late)) == by(TRUE, 2.8)


def test_a_place_must_be_known_all_the_time_that_a_thing_is_in_view() -> None:
    """Boxes from 0 to 3 s say nothing of [0, 5), if it is in view for all of it."""
    partly = track("cat", fixed(0.2, 0.5), [(0.0, 3.0)]).model_copy(
        update={"visible": LEFT.visible, "source": "annotations", "phrase": "the cat", "label": "cat"}
    )
    assert verdict(_said("in_region", partly, value="left", during=[(0.0, 2.9)]), scene(partly))[0] is TRUE
    assert verdict(_said("in_region", partly, value="left", during=[(0.0, 5.0)]), scene(partly)) == by(UNKNOWN, 0)


def test_what_reaches_over_half_of_the_picture_is_in_no_third() -> None:
    """A wall whose centre is in the middle is on the left and on the right, too."""
    wide = _named("wall", fixed(0.5, 0.5, 0.7, 0.2))
    assert verdict(_said("in_region", wide, value="centre", during=INSIDE), scene(wide)) == by(UNKNOWN, 0)
    assert verdict(_said("in_region", wide, value="middle", during=INSIDE), scene(wide))[0] is TRUE


def test_a_thing_inside_another_is_not_beside_it() -> None:
    """The hat of a man is within his box."""
    man, hat = _named("man", fixed(0.5, 0.5, 0.3, 0.6)), _named("hat", fixed(0.5, 0.25, 0.1, 0.05))
    assert verdict(_said("above", hat, man, during=INSIDE), scene(man, hat)) == by(UNKNOWN, 0)


def test_movement_needs_a_camera_that_stands_still_and_one_shot() -> None:
    """From 0.2 to 0.8 while the camera stands still, less 0.03; unknown under a moving one, and over a cut."""
    walker = _named("dog", line((0.2, 0.5), (0.8, 0.5), (0, 10)))
    said = _said("moves", walker, value="right", during=[(0.0, 9.0)])
    assert verdict(said, scene(walker, measures=STEADY))[0] is TRUE
    pans = tuple(measure(second, shift=(0.05, 0.0)) for second in range(10))
    assert verdict(said, scene(walker, measures=pans)) == by(UNKNOWN, 0)
    assert verdict(said, scene(walker, measures=STEADY, cuts=(cut(5.0),))) == by(UNKNOWN, 0)


@pytest.mark.parametrize("predicate", ["speeds_up", "slows_down"])
def test_between_two_boxes_the_pace_is_not_known(predicate: str) -> None:
    """A line between boxes has one pace, whatever the thing did."""
    walker = _named("dog", line((0.2, 0.5), (0.8, 0.5), (0, 5)))
    said = _said(predicate, walker, during=[(0.0, 4.0), (5.5, 9.0)])
    assert verdict(said, scene(walker, measures=STEADY)) == by(UNKNOWN, 0)


def _searched(*tracks: Track, others: Any = None) -> Scene:
    searches = tuple(
        search_of(one.label, [one], others=others or (lambda _: [])).model_copy(update={"source": "annotations"})
        for one in tracks
    )
    return scene(*tracks, tracked=()).model_copy(update={"searched": searches})


def test_what_annotations_follow_need_not_be_tracked() -> None:
    """The cat is seen for 2 s and the dog for 6 s; that neither is seen otherwise is said by the annotations."""
    short, long = _named("cat", fixed(0.2, 0.5), [(0.0, 2.0)]), _named("dog", fixed(0.6, 0.5), [(4.0, 10.0)])
    there = _searched(short, long)
    assert verdict(_said("visible_longer", long, short), there) == by(TRUE, 3.8)
    assert verdict(_said("never_together", long, short), there) == by(TRUE, 1.8)
    assert is_annotated(SceneView(there).things[0])


def test_a_thing_that_may_be_in_view_at_other_times_is_not_followed() -> None:
    """It is a candidate at 6 s, when it is not known to be in view."""
    short = _named("cat", fixed(0.2, 0.5), [(0.0, 2.0)])
    there = _searched(short)
    (search,) = there.searched
    (seen,) = (frame for frame in search.frames if frame.pts_seconds == 0.0)
    doubt = [
        frame.model_copy(update={"candidates": seen.candidates}) if 5.9 < frame.pts_seconds < 6.1 else frame
        for frame in search.frames
    ]
    doubtful = there.model_copy(update={"searched": (search.model_copy(update={"frames": tuple(doubt)}),)})
    assert is_followed(SceneView(there).things[0], SceneView(there))
    assert not is_followed(SceneView(doubtful).things[0], SceneView(doubtful))


def test_things_that_may_be_one_are_not_told_apart() -> None:
    """Two cats that are never seen together may be one, and so be in view for as long as both together."""
    first, second = _named("cat", fixed(0.2, 0.5), [(0.0, 2.0)]), _named("cat", fixed(0.6, 0.5), [(5.0, 9.0)])
    second = second.model_copy(update={"track_id": "cat2", "phrase": "the other cat"})
    dog = _named("dog", fixed(0.6, 0.8), [(3.0, 6.0)])
    there = _searched(first, second, dog)
    assert verdict(_said("never_together", first, second), there) == by(UNKNOWN, 0)
    assert verdict(_said("never_together", first, dog), there) == by(UNKNOWN, 0)
    assert verdict(_said("visible_longer", dog, first), there) == by(UNKNOWN, 0)
    assert verdict(_said("visible_longer", second, dog), there) == by(TRUE, 0.8)


def test_a_thing_may_be_in_another_shot_where_nobody_listed_it() -> None:
    """The first shot shows a shoe for 4 s, the second a man for 5 s: he may wear it, unless all shoes are listed there,
    too. That the man is not in the first shot is certain, as people are always listed.
    """
    shoe, man = _named("shoe", fixed(0.5, 0.5), [(0.0, 4.0)]), _named("man", fixed(0.5, 0.5), [(5.0, 10.0)])
    there = _searched(shoe, man).model_copy(update={"cuts": (cut(4.5),)})
    of_shoes, of_men = there.searched
    part = of_shoes.model_copy(update={"frames": tuple(f for f in of_shoes.frames if f.pts_seconds < 4.5)})
    unlisted = there.model_copy(update={"searched": (part, of_men)})
    asked = _said("never_together", shoe, man)
    assert verdict(asked, there) == by(TRUE, 0.8)
    assert verdict(asked, unlisted) == by(UNKNOWN, 0)
    longer = _said("visible_longer", man, shoe)
    assert verdict(longer, there) == by(TRUE, 0.8)
    assert verdict(longer, unlisted) == by(UNKNOWN, 0)


def test_a_thing_returns_if_it_is_seen_again() -> None:
    """The dog is away from 2 to 6 s, less 0.2 s; the cat stays, and there is no other cat that it may be."""
    dog, cat = _named("dog", fixed(0.6, 0.5), [(0.0, 2.0), (6.0, 10.0)]), _named("cat", fixed(0.2, 0.5))
    there = _searched(dog, cat)
    when = [(0.0, 2.0), (6.0, 10.0)]
    assert verdict(_said("returns", dog, during=when), there) == by(TRUE, 3.8)
    assert verdict(_said("returns", cat, during=when), there) == by(FALSE, 0.3)
