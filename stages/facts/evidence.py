"""Where in a clip the answer to a question can be seen."""

from collections.abc import Collection, Iterable

from schemas.clip import UnitClip
from schemas.interval import Interval
from schemas.pair import Evidence
from schemas.scene import EventKind, Scene
from stages.facts.entity import Entity

_LEAST_SECONDS = 1.0
_LEAST_EVENT_SECONDS = 0.1


def occurrences(scene: Scene, kind: EventKind, track_ids: Collection[str]) -> tuple[Interval, ...]:
    """Every event of this kind that happens to a thing with these tracks; all cuts, since they belong to no thing."""
    return tuple(
        Interval(
            start_seconds=event.start_seconds,
            end_seconds=max(event.end_seconds, event.start_seconds + _LEAST_EVENT_SECONDS),
        )
        for event in scene.events
        if event.kind is kind and (kind is EventKind.CUT or not set(event.track_ids).isdisjoint(track_ids))
    )


def event_intervals(clip: UnitClip, events: Iterable[Interval]) -> tuple[Interval, ...]:
    """The distinct events inside the clip, each widened to at least one second, in order of time."""
    found = {_widened(event, clip.start_seconds, clip.end_seconds) for event in events}
    return tuple(sorted(found, key=lambda interval: (interval.start_seconds, interval.end_seconds)))


def _widened(event: Interval, start: float, end: float) -> Interval:
    reach = max(_LEAST_SECONDS, event.duration_seconds) / 2
    middle = (event.start_seconds + event.end_seconds) / 2
    first = max(start, min(middle - reach, end - 2 * reach))
    return Interval(start_seconds=first, end_seconds=min(end, first + 2 * reach))


def frames_within(clip: UnitClip, intervals: Iterable[Interval]) -> tuple[int, ...]:
    """Indices of the sampled frames inside the intervals; for an interval without one, of the frame nearest to it.

    A frame in a fade shows little of its shot: it is used only for an interval that has no other.
    """
    lit = [i for i, frame in enumerate(clip.frames) if not clip.scene.is_fading(frame.pts_seconds)]
    found: set[int] = set()
    for interval in intervals:
        inside = [i for i in lit if interval.contains(clip.frames[i].pts_seconds)]
        middle = (interval.start_seconds + interval.end_seconds) / 2
        nearest = sorted(range(len(clip.frames)), key=lambda i: abs(clip.frames[i].pts_seconds - middle))
        found.update(inside or nearest[:1])
    return tuple(sorted(found))


def evidence(frames: tuple[int, ...], things: Iterable[Entity | None]) -> Evidence:
    """The frames, with the tracks of the things that the answers name."""
    tracks = sorted({track_id for thing in things if thing for track_id in thing.track_ids})
    return Evidence(frame_indices=frames, track_ids=tuple(tracks))
