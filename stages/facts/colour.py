"""Questions about the colour of the only thing that moves."""

from numpy.random import Generator

from schemas.claim import Predicate
from schemas.colour import ColourName
from stages.facts.askable_scene import AskableScene
from stages.facts.entity import near
from stages.facts.presence import times_in_view
from stages.facts.slot import Column, Slot

_COLOURS = tuple(Column(name.value, Predicate.HAS_COLOUR, name.value) for name in ColourName)
_SAYINGS = ("the {noun} that moves", "the moving {noun}")
_BESIDE = 3
_MUTED = (ColourName.BROWN, ColourName.BLACK, ColourName.GREY, ColourName.WHITE)


def colour(view: AskableScene) -> tuple[Slot, ...]:
    """Questions for has_colour; none if several things move."""
    movers = view.seen.movers
    if len(movers) != 1:
        return ()
    said = _SAYINGS[int(view.rng.integers(len(_SAYINGS)))]
    return tuple(
        Slot(
            key="has_colour.mover",
            wording="colour.mover",
            feature="entity",
            columns=_COLOURS,
            row=entity,
            said=said,
            events=times_in_view(entity),
            choose=_clearly_other,
        )
        for entity in view.objects
        if entity.thing is movers[0]
    )


def _clearly_other(true: Column, false: tuple[Column, ...], rng: Generator) -> tuple[Column, ...]:
    """Colours that nobody would call the true one, bright ones beside a bright one and muted ones beside a muted one.

    Otherwise a muted answer among bright ones would give itself away.
    """
    muted = ColourName(true.key) in _MUTED
    chosen: list[ColourName] = [ColourName(true.key)]
    beside: list[Column] = []
    for column in (false[int(i)] for i in rng.permutation(len(false))):
        name = ColourName(column.key)
        # no two are near each other; otherwise the one without a neighbour would be the true one
        if (name in _MUTED) == muted and not any(name in near(other) for other in chosen) and len(beside) < _BESIDE:
            chosen.append(name)
            beside.append(column)
    return tuple(beside)
