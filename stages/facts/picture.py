"""Questions about the picture as a whole: movement, brightness, place."""

from collections.abc import Iterable, Iterator

from schemas.claim import Predicate
from stages.claims.scene_view import SceneView
from stages.claims.whole_picture import BRIGHTER_RATIO, PLACE_BORDER
from stages.facts.askable_scene import AskableScene
from stages.facts.compared import Compared, apart, by_shots, is_of_one_shot, parts
from stages.facts.slot import Column, Series, Slot
from stages.facts.stillness import LEAST_MOTION, light_during, motion_during
from stages.wording.stretch import Stretch

_PLACES = (Column("changed", Predicate.PLACE_CHANGED), Column("same", Predicate.PLACE_SAME))
_OF_ONE_PLACE = 3  # questions about two shots of one place, as few clips come back to a place
_BUSIER_RATIO = 2.4  # of the motion of two stretches; less is not worth an attempt at proving it


def picture(view: AskableScene) -> tuple[Slot, ...]:
    """Questions for busier, brighter, place_changed and place_same."""
    busier = (pair for pair in parts(view) if _motion_differs(*pair, view.seen))
    return (
        *_comparisons(Predicate.BUSIER, view.some_of_picture(busier)),
        *_comparisons(Predicate.BRIGHTER, view.some_of_picture(_lit(view))),
        *(_place(*pair, view.seen) for pair in view.many(_places(view))),
    )


def _lit(view: AskableScene) -> Iterator[Compared]:
    """Stretches of different light: of every two shots one pair, and two of one shot whose light changes."""
    for of_shots in by_shots((pair for pair in apart(view) if _light_differs(*pair, view.seen)), view):
        yield from of_shots[: 2 if is_of_one_shot(of_shots[0], view.seen) else 1]


def _places(view: AskableScene) -> Iterator[Compared]:
    """Of every two shots two stretches; several times if the shots show one place, which few do.

    Of one shot nobody would ask whether it shows one place.
    """
    for of_shots in by_shots(apart(view), view):
        if not is_of_one_shot(of_shots[0], view.seen):
            yield from of_shots[: _OF_ONE_PLACE if _is_one_place(*of_shots[0], view.seen) else 1]


def _is_one_place(a: Stretch, b: Stretch, view: SceneView) -> bool:
    distance = view.place_distance(view.shots(a.interval)[0], view.shots(b.interval)[0])
    return distance is not None and distance.farthest < PLACE_BORDER


def _motion_differs(a: Stretch, b: Stretch, view: SceneView) -> bool:
    less, more = sorted(motion_during(view, stretch.interval) for stretch in (a, b))
    return more > max(LEAST_MOTION, _BUSIER_RATIO * less)


def _light_differs(a: Stretch, b: Stretch, view: SceneView) -> bool:
    darker, lighter = sorted(light_during(view, stretch.interval) for stretch in (a, b))
    return lighter >= BRIGHTER_RATIO * darker


def _place(a: Stretch, b: Stretch, view: SceneView) -> Slot:
    """Whether two stretches show one place; if not, of all shots of the two places one pair is asked about."""
    places = [_first_of_place(view.shots(stretch.interval)[0], view) for stretch in (a, b)]
    return Slot(
        key=f"place.{a.key}.{b.key}",
        wording="picture.place",
        feature="place",
        form="opposites",
        columns=_PLACES,
        stretches=(a, b),
        series=Series(f"place.{min(places)}.{max(places)}", 1) if places[0] != places[1] else None,
    )


def _first_of_place(shot: int, view: SceneView) -> int:
    """The first shot that is known to show the place of this one."""
    distances = ((other, view.place_distance(other, shot)) for other in range(shot))
    return next((other for other, apart in distances if apart and apart.farthest < PLACE_BORDER), shot)


def _comparisons(predicate: Predicate, pairs: Iterable[Compared]) -> tuple[Slot, ...]:
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
