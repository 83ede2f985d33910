"""Annotated events become named events of the clips that show all of them."""

import pytest

from schemas.annotations import AnnotatedEvent, Annotations
from schemas.scene import EventKind
from stages.annotated.happenings import happenings_in, sentence
from stages.annotated.lay_over import lay_over
from stages.annotated.things import things_in
from tests import scenes
from tests.stages.annotated.clips import clip, laid, thing, times


def _event(phrase: str, start: float, end: float, **rest: object) -> AnnotatedEvent:
    return AnnotatedEvent(phrase=phrase, start_seconds=start, end_seconds=end, **rest)  # type: ignore[arg-type]


def test_a_named_event_has_its_sentence_and_its_tracks() -> None:
    """The sentence is as a text uses it inside another one."""
    annotations = Annotations(
        objects=(thing("dog", (1.0, 0.1)),), events=(_event("The dog  barks.", 1, 2, objects=("dog",)),)
    )
    (event,) = (one for one in laid(annotations).events if one.kind is EventKind.NAMED)
    assert (event.phrase, event.track_ids, event.start_seconds, event.end_seconds) == ("the dog barks", ("a0",), 1, 2)


@pytest.mark.parametrize(
    ("given", "said"),
    [("A man runs.", "a man runs"), ("Anna runs", "Anna runs"), ("TV is on", "TV is on"), ("they  run!", "they run")],
)
def test_only_articles_and_pronouns_lose_their_capital(given: str, said: str) -> None:
    """Names keep theirs."""
    assert sentence(given) == said


def test_an_event_that_the_clip_shows_in_part_is_not_named() -> None:
    """The clip ends at 10 s: an event until 12 s is left out, one until 10.4 s ends with it."""
    annotations = Annotations(
        events=(_event("A", 1, 2), _event("B", 8, 12), _event("C", 3, 10.4)),
        events_complete=True,
        ordered=((0, 1), (0, 2)),
    )
    there = lay_over(scenes.scene(), clip(), annotations)
    assert [(event.phrase, event.end_seconds) for event in there.events] == [("A", 2), ("C", 10)]
    assert [(pair.before, pair.after) for pair in there.ordered] == [("n0", "n2")]
    assert not there.events_complete


def test_events_outside_the_clip_leave_the_others_complete() -> None:
    """An event of a later clip is not one of this clip; a doubtful one inside it is."""
    outside = Annotations(events=(_event("A", 1, 2), _event("B", 20, 22)), events_complete=True)
    doubtful = Annotations(events=(_event("A", 1, 2), _event("B", 3, 4, certain=False)), events_complete=True)
    assert happenings_in(outside, things_in(outside, times()), times()).complete
    assert not happenings_in(doubtful, things_in(doubtful, times()), times()).complete
