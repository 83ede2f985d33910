"""In which part of the clip something is: its half, its third, its shot."""

from collections.abc import Iterator, Sequence

from schemas.claim import Predicate
from schemas.interval import Interval
from stages.facts.askable_scene import AskableScene
from stages.facts.entity import Entity
from stages.facts.slot import Column, Slot
from stages.wording.stretch import Stretch, halves, shots, thirds

_NEARLY_ALL = 0.9
"""So much of the time lies in one part: the ends of what is seen are known to a few frames alone."""


def parts_of_clip(
    view: AskableScene, row: Entity, predicate: Predicate, events: tuple[Interval, ...], *, about: str, wording: str
) -> Iterator[Slot]:
    """The questions in which half, third and shot the predicate holds of a thing, a kind, a word or an event; `events`
    is when it is there. What is there in two thirds is not asked for its third: one of two right answers is half right.

    Their keys are "FEATURE.PART.NAME": `about` is the feature and the name, separated by a dot.
    """
    feature, _, name = about.partition(".")
    for part, stretches in (("half", halves(view.scene)), ("third", thirds(view.scene)), ("shot", shots(view.scene))):
        if len(stretches) > 1 and _lie_in_one(events, stretches):
            yield Slot(
                key=f"{feature}.{part}.{name}",
                wording=wording,
                feature=feature,
                form="values" if len(stretches) > 2 else "opposites",
                columns=tuple(Column(s.key, predicate, stretches=(s,), words=s.words) for s in stretches),
                width=len(stretches),
                row=row,
                events=events,
            )


def _lie_in_one(events: Sequence[Interval], stretches: Sequence[Stretch]) -> bool:
    """Whether nearly all of the time lies in one of the stretches."""
    inside = (sum(max(0.0, event.overlap_seconds(s.interval)) for event in events) for s in stretches)
    return max(inside) >= _NEARLY_ALL * sum(event.duration_seconds for event in events)
