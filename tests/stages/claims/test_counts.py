"""How many moving things are visible."""

from tests.scenes import claim, cut, fade, fixed, line, link, scene, track
from tests.stages.claims.verdicts import FALSE, TRUE, UNKNOWN, by, verdict

WHOLE = [(0.0, 10.0)]
EARLY = track("e", fixed(0.2, 0.5), [(0, 3)], name="red")
MIDDLE = track("m", fixed(0.5, 0.5), [(2, 6)], name="blue")
LATE = track("l", fixed(0.8, 0.5), [(7, 10)], name="green")
SITTER = track("s", fixed(0.8, 0.1), name="yellow", moves=False)
APART = (link("e", "l", same=False), link("m", "l", same=False))


def count(value: int, during: list[tuple[float, float]] = WHOLE, predicate: str = "moving_count") -> object:
    return claim(predicate, value=str(value), during=during)


def test_moving_count_counts_distinct_moving_things_alone() -> None:
    """Red and blue are visible at once, and green is linked to neither: three, each visible for 3 s or more, hence
    certain.
    """
    there = scene(EARLY, MIDDLE, LATE, SITTER, links=APART)
    assert verdict(count(3), there) == by(TRUE, 1.0)
    assert verdict(count(2), there) == by(FALSE, 1.0)
    assert verdict(count(4), there) == by(FALSE, 1.0)


def test_a_brief_glimpse_makes_a_count_less_clear() -> None:
    """In [2.9, 6) red is seen for 0.1 s of the half second of clearness; in [3.2, 6) it is 0.2 s away."""
    there = scene(EARLY, MIDDLE)
    assert verdict(count(2, [(2.9, 6)]), there) == by(TRUE, 0.2)
    assert verdict(count(1, [(3.2, 6)]), there) == by(TRUE, 0.4)
    assert verdict(count(2, [(3.2, 6)]), there) == by(FALSE, 0.4)


def test_tracks_that_may_be_one_leave_the_number_open() -> None:
    """Without links green may be red or blue again: two or three, but surely not one and not four."""
    there = scene(EARLY, MIDDLE, LATE)
    assert verdict(count(3), there) == verdict(count(2), there) == by(UNKNOWN, 0)
    assert verdict(count(1), there) == verdict(count(4), there) == by(FALSE, 1.0)


def test_tracks_that_are_one_count_once() -> None:
    """Green is red again: red and blue, two."""
    there = scene(EARLY, MIDDLE, LATE, links=[link("e", "l", same=True)])
    assert verdict(count(2), there) == by(TRUE, 1.0)
    assert verdict(count(3), there) == by(FALSE, 1.0)


def test_what_moves_as_one_without_a_clear_colour_may_be_several() -> None:
    """Red and something of several colours: at least two, perhaps more. Once that is gone, or if it is a dog, all are
    known.
    """
    motley = track("m", fixed(0.5, 0.5), [(2, 6)])
    there = scene(track("e", fixed(0.2, 0.5), name="red"), motley)
    assert verdict(count(2), there) == verdict(count(3), there) == by(UNKNOWN, 0)
    assert verdict(count(1), there) == by(FALSE, 1.0)
    assert verdict(count(1, [(6.5, 9)]), there) == by(TRUE, 1.0)
    dog = scene(track("e", fixed(0.2, 0.5), name="red"), motley.model_copy(update={"label": "dog"}))
    assert verdict(count(2), dog) == by(TRUE, 1.0)


def test_untracked_stretches_may_hold_more() -> None:
    """Tracked up to 6 s: at least red and blue move in the clip, perhaps more; before 6 s exactly those."""
    there = scene(EARLY, MIDDLE, tracked=[(0, 6)])
    assert verdict(count(2), there) == verdict(count(3), there) == by(UNKNOWN, 0)
    assert verdict(count(1), there)[0] is FALSE
    assert verdict(count(2, [(0, 6)]), there)[0] is TRUE


def test_distinct_moving_count_needs_more_than_one_moment() -> None:
    """Three moving things, at most two of them at once: three is true. Red and blue are visible at once: unknown."""
    there = scene(EARLY, MIDDLE, LATE, links=APART)
    assert verdict(count(3, predicate="distinct_moving_count"), there) == by(TRUE, 1.0)
    assert verdict(count(4, predicate="distinct_moving_count"), there) == by(FALSE, 1.0)
    pair = scene(EARLY, MIDDLE)
    for value in (1, 2, 3):
        assert verdict(count(value, predicate="distinct_moving_count"), pair) == by(UNKNOWN, 0)


def test_nearly_at_once_is_nearly_open() -> None:
    """Blue comes 0.2 s after red has gone: if each were visible 0.1 s longer, both would be visible at once. 0.25 s is
    certain.
    """
    early, late = (
        track("e", fixed(0.2, 0.5), [(0, 4)], name="red"),
        track("l", fixed(0.8, 0.5), [(4.2, 9)], name="blue"),
    )
    there = scene(early, late, links=[link("e", "l", same=False)])
    assert verdict(count(2, predicate="distinct_moving_count"), there) == by(TRUE, 0.4)
    assert verdict(count(3, predicate="distinct_moving_count"), there) == by(FALSE, 0.4)
    assert verdict(count(2), there) == by(TRUE, 1.0)


def test_a_mover_may_stand_unseen_in_another_shot() -> None:
    """With a cut, 2 % of the frame that is red outside red's track may be red, standing still: one or two are seen."""
    shots = scene(EARLY, MIDDLE, cuts=[cut(6.5)], outside=0.02)
    assert verdict(count(1, [(4, 6)]), shots) == verdict(count(2, [(4, 6)]), shots) == by(UNKNOWN, 0)
    assert verdict(count(0, [(4, 6)]), shots)[0] is FALSE
    assert verdict(count(1, [(4, 6)]), scene(EARLY, MIDDLE, outside=0.02))[0] is TRUE
    faded = scene(EARLY, MIDDLE, fades=[fade(6.5)], outside=0.02)
    assert verdict(count(1, [(4, 6)]), faded) == verdict(count(2, [(4, 6)]), faded) == by(UNKNOWN, 0)


def test_what_stands_still_may_be_a_mover_of_another_time() -> None:
    """Green stands there from 7 s on: unless a link says that it is neither red nor blue, it may be one of them."""
    still = track("g", fixed(0.8, 0.5), [(7, 10)], name="green", moves=False)
    parted = (link("e", "g", same=False), link("m", "g", same=False))
    assert verdict(count(0, [(8, 9)]), scene(EARLY, MIDDLE, still, links=parted))[0] is TRUE
    assert verdict(count(0, [(8, 9)]), scene(EARLY, MIDDLE, still, links=parted[:1]))[0] is UNKNOWN
    assert verdict(count(2, [(0, 5)]), scene(EARLY, MIDDLE, still))[0] is TRUE


def test_what_people_described_is_not_counted_beside_what_moves() -> None:
    """A described dog lies on the region that moves: one thing moves, not two."""
    region = track("t1", line((0.1, 0.5), (0.9, 0.5), (0, 10)), name="red")
    dog = track("d", line((0.1, 0.5), (0.9, 0.5), (0, 10)), label="dog").model_copy(update={"source": "annotations"})
    there = scene(region, dog)
    assert verdict(claim("moving_count", value="1", during=[(2.0, 6.0)]), there)[0] is TRUE
    assert verdict(claim("moving_count", value="2", during=[(2.0, 6.0)]), there)[0] is FALSE
