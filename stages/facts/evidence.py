"""Where in a clip the answer of a group can be seen."""

from collections.abc import Collection, Iterable

from schemas.clip import UnitClip
from schemas.interval import Interval
from schemas.pair import Evidence
from schemas.scene import EventKind, Scene
from stages.facts.entity import Entity

_LEAST_SECONDS = 1.0
_LEAST_EVENT_SECONDS = 0.1


def occurrences(scene: Scene, kind: EventKind, track_ids: Collection[str]) -> tuple[Interval, ...]:
    """When that happens to a thing of these tracks, every time; a cut is no thing's: whenever one comes."""
    return tuple(
        Interval(
            start_seconds=event.start_seconds,
            end_seconds=max(event.end_seconds, event.start_seconds + _LEAST_EVENT_SECONDS),
        )
        for event in scene.events
        if event.kind is kind and (kind is EventKind.CUT or not set(event.track_ids).isdisjoint(track_ids))
    )


def event_intervals(clip: UnitClip, events: Iterable[Interval]) -> tuple[Interval, ...]:
    """The events inside the clip, each widened to at least a second, in order of time, none twice."""
    found = {_widened(event, clip.start_seconds, clip.end_seconds) for event in events}
    return tuple(sorted(found, key=lambda interval: (interval.start_seconds, interval.end_seconds)))


def _widened(event: Interval, start: float, end: float) -> Interval:
    reach = max(_LEAST_SECONDS, event.duration_seconds) / 2
    middle = (event.start_seconds + event.end_seconds) / 2
    first = max(start, min(middle - reach, end - 2 * reach))
    return Interval(start_seconds=first, end_seconds=min(end, first + 2 * reach))


def frames_within(clip: UnitClip, intervals: Iterable[Interval]) -> tuple[int, ...]:
    """Indices of the sampled frames inside the intervals; of each interval without one, the frame nearest to it.

    A frame that is fading shows little of its shot, and is none of these where others are.
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
    """The frames, and the tracks of the things that the answers name."""
    tracks = sorted({track_id for thing in things if thing for track_id in thing.track_ids})
    return Evidence(frame_indices=frames, track_ids=tuple(tracks))
