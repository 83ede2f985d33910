"""Where a frame shows a thing, in the thousandths that the prompt asks for."""

from pydantic import JsonValue

from pipeline.scripted.view import View
from schemas.pair import normalise_text

NOWHERE: dict[str, JsonValue] = {"found": False, "left": 0, "top": 0, "right": 0, "bottom": 0}
"""The reply if no box can be drawn."""
_SCALE = 1000


def box_of(view: View, noun: str, said: str, *, errs: bool) -> dict[str, JsonValue]:
    """The box of the thing of that noun: the one whose phrase is said, or the only one that the frame shows.

    An error is a box on the other side of the frame.
    """
    shown = [
        (normalise_text(thing.phrase or ""), places[0][1])
        for thing in view.clip.things
        if thing.noun.casefold() == noun.casefold()
        for places in [view.places(thing)]
        if places
    ]
    text = f" {normalise_text(said)} "
    named = [place for phrase, place in shown if f" {phrase} " in text] or [place for _, place in shown]
    if len(named) != 1:
        return NOWHERE
    place = named[0].mirrored() if errs else named[0]
    sides = {"left": place.x0, "top": place.y0, "right": place.x1, "bottom": place.y1}
    return {"found": True, **{name: round(_SCALE * side) for name, side in sides.items()}}
