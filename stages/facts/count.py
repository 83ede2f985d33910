"""Questions about numbers: of moving things in view, of different moving things, of shots."""

from numpy.random import Generator

from schemas.claim import Predicate
from stages.facts.askable_scene import AskableScene
from stages.facts.entity import OBJECT_NOUNS
from stages.facts.slot import Column, Slot
from stages.wording.stretch import halves, moments, whole_clip

_MOST = 12
_RUNS = (3, 4)


def _numbers(predicate: Predicate, least: int) -> tuple[Column, ...]:
    return tuple(Column(str(n), predicate, str(n)) for n in range(least, _MOST + 1))


def run_around(true: Column, false: tuple[Column, ...], rng: Generator) -> tuple[Column, ...]:
    """The other numbers of a run of three or four in which every place is equally likely for the true one.

    A place that would need a number outside the columns is not drawn. None if there is no such run.
    """
    numbers = {int(column.key): column for column in (true, *false)}
    n, length = int(true.key), int(rng.choice(_RUNS))
    starts = [s for s in range(n - length + 1, n + 1) if all(m in numbers for m in range(s, s + length))]
    if not starts:
        return ()
    start = starts[int(rng.integers(len(starts)))]
    return tuple(numbers[m] for m in range(start, start + length) if m != n)


def count(view: AskableScene) -> tuple[Slot, ...]:
    """Questions for moving_count, distinct_moving_count and shot_count; of moving things, only if the clip has some."""
    return (*(_of_moving_things(view) if view.seen.movers else ()), _of_shots(view))


def _of_moving_things(view: AskableScene) -> tuple[Slot, ...]:
    nouns = tuple(OBJECT_NOUNS[int(view.rng.integers(len(OBJECT_NOUNS)))] for _ in range(2))
    found = [
        Slot(
            key=f"moving_count.{stretch.key}",
            wording="count.moving",
            feature="number",
            form="numbers",
            columns=_numbers(Predicate.MOVING_COUNT, 0),
            stretches=(stretch,),
            fillings=(("noun", nouns[0]),),
            choose=run_around,
        )
        for stretch in view.some(moments(view.scene))
    ]
    found += [
        Slot(
            key=f"distinct_moving_count.{stretch.key}",
            wording="count.distinct",
            feature="number",
            form="numbers",
            columns=_numbers(Predicate.DISTINCT_MOVING_COUNT, 1),
            stretches=(stretch,),
            fillings=(("noun", nouns[1]),),
            choose=run_around,
        )
        for stretch in (whole_clip(view.scene), *halves(view.scene))
    ]
    return tuple(found)


def _of_shots(view: AskableScene) -> Slot:
    return Slot(
        key="shot_count",
        wording="count.shots",
        feature="number",
        form="numbers",
        columns=_numbers(Predicate.SHOT_COUNT, 1),
        events=(whole_clip(view.scene).interval,),
        choose=run_around,
    )
