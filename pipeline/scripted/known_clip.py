"""A video of which the scripted server knows the content: its annotations, and where its things are at any moment."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from schemas.annotations import AnnotatedBox, AnnotatedEvent, AnnotatedObject, AnnotatedSpan, Annotations

_LONGEST_GAP_SECONDS = 1.5  # between two boxes of a thing that moves
_SLACK_SECONDS = 1e-6


@dataclass(frozen=True)
class BoxInFrame:
    """Where a thing is on a frame: x from the left edge, y from the upper edge, in 0..1."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def x(self) -> float:
        """Of its centre."""
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        """Of its centre."""
        return (self.y0 + self.y1) / 2

    @property
    def area(self) -> float:
        """Share of the frame."""
        return (self.x1 - self.x0) * (self.y1 - self.y0)

    def mirrored(self) -> "BoxInFrame":
        """The place in a frame whose left and right are exchanged."""
        return BoxInFrame(1 - self.x1, self.y0, 1 - self.x0, self.y1)


class KnownClip:
    """One video with its annotations, boxes in 0..1."""

    def __init__(self, name: str, path: Path, annotations: Annotations) -> None:
        """Things and events that were not plain to see are left out."""
        self.name, self.path, self.annotations = name, path, annotations
        self.things = tuple(thing for thing in annotations.objects if thing.phrase and thing.certain)
        self.events = tuple(event for event in annotations.events if event.certain)
        self._places: dict[tuple[str, float], BoxInFrame | None] = {}

    @cached_property
    def nouns(self) -> frozenset[str]:
        """Of all things, also of those that were not plain to see."""
        return frozenset(thing.noun.casefold() for thing in self.annotations.objects)

    @cached_property
    def absent(self) -> frozenset[str]:
        """Nouns of which nothing is in the video."""
        return frozenset(noun.casefold() for noun in self.annotations.absent)

    @cached_property
    def complete(self) -> frozenset[str]:
        """Nouns of which every thing is known."""
        return frozenset(noun.casefold() for noun in self.annotations.complete)

    @cached_property
    def words(self) -> frozenset[str]:
        """Everything that is written in it, in lower case."""
        return frozenset(text.text.casefold() for text in self.annotations.texts)

    def thing(self, phrase: str) -> AnnotatedObject | None:
        """The thing of that phrase, whatever its case."""
        return next((t for t in self.things if (t.phrase or "").casefold() == phrase.casefold()), None)

    def event(self, phrase: str) -> AnnotatedEvent | None:
        """The event of that phrase, if there is only one."""
        found = [event for event in self.events if event.phrase.casefold().rstrip(".") == phrase.casefold()]
        return found[0] if len(found) == 1 else None

    def lacks(self, phrase: str) -> bool:
        """Whether nothing that fits the phrase is in the video."""
        noun = phrase.casefold().split()[-1] if phrase.strip() else ""
        return self.lacks_kind(noun) or (noun in self.complete and self.thing(phrase) is None)

    def lacks_kind(self, noun: str) -> bool:
        """Whether no thing of that kind is in the video: if all that happens is known, so is all that is in it."""
        return noun in self.absent or (self.annotations.events_complete and noun not in self.nouns)

    def place(self, thing: AnnotatedObject, seconds: float) -> BoxInFrame | None:
        """Where the thing is at a moment; None if it is out of view, or its place is not known."""
        key = (thing.id, seconds)
        if key not in self._places:
            self._places[key] = self._found(thing, seconds)
        return self._places[key]

    def _found(self, thing: AnnotatedObject, seconds: float) -> BoxInFrame | None:
        if thing.rough or (thing.visible and not covered(thing.visible, seconds)):
            return None
        times = [box.pts_seconds for box in thing.boxes]
        after = bisect_right(times, seconds + _SLACK_SECONDS)
        before = after - 1
        if before >= 0 and abs(times[before] - seconds) <= _SLACK_SECONDS:
            return self._scaled(thing.boxes[before], thing.boxes[before], 0.0)
        if before < 0 or after == len(times):
            near = thing.boxes[0 if before < 0 else -1] if times else None
            may_stay = near is not None and self._may_stay(thing, near.pts_seconds, seconds)
            return self._scaled(near, near, 0.0) if near and may_stay else None
        one, other = thing.boxes[before], thing.boxes[after]
        gap = other.pts_seconds - one.pts_seconds
        if (thing.moves is not False and gap > _LONGEST_GAP_SECONDS) or not self._one_shot(times[before], times[after]):
            return None
        return self._scaled(one, other, (seconds - one.pts_seconds) / gap)

    def _may_stay(self, thing: AnnotatedObject, known: float, seconds: float) -> bool:
        """Whether the place known at one moment holds at another, beyond all boxes."""
        near = abs(known - seconds) <= 0.25 or thing.moves is False  # boxes are given every 0.2 s
        return near and self._one_shot(min(known, seconds), max(known, seconds))

    def _one_shot(self, start: float, end: float) -> bool:
        return not any(start < cut <= end for cut in self.annotations.shot_starts)

    def _scaled(self, one: AnnotatedBox, other: AnnotatedBox, share: float) -> BoxInFrame:
        width, height = self.annotations.frame_width or 1, self.annotations.frame_height or 1

        def between(a: float, b: float, side: int) -> float:
            return (a + (b - a) * share) / side

        return BoxInFrame(
            between(one.x0, other.x0, width),
            between(one.y0, other.y0, height),
            between(one.x1, other.x1, width),
            between(one.y1, other.y1, height),
        )


def covered(spans: Iterable[AnnotatedSpan], seconds: float) -> bool:
    """Whether a moment lies in one of the spans."""
    return any(span.start_seconds - _SLACK_SECONDS <= seconds < span.end_seconds for span in spans)


def phrases_of(things: Sequence[AnnotatedObject]) -> list[str]:
    """What names each thing alone."""
    return [thing.phrase for thing in things if thing.phrase]
