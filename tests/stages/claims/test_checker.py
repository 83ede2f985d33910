"""Claims whose intervals are given in words: the verdict must not depend on the exact edges."""

from stages.claims import TruthValue, check, check_worded
from tests.scenes import claim, cut, event, fixed, line, places, track
from tests.stages.claims.verdicts import view

RED = track("r", line((0.1, 0.5), (0.9, 0.5), (0, 8)), name="red")


def test_a_verdict_holds_at_both_readings_of_each_edge() -> None:
    """Red leaves the left third at (1/3 - 0.1) / 0.1 = 2.33 s: the end of [0, 2) may be 0.25 s later, that of [0, 2.2)
    may not.
    """
    for end, truth in ((2.0, TruthValue.TRUE), (2.2, TruthValue.UNKNOWN)):
        asked = claim("in_region", RED, value="left", during=[(0, end)])
        assert check(asked, view(RED)).truth is TruthValue.TRUE
        assert check_worded(asked, view(RED), edge_seconds=0.25).truth is truth


def test_the_margin_is_that_of_the_plain_reading() -> None:
    """In [0, 2) red comes as far as 0.1 + 0.1 * 1.9 = 0.29, whatever it does until 2.25 s."""
    asked = claim("in_region", RED, value="left", during=[(0, 2)])
    assert check_worded(asked, view(RED), edge_seconds=0.25) == check(asked, view(RED))


def test_a_cut_is_an_edge_that_nobody_reads_otherwise() -> None:
    """Red is on the left until the cut and then on the right: "before the cut" does not reach beyond it. If the cut is
    at exactly 5 s, the words may have been "in the first five seconds", whose edge does move.
    """
    for moment, truth in ((5.3, TruthValue.TRUE), (5.0, TruthValue.UNKNOWN)):
        thing = track("r", lambda t, m=moment: fixed(0.2 if t < m else 0.8, 0.5)(t), name="red")  # type: ignore[misc]
        asked = claim("in_region", thing, value="left", during=[(0, moment)])
        assert check_worded(asked, view(thing, cuts=[cut(moment)]), edge_seconds=0.25).truth is truth
        assert check_worded(asked, view(thing), edge_seconds=0.25).truth is TruthValue.UNKNOWN


def test_an_edge_near_a_cut_is_not_the_cut() -> None:
    """The first half ends at 5 s: with its edge moved it reaches beyond a cut at 5.05 s."""
    thing = track("r", lambda t: fixed(0.2 if t < 5.05 else 0.8, 0.5)(t), name="red")
    asked = claim("in_region", thing, value="left", during=[(0, 4.98)])
    assert check_worded(asked, view(thing, cuts=[cut(5.05)]), edge_seconds=0.25).truth is TruthValue.UNKNOWN


def test_an_interval_shorter_than_its_edges_says_nothing() -> None:
    """If [2, 2.4) starts 0.25 s later and ends 0.25 s earlier, nothing is left of it."""
    asked = claim("in_region", RED, value="right", during=[(2, 2.4)])
    assert check(asked, view(RED)).truth is TruthValue.FALSE
    assert check_worded(asked, view(RED), edge_seconds=0.25).truth is TruthValue.UNKNOWN


def test_what_is_not_seen_all_along_is_not_said() -> None:
    """A thing that is visible for 9.7 of 10 s is not known to be "on the left over the clip"; 0.2 s at either end do
    not matter.
    """
    for first, last, truth in ((0.0, 9.7, TruthValue.UNKNOWN), (0.2, 9.8, TruthValue.TRUE)):
        thing = track("r", fixed(0.2, 0.5), [(first, last)], name="red")
        asked = claim("in_region", thing, value="left", during=[(0, 10)])
        assert check(asked, view(thing)).truth is TruthValue.TRUE
        assert check_worded(asked, view(thing), edge_seconds=0.25).truth is truth


def test_what_is_away_in_between_is_not_said_to_stay() -> None:
    """A thing that is out of view from 4 to 5 s is not known to stand still over the clip."""
    thing = track("r", fixed(0.2, 0.5), [(0, 4), (5, 10)], name="red")
    asked = claim("still", thing, during=[(0, 10)])
    assert check_worded(asked, view(thing), edge_seconds=0.25).truth is TruthValue.UNKNOWN


def test_that_two_things_meet_needs_one_moment() -> None:
    """Blue is hidden behind red from 4 to 5 s: they meet, whatever happens then. That they stay apart is not known of
    things 0.2 apart of which one is hidden.
    """
    hidden = [(0, 4), (5, 10)]
    for x, predicate, truth in ((0.25, "overlaps", TruthValue.TRUE), (0.5, "apart", TruthValue.UNKNOWN)):
        red, blue = track("r", fixed(0.2, 0.5), name="red"), track("b", fixed(x, 0.5), hidden, name="blue")
        asked = claim(predicate, red, blue, during=[(0, 10)])
        assert check(asked, view(red, blue)).truth is TruthValue.TRUE
        assert check_worded(asked, view(red, blue), edge_seconds=0.25).truth is truth


def test_an_event_needs_no_coverage() -> None:
    """Red leaves at 3 s, 2 s inside [1, 10), though it is out of view for most of it."""
    thing = track("r", fixed(0.2, 0.5), [(0, 3)], name="red")
    asked = claim("event_in", thing, value="leaves", during=[(1, 10)])
    assert check_worded(asked, view(thing, events=[event("leaves", 3.0, "r")]), edge_seconds=0.25).margin == 2.0


def test_claims_without_intervals_have_no_edges() -> None:
    """There is nothing to move, so the verdict is the plain one."""
    other = track("b", fixed(0.2, 0.5), [(0, 3)], name="blue")
    asked = claim("together", RED, other)
    assert check_worded(asked, view(RED, other), edge_seconds=0.25) == check(asked, view(RED, other))


def test_about_a_second_has_no_edge_on_a_cut() -> None:
    """The words "about three seconds in" mean 2.6 to 3.4 s. That the cut was found at 3.4 s is chance: moved by 0.25 s
    the interval crosses it, and the claim is unknown. "Before the cut" certainly ends there.
    """
    apart = places((0, 0, 0.0, 0.1), (0, 1, 1.4, 1.6), (1, 1, 0.0, 0.1))
    there = view(cuts=[cut(3.4)], places=apart)
    about = claim("place_changed", during=[(2.6, 3.4), (5.6, 6.4)])
    before = claim("place_changed", during=[(1.0, 3.4), (5.6, 6.4)])
    assert check_worded(about, there, edge_seconds=0.25).truth is TruthValue.UNKNOWN
    assert check_worded(before, there, edge_seconds=0.25).truth is TruthValue.TRUE
