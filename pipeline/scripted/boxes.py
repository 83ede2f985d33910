"""Where a frame shows a thing, in the thousandths that the prompt asks for."""

from pydantic import JsonValue

from pipeline.scripted.view import View
from schemas.pair import normalise_text

NOWHERE: dict[str, JsonValue] = {"thing": "", "found": False, "left": 0, "top": 0, "right": 0, "bottom": 0}
"""The reply if no box can be drawn."""
_SCALE = 1000


def box_of(view: View, said: str, *, errs: bool) -> dict[str, JsonValue]:
    """The box of the first thing, as question and answer name it, that the frame shows.

    An error is a box on the other side of the frame.
    """
    text = f" {normalise_text(said)} "
    named = [
        (text.index(phrase), thing, places[0][1])
        for thing in view.clip.things
        for phrase in [f" {normalise_text(thing.phrase or thing.noun)} "]
        for places in [view.places(thing)]
        if places and phrase in text
    ]
    if not named:
        return NOWHERE
    _, thing, place = min(named, key=lambda found: found[0])
    drawn = place.mirrored() if errs else place
    sides = {"left": drawn.x0, "top": drawn.y0, "right": drawn.x1, "bottom": drawn.y1}
    return {"thing": thing.noun, "found": True, **{name: round(_SCALE * side) for name, side in sides.items()}}
