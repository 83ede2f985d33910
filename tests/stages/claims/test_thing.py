"""Things: tracks that links join, their colour, and when and where they are visible."""

import pytest

from stages.claims.thing import merged, shared_boxes, things_of
from tests.scenes import event, fixed, line, link, scene, span, track

EARLY = track("a", fixed(0.2, 0.5), [(0, 2)], name="red", score=0.9)
LATE = track("b", fixed(0.8, 0.5), [(5, 7)], name="red", score=0.6)
LAST = track("c", fixed(0.5, 0.5), [(8, 9)], name="red")


def test_links_join_tracks_to_one_thing() -> None:
    """A chain of links a-b, b-c makes one thing of three tracks, in order of time; its score is that of the weakest."""
    chain = [link("b", "c", same=True, score=0.7), link("a", "b", same=True)]
    (thing,) = things_of(scene(LAST, LATE, EARLY, links=chain))
    assert [track.track_id for track in thing.tracks] == ["a", "b", "c"]
    assert (thing.score, thing.link_score, thing.consistent) == (0.6, 0.7, True)
    assert thing.visible == ((0.0, 2.0), (5.0, 7.0), (8.0, 9.0))


def test_links_that_contradict_each_other_make_a_thing_inconsistent() -> None:
    """If a is b and b is c, but a is not c, nothing can be said about the thing."""
    links = [link("a", "b", same=True), link("b", "c", same=True), link("a", "c", same=False)]
    (thing,) = things_of(scene(EARLY, LATE, LAST, links=links))
    assert not thing.consistent


def test_a_thing_has_a_colour_if_all_its_tracks_agree() -> None:
    """Red and red is red; red and blue, or red and unclear, is none."""
    joined = [link("a", "b", same=True)]
    blue, unclear = track("b", fixed(0.8, 0.5), [(5, 7)], name="blue"), track("b", fixed(0.8, 0.5), [(5, 7)])
    names = []
    for other in (LATE, blue, unclear):
        (thing,) = things_of(scene(EARLY, other, links=joined))
        names.append(thing.colour and thing.colour.name.value)
    assert names == ["red", None, None]


def test_a_thing_is_seen_for_the_seconds_that_both_share() -> None:
    """Visible in [0, 2) and [5, 7): 1 s of [1, 5), 3 s of [1, 7), and none of [2, 5)."""
    (thing,) = things_of(scene(EARLY, LATE, links=[link("a", "b", same=True)]))
    assert [thing.seen_seconds(span(*edges)) for edges in ((1, 5), (1, 7), (2, 5))] == [1.0, 3.0, 0.0]
    assert not thing.is_seen(span(2, 5))


def test_events_belong_to_the_thing_of_their_track() -> None:
    """The thing of a and b has the events of both, by kind."""
    events = [event("enters", 0.5, "a"), event("leaves", 2.0, "a"), event("enters", 5.0, "b")]
    (thing,) = things_of(scene(EARLY, LATE, links=[link("a", "b", same=True)], events=events))
    assert {kind.value: times for kind, times in thing.event_seconds.items()} == {
        "enters": (0.5, 5.0),
        "leaves": (2.0,),
    }


def test_intervals_that_touch_are_merged() -> None:
    """Overlapping and adjoining intervals are one, as is a gap of a rounding error; a real gap stays."""
    assert merged(((3.0, 4.0), (0.0, 1.0), (1.0 + 1e-9, 2.0), (1.5, 2.5))) == ((0.0, 2.5), (3.0, 4.0))


def test_shared_boxes_are_those_at_common_times() -> None:
    """Visible from 0 to 2 and from 1 to 3 s at 10 frames a second: both have boxes at 1.0, 1.1, ..., 1.9 s."""
    first = track("a", line((0.2, 0.5), (0.4, 0.5), (0, 2)), [(0, 2)])
    second = track("b", fixed(0.8, 0.5), [(1, 3)])
    one, other = things_of(scene(first, second))
    ours, theirs = shared_boxes(one.path, other.path)
    assert list(ours.times_T) == pytest.approx([1.0 + i / 10 for i in range(10)])
    assert list(theirs.times_T) == pytest.approx(list(ours.times_T))
    assert ours.centres_T2[0, 0] == pytest.approx(0.3)
    assert theirs.centres_T2[0, 0] == pytest.approx(0.8)


def test_path_points_outside_the_visible_intervals_do_not_count() -> None:
    """A box that is kept while the thing is covered is not a place where it is seen."""
    kept = track("a", fixed(0.2, 0.5), [(0, 4)]).model_copy(update={"visible": (span(0, 1), span(3, 4))})
    (thing,) = things_of(scene(kept))
    assert [t for t in thing.path.times_T if 1.05 < t < 2.95] == []
    assert thing.path.inside(span(0, 1)).span_seconds == pytest.approx(0.9)
