"""Annotated objects become named tracks of one clip, with the events of coming into view and going out of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.annotations import AnnotatedObject, AnnotatedSpan, Annotations
from schemas.box import Box, PathPoint, Rectangle, SizeClass, size_class
from schemas.colour import Colour, ColourName
from schemas.interval import Interval
from schemas.scene import ANNOTATIONS, Event, EventKind, Side, Track
from stages.annotated.places import Placed, area_at, boxes_of, path_of, place_at
from stages.annotated.times import SLACK_SECONDS, ClipTimes
from stages.annotated.titles import with_quoted_titles
from stages.claims.nouns import singular

_AT_BORDER = 0.03
"""A box this near to a border of the frame touches it, as boxes are read with that error."""
_CROSSING_SECONDS = 0.5
"""While it crosses a border, a thing touches that one alone, for this long before or after."""
_MOVED = 0.1
"""A thing of which it is not said whether it moves does, if its boxes differ by this much, frame sides."""


@dataclass(frozen=True)
class KnownThing:
    """One annotated object as a clip shows it."""

    given: AnnotatedObject
    boxes: tuple[Placed, ...]
    spans: tuple[AnnotatedSpan, ...]
    """When it is in view; the stretches between its boxes if that is not said."""
    track: Track | None
    """Null if it was not plain to see, or is not in view in this clip."""

    @property
    def noun(self) -> str:
        """What it is, in lower case and singular."""
        return noun_of_text(self.given.noun)

    @property
    def is_several(self) -> bool:
        """Whether its noun is a plural: a bunch of flowers, of which nobody said how many they are."""
        return self.noun != " ".join(self.given.noun.casefold().split())

    @property
    def moves(self) -> bool:
        """Whether it may move by itself."""
        return moves(self.given, self.boxes)

    def area(self, seconds: float, times: ClipTimes) -> Rectangle:
        """Where it is at that moment, or a larger box that it is probably inside of."""
        exact = None if self.given.rough else place_at(seconds, self.boxes, times, moves=self.moves)
        return exact or area_at(seconds, self.boxes, times)


def things_in(annotations: Annotations, times: ClipTimes) -> tuple[KnownThing, ...]:
    """Every annotated object, with its track if it is certainly in view at some time of the clip."""
    found = []
    for number, given in enumerate(annotations.objects):
        boxes = boxes_of(given, annotations)
        spans = tuple(_joined(given.visible)) or tuple(_between(boxes, times, moves=moves(given, boxes)))
        phrase = given.phrase and with_quoted_titles(_phrase(given.phrase), annotations.texts)
        track = _track(f"a{number}", given, phrase, boxes, spans, times) if given.certain else None
        found.append(KnownThing(given, boxes, spans, track))
    return tuple(found)


def noun_of_text(text: str) -> str:
    """A noun as scenes write it: lower case, singular, single blanks."""
    return singular(" ".join(text.casefold().split()))


def moves(given: AnnotatedObject, boxes: Sequence[Placed]) -> bool:
    """Whether an object may move by itself."""
    if given.moves is not None or not boxes:
        return given.moves is not False
    return any(max(edges) - min(edges) > _MOVED for edges in zip(*(box.corners for box in boxes), strict=True))


def _joined(spans: Sequence[AnnotatedSpan]) -> Iterator[AnnotatedSpan]:
    """The union of the stretches, in order of time: people note them in any order, and some twice."""
    waiting: AnnotatedSpan | None = None
    for span in sorted(spans, key=lambda span: span.start_seconds):
        if waiting is None or span.start_seconds > waiting.end_seconds:
            if waiting is not None:
                yield waiting
            waiting = span
        elif span.end_seconds > waiting.end_seconds:
            waiting = AnnotatedSpan(start_seconds=waiting.start_seconds, end_seconds=span.end_seconds)
    if waiting is not None:
        yield waiting


def _between(boxes: Sequence[Placed], times: ClipTimes, *, moves: bool) -> Iterator[AnnotatedSpan]:
    """The stretches of the clip in which its boxes say where it is."""
    known = [place_at(seconds, boxes, times, moves=moves) is not None for seconds in times.analysis]
    start = None
    for seconds, is_known in (*zip(times.analysis, known, strict=True), (times.end_seconds, False)):
        if is_known and start is None:
            start = seconds
        elif not is_known and start is not None:
            yield AnnotatedSpan(start_seconds=start, end_seconds=seconds)
            start = None


def _track(
    track_id: str,
    given: AnnotatedObject,
    phrase: str | None,
    boxes: tuple[Placed, ...],
    spans: Sequence[AnnotatedSpan],
    times: ClipTimes,
) -> Track | None:
    visible = tuple(inside for inside in map(times.inside, spans) if inside is not None)
    if not visible:
        return None
    does_move = moves(given, boxes)
    seen = [t for t in times.analysis if _is_in(visible, t)]
    path = () if given.rough else tuple(path_of(seen, boxes, times, moves=does_move))
    return Track(
        track_id=track_id,
        label=noun_of_text(given.noun),
        phrase=phrase,
        source=ANNOTATIONS,
        score=1.0,
        colour=_colour(given.colour),
        size=_size(path, boxes),
        moves=does_move,
        first_seconds=visible[0].start_seconds,
        last_seconds=visible[-1].end_seconds,
        visible=visible,
        enters_from=_side(path, visible[0].start_seconds),
        leaves_to=_side(path, visible[-1].end_seconds),
        boxes=() if given.rough else tuple(_sampled(boxes, visible, times, moves=does_move)),
        path=path,
    )


def _is_in(stretches: Sequence[Interval], seconds: float) -> bool:
    return any(stretch.contains(seconds) for stretch in stretches)


def _sampled(boxes: Sequence[Placed], visible: Sequence[Interval], times: ClipTimes, *, moves: bool) -> Iterator[Box]:
    for index, seconds in enumerate(times.sampled):
        place = place_at(seconds, boxes, times, moves=moves) if _is_in(visible, seconds) else None
        if place is not None:
            yield Box(frame_index=index, **place.model_dump())


def _phrase(phrase: str) -> str:
    """A phrase as texts use it inside a sentence: "the grey dog"."""
    words = " ".join(phrase.split()).rstrip(".")
    return words if not re.match(r"(The|A|An) ", words) else words[0].lower() + words[1:]


def _colour(name: str | None) -> Colour | None:
    """The colour of that name; null if nobody named one, or one that is no basic name ("gold", "dark red")."""
    word = (name or "").casefold().strip()
    return Colour(name=ColourName(word), share=1.0, margin=1.0) if word in set(ColourName) else None


def _size(path: Sequence[PathPoint], boxes: Sequence[Placed]) -> SizeClass:
    shown = path or [
        PathPoint(pts_seconds=b.pts_seconds, x0=b.corners[0], y0=b.corners[1], x1=b.corners[2], y1=b.corners[3])
        for b in boxes
    ]
    return size_class(shown) if shown else SizeClass.MEDIUM


def _side(path: Sequence[PathPoint], seconds: float) -> Side | None:
    """The only border that it touches around that moment; null if it touches none or several, or if it is not known.

    What comes in over a corner soon touches two borders.
    """
    if not any(abs(point.pts_seconds - seconds) <= SLACK_SECONDS for point in path):
        return None
    around = [point for point in path if abs(point.pts_seconds - seconds) <= _CROSSING_SECONDS]
    clear = {
        Side.LEFT: min(point.x0 for point in around),
        Side.RIGHT: min(1 - point.x1 for point in around),
        Side.TOP: min(point.y0 for point in around),
        Side.BOTTOM: min(1 - point.y1 for point in around),
    }
    touched = [side for side, distance in clear.items() if distance <= _AT_BORDER]
    return touched[0] if len(touched) == 1 else None


def crossings(things: Sequence[KnownThing], times: ClipTimes) -> Iterator[Event]:
    """When a named thing that moves comes in over a border of the frame, or goes out over one, within a shot."""
    for track in (thing.track for thing in things if thing.track is not None and thing.given.visible):
        for number, stretch in enumerate(track.visible):
            for kind, seconds in ((EventKind.ENTERS, stretch.start_seconds), (EventKind.LEAVES, stretch.end_seconds)):
                if track.moves and not times.is_sharp(seconds) and _side(track.path, seconds) is not None:
                    yield Event(
                        event_id=f"{track.track_id}{kind.value}{number}",
                        kind=kind,
                        track_ids=(track.track_id,),
                        pts_seconds=seconds,
                        start_seconds=max(times.start_seconds, seconds - SLACK_SECONDS),
                        end_seconds=min(times.end_seconds, seconds + SLACK_SECONDS),
                        margin=1.0,
                    )
