"""Questions about how the named things of one view lie."""

import numpy as np

from schemas.annotations import Annotations
from schemas.claim import Predicate
from stages.claims.scene_view import SceneView
from stages.facts.askable_scene import AskableScene
from stages.facts.entity import named_things
from stages.facts.relation import relation
from stages.facts.slot import Slot
from tests.stages.annotated.clips import laid, thing

_ACROSS = {Predicate.LEFT_OF, Predicate.RIGHT_OF}
_HEIGHTS = {Predicate.ABOVE, Predicate.BELOW}


def _slots(count: int, last: str = "") -> list[Slot]:
    """The questions about so many things that stand in a row, each a little higher than the one before; `last` is what
    the phrase of the last one says of it.
    """
    placed = [
        thing(f"thing{n}", (0.0, 0.1 * n), noun=noun, moves=False)
        for n, noun in enumerate(("lamp", "sofa", "cup", "book", "vase", "clock")[:count])
    ]
    if last:
        placed[-1] = placed[-1].model_copy(update={"phrase": f"the {placed[-1].noun} {last}"})
    lifted = [
        one.model_copy(
            update={
                "boxes": tuple(
                    b.model_copy(update={"x1": b.x0 + 0.05, "y0": 0.8 - 0.1 * n, "y1": 0.85 - 0.1 * n})
                    for b in one.boxes
                )
            }
        )
        for n, one in enumerate(placed)
    ]
    view = SceneView(laid(Annotations(objects=tuple(lifted))))
    named = named_things(view)
    return list(relation(AskableScene(view, (), named, named, (), 1.0, 3, 3, np.random.default_rng(0))))


def test_both_answers_are_on_one_axis() -> None:
    """Whether a thing is further left or further up is no choice, as both may be so; each is asked by itself."""
    slots = _slots(2)
    assert {frozenset(column.predicate for column in slot.columns) for slot in slots} == {
        frozenset(_ACROSS),
        frozenset(_HEIGHTS),
    }
    assert len({slot.key for slot in slots}) == len(slots)


def test_the_relations_of_a_view_are_a_series() -> None:
    """Six things make 15 pairs: two series of 15, of each of which only some are asked."""
    slots = _slots(6)
    by_series = {slot.series for slot in slots}
    assert None not in by_series
    assert len(by_series) == 2
    assert len(slots) == 30
    assert all(series.most < 15 for series in by_series if series)


def test_what_is_named_by_its_deed_is_not_placed() -> None:
    """Until it is laid down, another sofa may be "the sofa that is laid down first"."""
    assert _slots(2, "with the stripes")
    assert _slots(2, "that is laid down first") == []
