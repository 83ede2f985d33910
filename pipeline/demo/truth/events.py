"""What happens in a world, and when: things enter, leave, start and stop; shots end in cuts (a fade is no event)."""

from math import ceil, floor

from pipeline.demo.truth.visible import Presence, crosses, moves
from pipeline.demo.world.world import World
from schemas.scene import Event, EventKind

PLAIN = 10.0
"""The score of what is certain."""
_AROUND_SECONDS = 0.5  # what leads to a start or a stop, and what follows


def events_of(presences: list[Presence], world: World) -> list[Event]:
    """Everything that happens, in order of time."""
    events = [_event(EventKind.CUT, (), *[shot.start_seconds] * 3) for shot in world.shots[1:] if not shot.fade_seconds]
    for one in presences:
        events += _border_events(one, world)
        events += _turning_events(one, world)
    return sorted(events, key=lambda event: (event.pts_seconds, event.event_id))


def _border_events(one: Presence, world: World) -> list[Event]:
    """Enter and leave; what leads to the moment is the time at which the thing touches the border."""
    events = []
    first, last = one.sights[0], one.sights[-1]
    if crosses(one.thing, world, first.index, -1):
        inside = next((sight for sight in one.sights if not sight.borders(world)), last)
        moment = first.index / world.fps
        events.append(_event(EventKind.ENTERS, (one.name,), moment, moment, inside.index / world.fps))
    if crosses(one.thing, world, last.index, 1):
        inside = next((sight for sight in reversed(one.sights) if not sight.borders(world)), first)
        moment = last.index / world.fps
        events.append(_event(EventKind.LEAVES, (one.name,), moment, inside.index / world.fps, moment))
    return events


def _turning_events(one: Presence, world: World) -> list[Event]:
    """Start and stop, where the thing is in view."""
    in_view = {sight.index for sight in one.sights}
    events = []
    for stay in one.thing.stays:
        for a, b, c in zip(stay.keys, stay.keys[1:], stay.keys[2:], strict=False):
            around_key = {floor(b.seconds * world.fps), ceil(b.seconds * world.fps - 1e-6)}
            if moves(a, b) != moves(b, c) and around_key <= in_view:
                kind = EventKind.STARTS if moves(b, c) else EventKind.STOPS
                around = (b.seconds - _AROUND_SECONDS, b.seconds + _AROUND_SECONDS)
                events.append(_event(kind, (one.name,), b.seconds, *around))
    return events


def _event(kind: EventKind, track_ids: tuple[str, ...], moment: float, start: float, end: float) -> Event:
    name = "-".join((kind, *track_ids, f"{moment:.3f}"))
    return Event(
        event_id=name,
        kind=kind,
        track_ids=track_ids,
        pts_seconds=moment,
        start_seconds=start,
        end_seconds=end,
        margin=PLAIN,
    )
