"""Questions about the part of the clip in which something happens, and about what happens in a part."""

from schemas.claim import Predicate
from schemas.interval import Interval
from schemas.scene import EventKind
from stages.facts.askable_scene import AskableScene
from stages.facts.entity import Entity
from stages.facts.evidence import occurrences
from stages.facts.slot import Column, Slot
from stages.wording.stretch import Stretch, halves, thirds

_KINDS = (EventKind.ENTERS, EventKind.LEAVES, EventKind.STARTS, EventKind.STOPS)


def _parts(kind: EventKind, stretches: tuple[Stretch, ...]) -> tuple[Column, ...]:
    return tuple(
        Column(stretch.key, Predicate.EVENT_IN, kind.value, stretches=(stretch,), words=stretch.words)
        for stretch in stretches
    )


def moment(view: AskableScene) -> tuple[Slot, ...]:
    """Questions for event_in: which part of the clip, or which event."""
    return (*_when(view), *_what(view), *_cut(view))


def _silent(view: AskableScene) -> list[Entity]:
    """The things whose phrase does not tell what they do."""
    return [thing for thing in view.always_named if not thing.tells_deed]


def _when(view: AskableScene) -> tuple[Slot, ...]:
    found: list[Slot] = []
    for thing in _silent(view):
        for kind in _KINDS:
            events = occurrences(view.scene, kind, thing.track_ids)
            if len(events) != 1:
                continue
            for name, stretches in (("half", halves(view.scene)), ("third", thirds(view.scene))):
                slot = Slot(
                    key=f"when_{kind.value}.{name}.{thing.name}",
                    wording=f"moment.{kind.value}",
                    feature=f"when_{kind.value}",
                    columns=_parts(kind, stretches),
                    row=thing,
                    events=events,
                )
                found.extend(view.both_ways(slot, len(stretches)))
    return tuple(found)


def _what(view: AskableScene) -> tuple[Slot, ...]:
    found: list[Slot] = []
    columns = tuple(Column(kind.value, Predicate.EVENT_IN, kind.value) for kind in _KINDS)
    for thing in _silent(view):
        for stretch in view.some((*halves(view.scene), *thirds(view.scene))):
            slot = Slot(
                key=f"what_happens.{thing.name}.{stretch.key}",
                wording="moment.happens",
                feature="happens",
                columns=columns,
                row=thing,
                stretches=(stretch,),
            )
            found.extend(view.both_ways(slot, 3))
    return tuple(found)


def _cut(view: AskableScene) -> tuple[Slot, ...]:
    if len(view.scene.cuts) != 1:
        return ()
    pts = view.scene.cuts[0].pts_seconds
    around = Interval(start_seconds=pts - 0.5, end_seconds=pts + 0.5)
    return tuple(
        Slot(
            key=f"when_cut.{name}",
            wording="moment.cut",
            feature="when_cut",
            form="values" if len(stretches) > 2 else "opposites",
            columns=tuple(
                Column(stretch.key, Predicate.EVENT_IN, "cut", stretches=(stretch,), words=stretch.words)
                for stretch in stretches
            ),
            width=len(stretches),
            events=(around,),
        )
        for name, stretches in (("half", halves(view.scene)), ("third", thirds(view.scene)))
    )
