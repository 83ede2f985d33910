"""What a request shows of one known video: its frames in the order in which they are shown."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from pipeline.scripted.known_clip import BoxInFrame, KnownClip, covered
from pipeline.scripted.recognise import FrameIndex, RecognisedFrame
from schemas.annotations import AnnotatedEvent, AnnotatedObject, AnnotatedSpan

_AGREE_SECONDS = 0.1
_CLOCKS_TRIED = 3
_AROUND_SECONDS = 0.6
"""What is said of a moment is looked up in the frames this near to it."""


@dataclass(frozen=True)
class View:
    """Frames of one video as they are shown."""

    clip: KnownClip
    sightings: tuple[RecognisedFrame, ...]
    """In the order in which they are shown; frames that show nothing known are left out."""
    clock_seconds: float = 0.0
    """Container time that the texts of the request call 0: their seconds count from the start of what is shown."""

    @cached_property
    def seconds(self) -> tuple[float, ...]:
        """The true time of each frame."""
        return tuple(sighting.seconds for sighting in self.sightings)

    @property
    def runs_forward(self) -> bool:
        """Whether the frames are in order of time."""
        return all(later >= earlier for earlier, later in pairwise(self.seconds))

    @property
    def runs_backward(self) -> bool:
        """Whether there are several frames, in the reverse order of time."""
        return len(self.seconds) > 1 and all(later < earlier for earlier, later in pairwise(self.seconds))

    @property
    def is_mirrored(self) -> bool:
        """Whether left and right are exchanged."""
        return any(sighting.is_mirrored for sighting in self.sightings)

    @property
    def lasts_seconds(self) -> float:
        """From the earliest frame to the latest."""
        return max(self.seconds) - min(self.seconds)

    def places(self, thing: AnnotatedObject) -> list[tuple[int, BoxInFrame]]:
        """Where the thing is seen: the number of the frame, and the place as it is shown."""
        found = []
        for number, sighting in enumerate(self.sightings):
            place = self.clip.place(thing, sighting.seconds)
            if place is not None:
                shown = place.mirrored() if sighting.is_mirrored else place
                if not sighting.hides(shown):
                    found.append((number, shown))
        return found

    def is_hidden(self, thing: AnnotatedObject) -> bool:
        """Whether the thing should be seen in some frame, and is painted over wherever it should."""
        places = [(sighting, self.clip.place(thing, sighting.seconds)) for sighting in self.sightings]
        shown = [(s, place.mirrored() if s.is_mirrored else place) for s, place in places if place is not None]
        return bool(shown) and all(sighting.hides(place) for sighting, place in shown)

    def is_away(self, phrase: str) -> bool:
        """Whether the thing of that phrase is known to be out of view in all frames."""
        thing = self.clip.thing(phrase)
        return thing is not None and bool(thing.visible) and not any(self.is_seen(thing))

    def is_seen(self, thing: AnnotatedObject) -> list[bool]:
        """For each frame, whether the thing is in view by its annotated times."""
        return [covered(thing.visible, seconds) for seconds in self.seconds]

    def shows(self, span: AnnotatedSpan) -> list[int]:
        """The frames within a span."""
        return [number for number, seconds in enumerate(self.seconds) if covered((span,), seconds)]

    def around(self, moment: float) -> "View":
        """The frames near a moment, as texts call it; if there are none, the nearest one."""
        seconds = moment + self.clock_seconds
        near = [s for s in self.sightings if abs(s.seconds - seconds) <= _AROUND_SECONDS]
        nearest = min(self.sightings, key=lambda sighting: abs(sighting.seconds - seconds))
        return replace(self, sightings=tuple(near or (nearest,)))

    def within(self, start_seconds: float, end_seconds: float) -> "View":
        """The frames of a stretch, as texts call it."""
        inside = (s for s in self.sightings if start_seconds <= s.seconds - self.clock_seconds < end_seconds)
        return replace(self, sightings=tuple(inside))

    def has_seen(self, moments: Sequence[float]) -> bool:
        """Whether there is a frame near each of the moments, nearer than the frames of a whole clip are apart."""
        reach = max(0.5, (self.clip.annotations.duration_seconds or 0.0) / 40)
        return all(any(abs(seconds - moment) <= reach for seconds in self.seconds) for moment in moments)

    def share_of(self, spans: Sequence[AnnotatedSpan]) -> float:
        """The share of some spans that lies within what is shown, 0..1; 0 if there are none."""
        start, end = min(self.seconds), max(self.seconds)
        whole = sum(span.end_seconds - span.start_seconds for span in spans)
        inside = sum(max(0.0, min(end, s.end_seconds) - max(start, s.start_seconds)) for s in spans)
        return inside / whole if whole else 0.0

    def first_and_last(self, event: AnnotatedEvent) -> tuple[int, int] | None:
        """Numbers of the first and the last frame that show an event; None if none does."""
        numbers = self.shows(event)
        return (numbers[0], numbers[-1]) if numbers else None


def view_of(index: FrameIndex, frames: Sequence[bytes], said_seconds: Sequence[float | None]) -> View | None:
    """The view of the video that most of the frames show; None if they show none that is known.

    The seconds that are written before the frames may count from any moment; which one is told by the frames.
    """
    plain = [index.recognise(frame, None) for frame in frames]
    apart = [s.seconds - said for s, said in zip(plain, said_seconds, strict=True) if s and said is not None]
    common = Counter(round(seconds, 1) for seconds in apart).most_common(_CLOCKS_TRIED)
    clock, sightings = max(
        (_with_clock(index, frames, said_seconds, clock) for clock in (0.0, *(clock for clock, _ in common))),
        key=lambda tried: _agreeing(tried[1], said_seconds, tried[0]),
    )
    found = [seen for seen in sightings if seen is not None]
    if not found:
        return None
    clips = [seen.clip for seen in found]
    clip = max(clips, key=clips.count)
    return View(clip, tuple(seen for seen in found if seen.clip is clip), clock)


def _with_clock(
    index: FrameIndex, frames: Sequence[bytes], said_seconds: Sequence[float | None], clock: float
) -> tuple[float, list[RecognisedFrame | None]]:
    moments = [None if said is None else said + clock for said in said_seconds]
    return clock, [index.recognise(frame, moment) for frame, moment in zip(frames, moments, strict=True)]


def _agreeing(sightings: Sequence[RecognisedFrame | None], said_seconds: Sequence[float | None], clock: float) -> int:
    """The number of frames that may be shown at the time that is said."""
    pairs = zip(sightings, said_seconds, strict=True)
    return sum(
        s is not None and said is not None and abs(s.seconds - said - clock) < _AGREE_SECONDS for s, said in pairs
    )
