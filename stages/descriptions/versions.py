"""Which clauses a description tells, and in which versions: an order and its reverse, or a grid over two clauses."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from numpy.random import Generator

from stages.descriptions.clause import Clause, comes_before

_TRIED = 12
"""Clauses, drawn at random, of which every two are tried as those that the versions of a description differ in."""
LEAST_CHANGED = 2
"""Clauses in which the versions of a description differ."""
_MOST_ADDED = 2
"""Clauses that are told besides these two."""

Clauses = tuple[Clause, ...]


@dataclass(frozen=True)
class Versions:
    """The versions of one description; all have the same number of clauses, at the same times."""

    form: str
    """`order`: the clauses in their order, and two of them exchanged; `grid`: two clauses with two values each."""
    true: Clauses
    """What is true."""
    false: tuple[Clauses, ...]
    """The other versions, in each of which a clause is false and every clause is known."""


def changeable(clauses: Sequence[Clause]) -> int:
    """How many different things are said that another version may say otherwise: it takes two."""
    return len({_says(clause) for clause in clauses if clause.others and not clause.is_usual})


def plans(clauses: Sequence[Clause], is_known: Callable[[Clause], bool | None], rng: Generator) -> Iterator[Versions]:
    """The descriptions that can be made, orders and grids in turn, in random order; no two differ in the same clauses.

    `is_known` says whether a clause is proven true, or false; None if neither is.
    """
    orders = list(_orders(_drawn(clauses, rng), clauses, is_known, rng))
    editable = [clause for clause in clauses if clause.others and not clause.is_usual]
    grids = list(_grids(_drawn(editable, rng), clauses, rng))
    for turn in range(max(len(orders), len(grids))):
        yield from orders[turn : turn + 1]
        yield from grids[turn : turn + 1]


def _orders(
    drawn: Sequence[Clause], clauses: Sequence[Clause], is_known: Callable[[Clause], bool | None], rng: Generator
) -> Iterator[Versions]:
    for first, last in _pairs(drawn):
        exchanged = first.at(last.stretch), last.at(first.stretch)
        if exchanged[0] is None or exchanged[1] is None:
            continue
        truths = [is_known(clause) for clause in exchanged if clause]
        told = _with_others((first, last), clauses, rng) if False in truths and None not in truths else None
        if told is not None:
            there = {first: exchanged[1], last: exchanged[0]}
            yield Versions("order", told, (tuple(there.get(clause, clause) for clause in told),))


def _grids(drawn: Sequence[Clause], clauses: Sequence[Clause], rng: Generator) -> Iterator[Versions]:
    for first, last in _pairs(drawn):
        told = _with_others((first, last), clauses, rng)
        if told is None:
            continue
        other = _another(first, told, rng)
        another = _another(last, (*told, other), rng) if other else None
        if other is None or another is None:
            continue
        changes = ({first: other}, {last: another}, {first: other, last: another})
        yield Versions("grid", told, tuple(tuple(change.get(clause, clause) for clause in told) for change in changes))


def _another(clause: Clause, told: Sequence[Clause], rng: Generator) -> Clause | None:
    """What may stand in the place of a clause, is told nowhere else, and is not what is mostly so.

    No version says a thing twice: a reader would know that it is false.
    """
    said = {_says(one) for one in told} - {_says(clause)}
    fitting = [other for other in clause.others if _says(other) not in said and not other.is_usual]
    return fitting[int(rng.integers(len(fitting)))] if fitting else None


def _pairs(drawn: Sequence[Clause]) -> Iterator[tuple[Clause, Clause]]:
    """Every two of the clauses that a description may tell one after the other, no two of them about the same."""
    seen = set()
    for one, other in combinations(drawn, 2):
        pair = (one, other) if comes_before(one, other) else (other, one)
        about = frozenset((_says(one), _says(other)))
        if comes_before(*pair) and _may_stand_beside(one, [other]) and about not in seen:
            seen.add(about)
            yield pair


def _with_others(pair: tuple[Clause, Clause], clauses: Sequence[Clause], rng: Generator) -> Clauses | None:
    """The two clauses with others that are about something else; None if there is none that fits."""
    told = list(pair)
    for _ in range(_MOST_ADDED):
        fitting = [clause for clause in clauses if _fits(clause, told)]
        if not fitting:
            break
        most = max(_worth(clause, told) for clause in fitting)
        best = [clause for clause in fitting if _worth(clause, told) == most]
        told = sorted([*told, best[int(rng.integers(len(best)))]], key=_when)
    return tuple(told) if len(told) > len(pair) else None


def _fits(clause: Clause, told: Sequence[Clause]) -> bool:
    """Whether a description of these clauses may tell this one too, at its place in time."""
    in_order = pairwise(sorted([*told, clause], key=_when))
    return _may_stand_beside(clause, told) and all(comes_before(one, other) for one, other in in_order)


def _may_stand_beside(clause: Clause, told: Sequence[Clause]) -> bool:
    """Whether it says something else than each of the others; and if it compares two stretches, whether none of the
    others does: who describes a clip does not tell several times when it is brighter.
    """
    compares = clause.compares and any(one.compares for one in told)
    return not compares and _says(clause) not in {_says(one) for one in told}


def _worth(clause: Clause, told: Sequence[Clause]) -> tuple[bool, bool, float]:
    """The most is worth a new topic, then what is not usual, then what lasts longer."""
    return clause.topic not in {one.topic for one in told}, not clause.is_usual, clause.time.duration_seconds


def _says(clause: Clause) -> tuple[str | None, ...]:
    """What it says, whenever that is; that a thing is in view, and how many are, is one fact."""
    if clause.claim.noun is not None:
        return "noun", clause.claim.noun
    return clause.topic, clause.key, *clause.claim.subject_phrases


def _when(clause: Clause) -> tuple[float, float]:
    return clause.time.start_seconds, clause.time.end_seconds


def _drawn(clauses: Sequence[Clause], rng: Generator) -> list[Clause]:
    return [clauses[int(i)] for i in rng.permutation(len(clauses))[:_TRIED]]
