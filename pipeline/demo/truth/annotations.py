"""The truth of a world as the annotations that a person would give: things, words and what happens."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from pipeline.demo.world.world import Shape
from schemas.annotations import (
    AnnotatedBox,
    AnnotatedEvent,
    AnnotatedObject,
    AnnotatedSpan,
    AnnotatedText,
    Annotations,
)
from schemas.box import PathPoint
from schemas.scene import WRITING, EventKind, Scene, Track

_EVERY_SECONDS = 0.2
"""From one box to the next."""
_DIGITS = 4


def annotations_of(truth: Scene) -> Annotations:
    """What a person would list who looks at every thing, and at every word that is seen as a whole."""
    things: dict[str, list[Track]] = defaultdict(list)
    for track in truth.tracks:
        if track.label != WRITING:
            things[track.track_id.partition(".")[0]].append(track)
    nouns = {tracks[0].label for tracks in things.values()}
    return Annotations(
        objects=tuple(_object(name, tracks, _phrase(name, things)) for name, tracks in things.items()),
        texts=tuple(text for track in truth.tracks if track.label == WRITING for text in _texts(track)),
        events=tuple(_events(truth)),
        events_complete=truth.events_complete,
        complete=tuple(shape.value for shape in Shape if shape.value in nouns),
        absent=tuple(shape.value for shape in Shape if shape.value not in nouns),
    )


def _phrase(name: str, things: Mapping[str, Sequence[Track]]) -> str | None:
    """What names the thing alone: "the red ball"; None if another one is called so, too."""
    called = {other: f"the {_colour(tracks)} {tracks[0].label}" for other, tracks in things.items()}
    return None if list(called.values()).count(called[name]) > 1 else called[name]


def _colour(tracks: Sequence[Track]) -> str | None:
    return tracks[0].colour.name.value if tracks[0].colour else None


def _object(name: str, tracks: Sequence[Track], phrase: str | None) -> AnnotatedObject:
    return AnnotatedObject(
        id=name,
        noun=tracks[0].label,
        phrase=phrase,
        colour=_colour(tracks),
        moves=tracks[0].moves,
        visible=tuple(_span(s.start_seconds, s.end_seconds) for track in tracks for s in track.visible),
        boxes=tuple(_box(point) for track in tracks for point in _some(track.path)),
    )


def _some(path: Sequence[PathPoint]) -> Iterator[PathPoint]:
    """Points at least `_EVERY_SECONDS` apart, with the first and the last of each unbroken run."""
    step = min((later.pts_seconds - earlier.pts_seconds for earlier, later in pairwise(path)), default=1.0)
    given = float("-inf")
    for before, point, after in zip((None, *path[:-1]), path, (*path[1:], None), strict=True):
        begins = before is None or point.pts_seconds - before.pts_seconds > 1.5 * step
        ends = after is None or after.pts_seconds - point.pts_seconds > 1.5 * step
        if begins or ends or point.pts_seconds - given >= _EVERY_SECONDS:
            given = point.pts_seconds
            yield point


def _texts(track: Track) -> Iterator[AnnotatedText]:
    for stretch in track.visible:
        first = next(point for point in track.path if stretch.contains(point.pts_seconds))
        span = _span(stretch.start_seconds, stretch.end_seconds)
        if span.end_seconds > span.start_seconds:
            yield AnnotatedText(
                start_seconds=span.start_seconds,
                end_seconds=span.end_seconds,
                text=track.text or "",
                box=None if track.moves else _box(first),
            )


def _events(truth: Scene) -> Iterator[AnnotatedEvent]:
    for event in truth.events:
        if event.kind is EventKind.NAMED and event.phrase and event.end_seconds > event.start_seconds:
            span = _span(max(0.0, event.start_seconds), min(truth.end_seconds, event.end_seconds))
            own = tuple(dict.fromkeys(name.partition(".")[0] for name in event.track_ids))
            yield AnnotatedEvent(
                start_seconds=span.start_seconds, end_seconds=span.end_seconds, phrase=event.phrase, objects=own
            )


def _span(start: float, end: float) -> AnnotatedSpan:
    return AnnotatedSpan(start_seconds=round(start, _DIGITS), end_seconds=round(end, _DIGITS))


def _box(point: PathPoint) -> AnnotatedBox:
    return AnnotatedBox(
        pts_seconds=round(point.pts_seconds, _DIGITS),
        x0=round(point.x0, _DIGITS),
        y0=round(point.y0, _DIGITS),
        x1=round(point.x1, _DIGITS),
        y1=round(point.y1, _DIGITS),
    )
