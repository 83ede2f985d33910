"""Questions about the picture as a whole: movement, brightness, place."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from schemas.claim import Predicate
from schemas.scene import Scene
from stages.claims.whole_picture import BRIGHTER_RATIO, PLACE_BORDER
from stages.facts.askable_scene import AskableScene
from stages.facts.movement import distant
from stages.facts.slot import Column, Slot
from stages.wording.stretch import END_SECONDS, Stretch, around_cut, ends, gap_seconds, shots, spans

Pair = tuple[Stretch, Stretch]

_PLACES = (Column("changed", Predicate.PLACE_CHANGED), Column("same", Predicate.PLACE_SAME))
_TOUCHING_SECONDS = 1e-6


def _comparisons(predicate: Predicate, pairs: Iterable[Pair]) -> tuple[Slot, ...]:
    """Questions about which of two parts of the clip has more of something."""
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


def _alike(a: Stretch, b: Stretch) -> bool:
    """Whether two parts are of one kind: halves, thirds, shots, the sides of a cut, or equally many seconds."""
    kinds = {stretch.key.rstrip("0123456789_s").removeprefix("before").removeprefix("after") for stretch in (a, b)}
    lengths = abs(a.interval.duration_seconds - b.interval.duration_seconds)
    return len(kinds) == 1 and (kinds != {"span"} or lengths < _TOUCHING_SECONDS)


def _is_cut(stretch: Stretch, scene: Scene) -> bool:
    """Whether a shot ends and another begins in it: then it shows two views and cannot be compared."""
    return any(stretch.interval.start_seconds < at < stretch.interval.end_seconds for at in scene.shot_starts)


def picture(view: AskableScene) -> tuple[Slot, ...]:
    """Questions for busier, brighter, place_changed and place_same."""
    scene = view.scene
    cut = around_cut(scene)
    steady = view.steady((*spans(scene), *shots(scene), *(cut or ())))
    parts = [pair for pair in combinations(steady, 2) if gap_seconds(*pair) > -_TOUCHING_SECONDS and _alike(*pair)]
    lengths = (ends(scene, count) for count in END_SECONDS)
    apart = [*distant(view), *(pair for pair in lengths if gap_seconds(*pair) >= view.min_gap_seconds)]
    busier = _comparisons(Predicate.BUSIER, view.some_of_picture(parts))
    lumas = [measure.luma for measure in scene.measures]
    changes = bool(lumas) and max(lumas) >= BRIGHTER_RATIO * min(lumas)
    # a moment with a cut inside shows two brightnesses
    plain = [pair for pair in apart if not any(stretch.is_moment and _is_cut(stretch, scene) for stretch in pair)]
    lit = view.many(plain) if changes else view.some_of_picture(plain)
    uncut = [pair for pair in apart if not any(_is_cut(stretch, scene) for stretch in pair)]
    places = (_place(*pair) for pair in view.many(_of_two_shots(uncut, view)))
    return (*busier, *_comparisons(Predicate.BRIGHTER, lit), *places)


def _of_two_shots(pairs: Sequence[Pair], view: AskableScene) -> Iterator[Pair]:
    """For every two shots one pair of parts; two if the shots show the same place, which few do.

    Of one shot nobody would ask whether it shows the same place throughout.
    """
    by_shots: dict[tuple[int, int], list[Pair]] = {}
    for a, b in (pairs[int(i)] for i in view.rng.permutation(len(pairs))):
        first, second = view.seen.shots(a.interval)[0], view.seen.shots(b.interval)[0]
        if first != second:
            by_shots.setdefault((first, second), []).append((a, b))
    for numbers, found in by_shots.items():
        distance = view.seen.place_distance(*numbers)
        is_one_place = distance is not None and distance.farthest < PLACE_BORDER
        yield from found[: 2 if is_one_place else 1]


def _place(a: Stretch, b: Stretch) -> Slot:
    return Slot(
        key=f"place.{a.key}.{b.key}",
        wording="picture.place",
        feature="place",
        form="opposites",
        columns=_PLACES,
        stretches=(a, b),
    )
