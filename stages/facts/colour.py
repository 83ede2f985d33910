"""Questions about the colour of the only thing that moves, and of things with names."""

import re
from collections.abc import Iterator

from numpy.random import Generator

from schemas.claim import Predicate
from schemas.colour import Colour, ColourName
from stages.claims.nouns import is_one, noun_of, usual_colours
from stages.claims.phrases import meaning_of
from stages.facts.askable_scene import AskableScene
from stages.facts.entity import near
from stages.facts.presence import times_in_view
from stages.facts.slot import Column, Slot

_COLOURS = tuple(Column(name.value, Predicate.HAS_COLOUR, name.value) for name in ColourName)
_SAYINGS = ("the {noun} that moves", "the moving {noun}")
_BESIDE = 3
_SHADE = re.compile(r"\b(dark|pale|light|bright|gold|golden|silver|wooden|\w+ish)\b")
_MUTED = (ColourName.BROWN, ColourName.BLACK, ColourName.GREY, ColourName.WHITE)


def colour(view: AskableScene) -> tuple[Slot, ...]:
    """Questions for has_colour."""
    return (*_of_the_mover(view), *_of_named(view))


def _of_named(view: AskableScene) -> Iterator[Slot]:
    """What colour a named thing has: by its phrase, or by its noun alone if the phrase gives the answer.

    Nobody would ask for the colour of a person, nor that of a pan which the phrase calls dark, nor whether the grass is
    green. Of an unlisted noun it is not known whether all such things have one colour.
    """
    coloured = (e for e in view.named if e.thing and e.thing.colour and _may_have_any_colour(e.label, e.thing.colour))
    for entity in view.some(e for e in coloured if not _SHADE.search(e.name)):
        told = meaning_of(entity.name).colours
        if len(told) > 1:
            continue
        yield Slot(
            key=f"has_colour.{entity.name}",
            wording="colour.mover",
            feature="entity",
            columns=_COLOURS,
            row=entity,
            said="the {noun}" if told else None,
            events=times_in_view(entity),
            choose=_clearly_other,
        )


def _may_have_any_colour(noun: str, colour: Colour) -> bool:
    is_known = noun_of(noun) is not None and not is_one(noun, "person")
    return is_known and colour.name not in usual_colours(noun)


def _of_the_mover(view: AskableScene) -> tuple[Slot, ...]:
    """The colour of the only thing that moves; none if several move."""
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
