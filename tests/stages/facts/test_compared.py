"""Which stretches of a clip can be compared as pictures."""

import numpy as np

from schemas.scene import Break, Scene
from stages.claims.scene_view import SceneView
from stages.facts.askable_scene import AskableScene
from stages.facts.compared import apart, by_shots, is_of_one_shot, parts
from stages.facts.picture import picture
from tests.scenes import cut, measure, places, scene


def _askable(there: Scene) -> AskableScene:
    return AskableScene(
        seen=SceneView(there),
        objects=(),
        named=(),
        throughout=(),
        absent=(),
        min_gap_seconds=1.0,
        stretches_per_question=3,
        picture_stretches=12,
        rng=np.random.default_rng(0),
    )


def test_nothing_is_compared_over_a_break() -> None:
    """A break at 5 s parts what comes before from what comes after."""
    there = scene().model_copy(update={"breaks": (Break(pts_seconds=5.0, share=0.2, ratio=9.0),)})
    for pairs in (parts, apart):
        assert any(a.interval.end_seconds <= 5 <= b.interval.start_seconds for a, b in pairs(_askable(scene())))
        kept = pairs(_askable(there))
        assert kept
        assert all(b.interval.end_seconds <= 5 or a.interval.start_seconds >= 5 for a, b in kept)


def test_a_stretch_with_a_cut_inside_is_no_picture() -> None:
    """A cut at 4.9 s lies in "about five seconds in", which no pair has then."""
    for cuts, has in (((), True), ((cut(4.9),), False)):
        keys = {stretch.key for pair in apart(_askable(scene(cuts=cuts))) for stretch in pair}
        assert ("at5s" in keys) is has


def test_pairs_are_sorted_out_by_their_shots() -> None:
    """Three shots: three kinds of pairs within one, and three of two shots."""
    view = _askable(scene(cuts=[cut(3.5), cut(6.5)]))
    found = by_shots(apart(view), view)
    assert sum(len(of_shots) for of_shots in found) == len(apart(view))
    within = [of_shots for of_shots in found if is_of_one_shot(of_shots[0], view.seen)]
    assert len(found) - len(within) == 3


def test_two_shots_are_compared_once_in_light_and_place() -> None:
    """Two shots, one dark: one question each; without the cut two about light, which changes in one shot."""
    lights = [measure(float(i), luma=0.7 if i < 5 else 0.2) for i in range(10)]
    known = places((0, 0, 0.0, 0.05), (0, 1, 1.2, 1.4), (1, 1, 0.0, 0.05))
    for cuts, numbers in (((cut(5.0),), (1, 1)), ((), (2, 0))):
        slots = picture(_askable(scene(cuts=cuts, places=known, measures=lights)))
        assert tuple(sum(slot.feature == name for slot in slots) for name in ("brighter", "place")) == numbers
