"""Questions about named events: which comes first, what happens before and after, when, and what in a stretch."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from schemas.claim import Predicate
from schemas.scene import EventKind, Scene
from stages.claims.nouns import lives
from stages.claims.other_names import others_perhaps, unlisted_shots
from stages.claims.scene_view import SceneView
from stages.claims.thing import Thing
from stages.facts.askable_scene import AskableScene
from stages.facts.named_event import NamedEvent, named_events
from stages.facts.parts_of_clip import parts_of_clip
from stages.facts.slot import Column, Slot
from stages.wording.stretch import shots, spans

_BEFORE = Column("before", Predicate.HAPPENS_BEFORE)
_AFTER = Column("after", Predicate.HAPPENS_BEFORE, swapped=True)
_IN_STRETCH = (Column("in", Predicate.HAPPENS_IN),)
_ROWS = 3
_OPENING_SECONDS = 0.5  # so soon after the start of a clip nothing has happened yet
_GAP_SECONDS = 0.25  # in so short a gap between two events nothing else happens
_LARGE = 0.25  # of the frame's area: nobody who lists the things of a shot leaves out so large a one


def happening(view: AskableScene) -> tuple[Slot, ...]:
    """Questions for happens_in and happens_before.

    What happened before an event may happen again after it without being named: what happens after it is asked only if
    every event is known.
    """
    events = view.shuffled(named_events(view.scene))
    in_order = tuple(event for event in events if not event.tells_order)
    around = _neighbours(in_order) if view.scene.events_complete else ()
    return (*around, *_orders(view, in_order), *_when(view, events), *_what(view, in_order))


def _neighbours(events: Sequence[NamedEvent]) -> Iterator[Slot]:
    """What happens before an event, and what after it: one event that does, and others that do not."""
    for fixed in events:
        for row in (event for event in events if event is not fixed):
            others = tuple(event for event in events if event not in (row, fixed))
            for column in (_BEFORE, _AFTER):
                yield Slot(
                    key=f"happens_{column.key}.{_key(row)}.{_key(fixed)}",
                    wording=f"happening.{column.key}",
                    feature=f"happens_{column.key}",
                    form="entities",
                    columns=(column,),
                    width=1,
                    row=row,
                    others=others,
                    height=_ROWS,
                    fixed=fixed,
                    events=(row.interval, fixed.interval),
                )


def _orders(view: AskableScene, events: Sequence[NamedEvent]) -> Iterator[Slot]:
    """Which of two events happens first: what happens again later is no less the first."""
    for pair in combinations(events, 2):
        first, second = sorted(pair, key=lambda event: event.interval.start_seconds)
        if not (_is_led_up_to(first, view.scene) and _cannot_be_earlier(second, first, view.seen)):
            continue
        if _are_steps(first, second, view.seen) or _may_be_of_one(first, second):
            continue
        row, fixed = view.shuffled(pair)
        yield Slot(
            key=f"first_of.{_key(row)}.{_key(fixed)}",
            wording="happening.first",
            feature="first_of",
            form="opposites",
            columns=(replace(_BEFORE, words=row.phrase("")), replace(_AFTER, words=fixed.phrase(""))),
            row=row,
            fixed=fixed,
            events=(row.interval, fixed.interval),
        )


def _is_led_up_to(first: NamedEvent, scene: Scene) -> bool:
    """Whether it is known what happens before the first of two events: else the other may happen there, unnoticed.

    It is if every event is known, or if named events follow one another up to it with hardly a gap.
    """
    known = scene.start_seconds + _OPENING_SECONDS
    for event in sorted(scene.events, key=lambda event: event.start_seconds):
        if event.kind is EventKind.NAMED and event.start_seconds <= known:
            known = max(known, event.end_seconds + _GAP_SECONDS)
    return scene.events_complete or first.interval.start_seconds <= known


def _cannot_be_earlier(event: NamedEvent, first: NamedEvent, view: SceneView) -> bool:
    """Whether an event cannot have begun before another one, unnoticed: every event is known, or somebody or something
    that takes part in it was not in view by then.
    """
    start, parts = first.interval.start_seconds, _parts(event, view)
    return view.scene.events_complete or any(_comes_after(thing, start, view, alone=len(parts) == 1) for thing in parts)


def _comes_after(thing: Thing, seconds: float, view: SceneView, *, alone: bool) -> bool:
    """Whether a thing was certainly not in view by that moment.

    People list everybody and everything large of a shot, but of small things the main ones: the spoon that stirs in one
    shot lay in the pan in the shot before. And unless the event is about it `alone`, another thing of its kind may be
    the same one: the pan is a new one to them where it is seen from above.
    """
    if not thing.visible or thing.visible[0][0] <= seconds:
        return False
    if lives(thing.noun):
        return True
    if not _is_large(thing) and any(shot.start_seconds <= seconds for shot in unlisted_shots(thing, view)):
        return False
    return alone or not any(other.visible[0][0] <= seconds for other in others_perhaps(thing, view) if other.visible)


def _is_large(thing: Thing) -> bool:
    return len(thing.path) > 0 and float(thing.path.areas_T.min()) >= _LARGE


def _parts(event: NamedEvent, view: SceneView) -> list[Thing]:
    """The things that take part in an event."""
    return [thing for name in event.track_ids if (thing := view.thing(name)) is not None]


def _are_steps(a: NamedEvent, b: NamedEvent, view: SceneView) -> bool:
    """Whether both are done to one thing, or perhaps to one: a cup is lifted before it is put down, and a reader who
    sees no video knows that.
    """
    handled = [[t for t in _parts(event, view) if t.moves and not lives(t.noun)] for event in (a, b)]
    return any(one is other or one in others_perhaps(other, view) for one in handled[0] for other in handled[1])


def _may_be_of_one(a: NamedEvent, b: NamedEvent) -> bool:
    """Whether both sentences may tell of one person, of whom one of them says only the kind: while "a man at a
    microphone is shown", "a man in a dark jacket dances", too.
    """
    kinds = {word for word in a.name.split() if lives(word)}.intersection(b.name.split())
    return any(re.search(rf"\ban? (\w+ ){{0,3}}{kind}\b", sentence) for kind in kinds for sentence in (a.name, b.name))


def _when(view: AskableScene, events: Sequence[NamedEvent]) -> Iterator[Slot]:
    """In which part of the clip an event happens."""
    for event in events:
        about = f"happens_when.{_key(event)}"
        yield from parts_of_clip(
            view, event, Predicate.HAPPENS_IN, (event.interval,), about=about, wording="happening.when"
        )


def _what(view: AskableScene, events: Sequence[NamedEvent]) -> Iterator[Slot]:
    """Which of the events happens in a stretch."""
    for event in events:
        for stretch in view.some((*spans(view.scene), *shots(view.scene))):
            yield Slot(
                key=f"happens_in.{_key(event)}.{stretch.key}",
                wording="happening.what",
                feature="happens_in",
                form="entities",
                columns=_IN_STRETCH,
                width=1,
                row=event,
                others=tuple(other for other in events if other is not event),
                height=_ROWS,
                stretches=(stretch,),
            )


def _key(event: NamedEvent) -> str:
    """The event's name in the key of a slot."""
    return event.event.event_id if event.event else event.name
