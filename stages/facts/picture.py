"""The picture as a whole: movement, brightness, place."""

from collections.abc import Iterable
from itertools import combinations

from schemas.claim import Predicate
from stages.facts.movement import distant
from stages.facts.slot import Column, Slot, View
from stages.facts.stretch import Stretch, around_cut, ends, gap_seconds, halves, shots, thirds

_PLACES = (Column("changed", Predicate.PLACE_CHANGED), Column("same", Predicate.PLACE_SAME))
_END_SECONDS = (1, 2, 3)


def _comparisons(predicate: Predicate, pairs: Iterable[tuple[Stretch, Stretch]]) -> tuple[Slot, ...]:
    """Which of two parts of the clip has more of something."""
    name = predicate.value
    return tuple(
        Slot(
            key=f"{name}.{a.key}.{b.key}",
            wording=f"picture.{name}",
            feature=name,
            form="opposites",
            columns=(
                Column("first", predicate, stretches=(a, b), words=f"{a.words} than {b.words}"),
                Column("second", predicate, stretches=(b, a), words=f"{b.words} than {a.words}"),
            ),
            stretches=(a, b),
        )
        for a, b in pairs
    )


def picture(view: View) -> tuple[Slot, ...]:
    """busier, brighter, place_changed and place_same."""
    scene = view.scene
    parts = [halves(scene), *combinations(thirds(scene), 2)]
    if cut := around_cut(scene):
        parts.append(cut)
    parts += view.some(combinations(shots(scene), 2))
    apart = [pair for pair in distant(view) if pair[0].key.startswith("third")]
    apart += [pair for pair in (ends(scene, count) for count in _END_SECONDS) if _are_apart(view, *pair)]
    apart += view.some(pair for pair in distant(view) if pair[0].key.startswith("at"))
    apart += view.some(pair for pair in distant(view) if pair[0].key.startswith("shot"))
    places = [
        Slot(
            key=f"place.{a.key}.{b.key}",
            wording="picture.place",
            feature="place",
            form="opposites",
            columns=_PLACES,
            stretches=(a, b),
        )
        for a, b in (apart if scene.cuts else view.some_parts(apart))
    ]
    busier = _comparisons(Predicate.BUSIER, view.some_parts(parts))
    return (*busier, *_comparisons(Predicate.BRIGHTER, apart), *places)


def _are_apart(view: View, a: Stretch, b: Stretch) -> bool:
    return gap_seconds(a, b) >= view.min_gap_seconds
