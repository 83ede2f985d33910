"""The events of a world: things enter, leave, start and stop, and cuts end shots. A fade is not an event."""

from collections import Counter
from math import ceil, floor

from pipeline.demo.truth.visible import StretchInView, crosses, moves
from pipeline.demo.world.world import Keyframe, Stay, World
from schemas.scene import Event, EventKind

PLAIN = 10.0
"""The margin of everything that is certain."""
_IN_WORDS = {
    EventKind.ENTERS: "comes into view",
    EventKind.LEAVES: "goes out of view",
    EventKind.STARTS: "sets off",
    EventKind.STOPS: "comes to rest",
}
_LEAST_REST_SECONDS = 0.5  # as long as the detector's: a shorter rest is a pause
_AROUND_SECONDS = 0.5  # shown before and after a start or a stop


def events_of(stretches: list[StretchInView], world: World) -> list[Event]:
    """All events, in order of time."""
    events = [_event(EventKind.CUT, (), *[shot.start_seconds] * 3) for shot in world.shots[1:] if not shot.fade_seconds]
    for one in stretches:
        events += _border_events(one, world)
        events += _turning_events(one, world)
    return sorted(events, key=lambda event: (event.pts_seconds, event.event_id))


def named_events_of(events: list[Event], world: World) -> list[Event]:
    """The events of things in words, as a person would list them; those that no words tell apart are left out."""
    things = {thing.thing_id: (thing.colour, thing.shape) for thing in world.things}
    named = []
    for event in events:
        if event.kind in _IN_WORDS:
            colour, shape = things[event.track_ids[0].partition(".")[0]]
            named.append(
                event.model_copy(
                    update={
                        "event_id": f"named-{event.event_id}",
                        "kind": EventKind.NAMED,
                        "phrase": f"the {colour.value} {shape.value} {_IN_WORDS[event.kind]}",
                    }
                )
            )
    phrases = Counter(event.phrase for event in named)
    looks = Counter(things.values())
    alike = {f"the {colour.value} {shape.value} " for (colour, shape), number in looks.items() if number > 1}
    return [e for e in named if phrases[e.phrase] == 1 and not (e.phrase or "").startswith(tuple(alike))]


def _border_events(one: StretchInView, world: World) -> list[Event]:
    """Enters and leaves; the event lasts while the thing touches the border."""
    events = []
    first, last = one.parts[0], one.parts[-1]
    if crosses(one.thing, world, first.index, -1):
        inside = next((part for part in one.parts if not part.borders(world)), last)
        moment = first.index / world.fps
        events.append(_event(EventKind.ENTERS, (one.name,), moment, moment, inside.index / world.fps))
    if crosses(one.thing, world, last.index, 1):
        inside = next((part for part in reversed(one.parts) if not part.borders(world)), first)
        moment = last.index / world.fps
        events.append(_event(EventKind.LEAVES, (one.name,), moment, inside.index / world.fps, moment))
    return events


def _turning_events(one: StretchInView, world: World) -> list[Event]:
    """Starts and stops while the thing is in view. A pause of less than half a second is neither."""
    in_view = {part.index for part in one.parts}
    events = []
    for stay in one.thing.stays:
        for a, b, c in zip(stay.keys, stay.keys[1:], stay.keys[2:], strict=False):
            around_key = {floor(b.seconds * world.fps), ceil(b.seconds * world.fps - 1e-6)}
            if moves(a, b) != moves(b, c) and around_key <= in_view and _rest_at(b, stay) >= _LEAST_REST_SECONDS:
                kind = EventKind.STARTS if moves(b, c) else EventKind.STOPS
                around = (b.seconds - _AROUND_SECONDS, b.seconds + _AROUND_SECONDS)
                events.append(_event(kind, (one.name,), b.seconds, *around))
    return events


def _rest_at(key: Keyframe, stay: Stay) -> float:
    """For how long the thing rests before or after a key at which it starts or stops."""
    index = stay.keys.index(key)
    first = last = index
    while first > 0 and not moves(stay.keys[first - 1], stay.keys[first]):
        first -= 1
    while last + 1 < len(stay.keys) and not moves(stay.keys[last], stay.keys[last + 1]):
        last += 1
    return stay.keys[last].seconds - stay.keys[first].seconds


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
