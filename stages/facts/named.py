"""Questions about kinds of things: which is in view, in which part of the clip, and how many are."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from numpy.random import Generator

from schemas.claim import Predicate
from schemas.interval import Interval
from schemas.scene import FACE
from stages.claims.nouns import is_counted, is_vague
from stages.claims.thing import merged
from stages.facts.askable_scene import AskableScene
from stages.facts.count import run_around
from stages.facts.expected import is_expected
from stages.facts.named_kind import NamedKind, named_kinds
from stages.facts.parts_of_clip import parts_of_clip
from stages.facts.slot import Column, Slot
from stages.wording.stretch import moments, shots, spans, whole_clip

_MOST = 12
_LEAST_ABSENT = 3  # kinds: some may not be in any other video either, and then they are named nowhere
_ALL_ALONG = 0.9  # of the clip's length
_PRESENT = (Column("present", Predicate.PRESENT),)
NUMBERS = tuple(Column(str(n), Predicate.NAMED_COUNT, str(n)) for n in range(_MOST + 1))
"""How many there may be of a kind."""
_CHANCES = 4  # times as many alternatives: the absent kinds that another video contains are not known here


def named(view: AskableScene) -> tuple[Slot, ...]:
    """Questions for present and named_count.

    What is not there is named where one would look for it: anybody knows that no car stands in a kitchen. Other things
    are named only if few else are known to be absent.
    """
    kinds = view.shuffled(kind for kind in named_kinds(view.seen) if not is_vague(kind.name))
    seen = tuple(kind for kind in kinds if kind.in_video)
    nouns = [kind.name for kind in seen]
    away = sorted((kind for kind in kinds if not kind.in_video), key=lambda kind: not is_expected(kind.name, nouns))
    expected = sum(is_expected(kind.name, nouns) for kind in away)
    absent = tuple(away[: max(expected, _LEAST_ABSENT)])
    found: list[Slot] = []
    for kind in seen:
        others = tuple(other for other in seen if other is not kind)
        if kind.name != FACE:  # nobody asks whether there is a face; how many there are is another matter
            found += [*_which(view, kind, others, absent), *_when(view, kind, absent)]
        if is_counted(kind.name):
            found += _how_many(view, kind, others, absent)
    return tuple(found)


def _which(
    view: AskableScene, kind: NamedKind, others: Sequence[NamedKind], absent: Sequence[NamedKind]
) -> Iterator[Slot]:
    """Which kind is in view in a stretch, or at all: one that is, and others that are not.

    What is in view nearly all along is asked for once: at any other time the answer would be the same.
    """
    plain = Slot(
        key="",
        wording="named.which",
        feature="present",
        form="entities",
        columns=_PRESENT,
        width=1,
        row=kind,
        others=tuple(others),
        absent=tuple(absent),
        height=3,
        chances=_CHANCES,
    )
    whole = replace(_PRESENT[0], stretches=(whole_clip(view.scene),))
    yield replace(
        plain, key=f"which.{kind.name}", wording="named.which_at_all", columns=(whole,), events=_in_view(kind)
    )
    if _seconds_in_view(kind) < _ALL_ALONG * view.seen.whole_clip.duration_seconds:
        for stretch in view.some((*spans(view.scene), *shots(view.scene))):
            yield replace(plain, key=f"which.{kind.name}.{stretch.key}", stretches=(stretch,))


def _when(view: AskableScene, kind: NamedKind, absent: Sequence[NamedKind]) -> Iterator[Slot]:
    """In which part of the clip a kind is in view, where it is in one alone; with others that are nowhere in it."""
    slots = parts_of_clip(
        view, kind, Predicate.PRESENT, _in_view(kind), about=f"seen_when.{kind.name}", wording="named.when_values"
    )
    for slot in slots:
        yield slot
        if absent:
            yield replace(
                slot,
                key=f"{slot.key}.grid",
                wording="named.when_grid",
                form="grid",
                width=2,
                height=2,
                absent=tuple(absent),
                chances=_CHANCES,
            )


def _how_many(
    view: AskableScene, kind: NamedKind, others: Sequence[NamedKind], absent: Sequence[NamedKind]
) -> Iterator[Slot]:
    """How many of a kind are in view, and how many of which kind."""
    many, rest, away = (tuple(replace(one, several=True) for one in kinds) for kinds in ((kind,), others, absent))
    counted = tuple(other for other in (*rest, *away) if is_counted(other.name))
    for stretch in view.some((*moments(view.scene), *spans(view.scene))):
        slot = Slot(
            key=f"named_count.{kind.name}.{stretch.key}",
            wording="named.count",
            feature="number",
            form="numbers",
            columns=NUMBERS,
            row=many[0],
            stretches=(stretch,),
            choose=run_around,
        )
        yield slot
        if counted:
            yield replace(
                slot,
                key=f"{slot.key}.grid",
                wording="named.count_grid",
                form="grid",
                columns=slot.columns[2:],  # one thing would need other words than several
                height=2,
                others=tuple(other for other in counted if other.in_video),
                absent=tuple(other for other in counted if not other.in_video),
                choose=_next_number,
                chances=_CHANCES,
            )


def _next_number(true: Column, false: tuple[Column, ...], rng: Generator) -> tuple[Column, ...]:
    """The other number of a pair: two and three, four and five, ... The true one is as often the smaller as the larger,
    as far as the clips are.
    """
    del rng
    return tuple(column for column in false if int(column.key) == int(true.key) ^ 1)


def _seconds_in_view(kind: NamedKind) -> float:
    return sum(end - start for start, end in merged(kind.visible))


def _in_view(kind: NamedKind) -> tuple[Interval, ...]:
    return tuple(Interval(start_seconds=start, end_seconds=end) for start, end in kind.visible)
