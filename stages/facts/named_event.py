"""The named events that a text may speak of: as a sentence, "the woman lifts the bowl"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schemas.interval import Interval
from schemas.scene import Event, EventKind, Scene
from stages.claims.alone import TELLS_ORDER
from stages.facts.entity import Entity

_MOST_WORDS = 20
_LEAST_SECONDS = 0.3
"""What is over sooner may be in none of the frames that are shown."""
_WORD = re.compile(r"[\w'’-]+")
_REFERS = re.compile(r"^(he|she|it|they|this|that|these|those|his|her|their|its|then|and|but|also)\b", re.IGNORECASE)
"""Who or what these mean, only the sentence before says."""


@dataclass(frozen=True)
class NamedEvent(Entity):
    """A named event, as a text speaks of it."""

    event: Event | None = None
    """What it is in the clip."""

    def phrase(self, noun: str) -> str:
        """Its sentence; `noun` is not used."""
        del noun
        return self.name

    @property
    def nouns(self) -> tuple[str, ...]:
        """No noun may stand for it."""
        return ("",)

    @property
    def in_video(self) -> bool:
        """Whether it happens in the clip."""
        return self.event is not None

    @property
    def track_ids(self) -> tuple[str, ...]:
        """The tracks of those that take part."""
        return self.event.track_ids if self.event else ()

    @property
    def interval(self) -> Interval:
        """When it happens. ValueError if it does not."""
        if self.event is None:
            raise ValueError(f"{self.name!r} does not happen in the clip")
        return Interval(start_seconds=self.event.start_seconds, end_seconds=self.event.end_seconds)

    @property
    def tells_order(self) -> bool:
        """Whether its words say when it happens, or that something happened before."""
        return TELLS_ORDER.search(self.name) is not None


def named_events(scene: Scene) -> Iterator[NamedEvent]:
    """The named events of a clip that one sentence tells by itself, in order of time."""
    for event in scene.events:
        phrase = event.phrase or ""
        seconds = event.end_seconds - event.start_seconds
        if event.kind is EventKind.NAMED and _is_sentence(phrase) and seconds >= _LEAST_SECONDS:
            yield NamedEvent(None, phrase, label="event", event=event)


def _is_sentence(phrase: str) -> bool:
    """Whether it is one sentence of a usual length that needs no other to be understood."""
    words = _WORD.findall(phrase)
    return 3 <= len(words) <= _MOST_WORDS and not re.search(r"[.?!;:\n]", phrase) and not _REFERS.search(phrase)
