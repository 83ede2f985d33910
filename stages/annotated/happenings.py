"""Annotated events become named events of one clip, with the pairs whose order is certain."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.annotations import DURATION_TOLERANCE_SECONDS, Annotations
from schemas.scene import Event, EventKind, EventOrder
from stages.annotated.things import KnownThing
from stages.annotated.times import ClipTimes
from stages.annotated.titles import with_quoted_titles

_LOWERED = re.compile(
    r"(The|A|An|One|Two|Three|Some|Someone|Somebody|People|Several|His|Her|Their|Its|It|He|She|They) "
)
_ROUNDING_SECONDS = DURATION_TOLERANCE_SECONDS
"""An event may reach this far over an end of the clip and still be shown as a whole."""


@dataclass(frozen=True)
class Happenings:
    """What happens in a clip, by the annotations."""

    events: tuple[Event, ...]
    ordered: tuple[EventOrder, ...]
    complete: bool
    """Whether every event of the clip is among them, and certain."""


def happenings_in(annotations: Annotations, things: Sequence[KnownThing], times: ClipTimes) -> Happenings:
    """The certain events that lie in the clip as a whole.

    An event that reaches over an end of the clip is not named: the clip shows a part of it only.
    """
    found = dict(_events(annotations, things, times))
    ordered = (
        EventOrder(before=found[a].event_id, after=found[b].event_id)
        for a, b in annotations.ordered
        if a in found and b in found
    )
    left_out = (event for number, event in enumerate(annotations.events) if number not in found)
    complete = annotations.events_complete and all(times.inside(event) is None for event in left_out)
    return Happenings(tuple(found.values()), tuple(ordered), complete)


def _events(annotations: Annotations, things: Sequence[KnownThing], times: ClipTimes) -> Iterator[tuple[int, Event]]:
    tracks = {thing.given.id: thing.track for thing in things}
    for number, event in enumerate(annotations.events):
        inside = times.inside(event)
        if not event.certain or inside is None:
            continue
        if max(inside.start_seconds - event.start_seconds, event.end_seconds - inside.end_seconds) > _ROUNDING_SECONDS:
            continue
        own = (tracks[name] for name in dict.fromkeys(event.objects))
        yield (
            number,
            Event(
                event_id=f"n{number}",
                kind=EventKind.NAMED,
                track_ids=tuple(track.track_id for track in own if track is not None),
                phrase=with_quoted_titles(sentence(event.phrase), annotations.texts),
                pts_seconds=inside.start_seconds,
                start_seconds=inside.start_seconds,
                end_seconds=inside.end_seconds,
                margin=1.0,
            ),
        )


def sentence(phrase: str) -> str:
    """An event's phrase as a text uses it inside a sentence: "the woman lifts the bowl"."""
    words = " ".join(phrase.split()).rstrip(".!")
    return words[0].lower() + words[1:] if _LOWERED.match(words) else words
