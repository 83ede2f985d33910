"""Two stretches of a clip that a question compares as pictures."""

from collections.abc import Iterable
from itertools import combinations

from schemas.scene import Scene
from stages.claims.breaks import spans_break
from stages.claims.scene_view import SceneView
from stages.facts.askable_scene import AskableScene
from stages.facts.movement import distant
from stages.wording.stretch import END_SECONDS, Stretch, around_cut, ends, gap_seconds, shots, spans

Compared = tuple[Stretch, Stretch]
"""The earlier and the later stretch."""

_TOUCHING_SECONDS = 1e-6


def parts(view: AskableScene) -> list[Compared]:
    """Stretches of one kind of which one follows the other, while the camera's movement is measured."""
    scene = view.scene
    steady = view.steady((*spans(scene), *shots(scene), *(around_cut(scene) or ())))
    pairs = (pair for pair in combinations(steady, 2) if gap_seconds(*pair) > -_TOUCHING_SECONDS and _alike(*pair))
    return _unbroken(pairs, scene)


def apart(view: AskableScene) -> list[Compared]:
    """Stretches so far apart that no frame shows both: shots, moments, thirds, and the ends of the clip.

    None has a cut inside: it would show two places, and two brightnesses.
    """
    lengths = (ends(view.scene, count) for count in END_SECONDS)
    pairs = [*distant(view), *(pair for pair in lengths if gap_seconds(*pair) >= view.min_gap_seconds)]
    uncut = (pair for pair in pairs if not any(_is_cut(stretch, view.scene) for stretch in pair))
    return _unbroken(uncut, view.scene)


def by_shots(pairs: Iterable[Compared], view: AskableScene) -> list[list[Compared]]:
    """The pairs in random order, sorted out by the shots that they compare."""
    pool, found = list(pairs), dict[tuple[range, range], list[Compared]]()
    for a, b in (pool[int(i)] for i in view.rng.permutation(len(pool))):
        found.setdefault((view.seen.shots(a.interval), view.seen.shots(b.interval)), []).append((a, b))
    return list(found.values())


def is_of_one_shot(pair: Compared, view: SceneView) -> bool:
    """Whether both stretches lie in one shot."""
    first, second = (view.shots(stretch.interval) for stretch in pair)
    return len(first) == 1 and first == second


def _unbroken(pairs: Iterable[Compared], scene: Scene) -> list[Compared]:
    return [(a, b) for a, b in pairs if not spans_break((a.interval, b.interval), scene)]


def _is_cut(stretch: Stretch, scene: Scene) -> bool:
    """Whether a shot ends and another begins in it."""
    return any(stretch.interval.start_seconds < at < stretch.interval.end_seconds for at in scene.shot_starts)


def _alike(a: Stretch, b: Stretch) -> bool:
    """Whether two parts are of one kind: halves, thirds, shots, the sides of a cut, or equally many seconds."""
    kinds = {stretch.key.rstrip("0123456789_s").removeprefix("before").removeprefix("after") for stretch in (a, b)}
    lengths = abs(a.interval.duration_seconds - b.interval.duration_seconds)
    return len(kinds) == 1 and (kinds != {"span"} or lengths < _TOUCHING_SECONDS)
