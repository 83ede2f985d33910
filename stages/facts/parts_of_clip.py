"""In which part of the clip something is: its half, its third, its shot."""

from collections.abc import Iterator

from schemas.claim import Predicate
from schemas.interval import Interval
from stages.facts.askable_scene import AskableScene
from stages.facts.entity import Entity
from stages.facts.slot import Column, Slot
from stages.wording.stretch import halves, shots, thirds


def parts_of_clip(
    view: AskableScene, row: Entity, predicate: Predicate, events: tuple[Interval, ...], *, about: str, wording: str
) -> Iterator[Slot]:
    """The questions in which half, third and shot the predicate holds of a thing, a kind, a word or an event.

    Their keys are "FEATURE.PART.NAME": `about` is the feature and the name, separated by a dot.
    """
    feature, _, name = about.partition(".")
    for part, stretches in (("half", halves(view.scene)), ("third", thirds(view.scene)), ("shot", shots(view.scene))):
        if len(stretches) > 1:
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
