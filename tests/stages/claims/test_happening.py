"""Named events: when one happens, and which of two comes first."""

from collections.abc import Callable

import pytest

from schemas.claim import Claim, Predicate
from schemas.scene import Event, EventKind, EventOrder, Scene
from stages.claims.edited_scene import backwards, mirrored
from tests.scenes import scene, span
from tests.stages.claims.verdicts import FALSE, TRUE, UNKNOWN, by, verdict


def _event(name: str, start: float, end: float, phrase: str | None = None) -> Event:
    return Event(
        event_id=name,
        kind=EventKind.NAMED,
        track_ids=(),
        phrase=phrase or f"the dog does {name}",
        pts_seconds=start,
        start_seconds=start,
        end_seconds=end,
        margin=1.0,
    )


def _scene(*events: Event, complete: bool = True, ordered: tuple[tuple[str, str], ...] = ()) -> Scene:
    pairs = tuple(EventOrder(before=a, after=b) for a, b in ordered)
    return scene().model_copy(update={"events": events, "events_complete": complete, "ordered": pairs})


def _in(start: float, end: float, phrase: str = "the dog does a") -> Claim:
    return Claim(predicate=Predicate.HAPPENS_IN, subject_phrases=(phrase,), intervals=(span(start, end),))


def _before(first: str, second: str) -> Claim:
    return Claim(
        predicate=Predicate.HAPPENS_BEFORE,
        subject_phrases=(f"the dog does {first}",),
        object_phrases=(f"the dog does {second}",),
    )


def test_an_event_lies_in_an_interval_by_its_distance_to_the_ends() -> None:
    """From 2 to 3 s in [1, 6): 1 s from the start, of which 0.2 s may be an error."""
    assert verdict(_in(1, 6), _scene(_event("a", 2, 3))) == by(TRUE, 0.8)
    assert verdict(_in(2.5, 6), _scene(_event("a", 2, 3))) == by(UNKNOWN, 0)


def test_no_event_reaches_over_an_end_of_the_clip() -> None:
    """An event from the first frame on lies in the first half: only the half's end is a limit, 2 s away."""
    assert verdict(_in(0, 5), _scene(_event("a", 0, 3))) == by(TRUE, 1.8)
    assert verdict(_in(5, 10), _scene(_event("a", 7, 10))) == by(TRUE, 1.8)


def test_outside_is_false_only_if_it_cannot_happen_again() -> None:
    """If not every event is named it may; not if its phrase names one occasion."""
    event = _event("a", 2, 3)
    assert verdict(_in(5, 10), _scene(event)) == by(FALSE, 1.8)
    assert verdict(_in(5, 10), _scene(event, complete=False)) == by(UNKNOWN, 0)
    once = "the dog barks for the first time"
    assert verdict(_in(5, 10, once), _scene(_event("a", 2, 3, once), complete=False)) == by(FALSE, 1.8)


def test_one_event_comes_before_another_by_the_seconds_between() -> None:
    """From 3 to 5 s, of which 0.2 s may be an error; the other way round is false by as much."""
    there = _scene(_event("a", 1, 3), _event("b", 5, 6))
    assert verdict(_before("a", "b"), there) == by(TRUE, 1.8)
    assert verdict(_before("b", "a"), there) == by(FALSE, 1.8)


def test_events_that_touch_have_an_order_only_if_somebody_says_so() -> None:
    """One ends at 3 s, when the other starts. Said to be in order, their starts are 2 s and their ends 1 s apart."""
    events = (_event("a", 1, 3), _event("b", 3, 4))
    assert verdict(_before("a", "b"), _scene(*events)) == by(UNKNOWN, 0)
    ordered = _scene(*events, ordered=(("a", "b"),))
    assert verdict(_before("a", "b"), ordered) == by(TRUE, 0.8)
    assert verdict(_before("b", "a"), ordered) == by(FALSE, 0.8)


@pytest.mark.parametrize("other", ["the dog barks again", "The dog barks"])
def test_a_phrase_that_fits_another_event_names_none(other: str) -> None:
    """What fits "the dog barks again" names neither, and so does what is said twice."""
    there = _scene(_event("a", 1, 2, "the dog barks"), _event("b", 7, 8, other))
    assert verdict(_in(0, 5, "the dog barks"), there) == by(UNKNOWN, 0)


@pytest.mark.parametrize(
    ("edit", "phrase", "truth"),
    [
        (backwards, "the dog does a", UNKNOWN),
        (mirrored, "the dog does a", TRUE),
        (mirrored, "the dog runs to the left", UNKNOWN),
    ],
)
def test_edits_leave_only_events_that_they_do_not_change(
    edit: Callable[[Scene], Scene], phrase: str, truth: object
) -> None:
    """Backwards nothing is named; mirrored, nothing with a side."""
    there = edit(_scene(_event("a", 2, 3, phrase)))
    assert verdict(_in(0, 6, phrase), there)[0] is truth
