"""The order in which the provable questions of a clip are asked, so that axes, predicates and true values alternate."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import chain, islice, zip_longest
from typing import TypeVar

from schemas.group import CandidateGroup, theme_of
from stages.facts.same_fact import are_one_fact, is_usual
from stages.facts.slot import Series, Slot

T = TypeVar("T")
Alternatives = tuple[CandidateGroup, ...]
"""Groups that ask one question in other words, or with other values and absent things."""
Turn = list[Alternatives]
"""Questions that are asked one after the other before another predicate or axis has its turn."""

_PAIRS_A_TURN = 3
"""A turn ends as soon as it has this many pairs."""


def in_turns(questions: Sequence[Alternatives], max_per_predicate: int, max_alike: int) -> list[Alternatives]:
    """The questions that are asked, in order: the axes take turns, and within an axis its predicates.

    Whatever has the fewest turns goes first. A question that asks for the fact of an earlier one again is left out;
    if only the earlier one names absent things, which perhaps no other video shows, the later one is its second choice.
    Left out are questions beyond `max_per_predicate` for each predicate of the true answer (separately with and without
    absent things), or beyond `max_alike` that say the same about the same thing at other times, or that all say what is
    nearly always so.
    """
    axes = []
    for of_axis in _sorted_out(_asked_once(questions), lambda groups: groups[0].axis):
        predicates = []
        for of_predicate in _sorted_out(of_axis, lambda groups: theme_of(groups[0], groups[0].chosen)):
            halves = [
                [groups for groups in of_predicate if bool(groups[0].absent) == absent] for absent in (True, False)
            ]
            predicates.append(_alternating(_turns_of(half, max_per_predicate, max_alike) for half in halves if half))
        axes.append(_shortest_first(predicates))
    return list(chain.from_iterable(_shortest_first(axes)))


def few_of_series(questions: Iterable[tuple[Slot, Alternatives]]) -> list[Alternatives]:
    """The questions in order, of each series no more than it may have."""
    asked: Counter[Series] = Counter()
    kept = []
    for slot, groups in questions:
        if slot.series is None or asked[slot.series] < slot.series.most:
            kept.append(groups)
            asked.update([slot.series] if slot.series else [])
    return kept


def _asked_once(questions: Sequence[Alternatives]) -> list[Alternatives]:
    """The questions, without those that ask for the same fact as one before."""
    kept: list[Alternatives] = []
    for of_theme in _sorted_out(questions, lambda groups: theme_of(groups[0], groups[0].chosen)):
        asked: list[Alternatives] = []
        for groups in of_theme:
            claim = groups[0].chosen.claim
            before = next((i for i, other in enumerate(asked) if are_one_fact(claim, other[0].chosen.claim)), None)
            if before is None:
                asked.append(groups)
            else:
                asked[before] = _with_second_choice(asked[before], groups)
        kept += asked
    return kept


def _with_second_choice(groups: Alternatives, again: Alternatives) -> Alternatives:
    """The groups of a question, and one of `again` if each of them names something absent, and that one nothing."""
    plain = next((group for group in again if not group.absent), None)
    if plain is None or not all(group.absent for group in groups):
        return groups
    return (*groups, plain.model_copy(update={"slot_id": groups[0].slot_id, "second_choice": True}))


def _turns_of(questions: Sequence[Alternatives], most: int, max_alike: int) -> list[Turn]:
    """The turns of one predicate: at most `most` questions, their true values alternating."""
    kept = [groups for alike in _sorted_out(questions, _says) for groups in alike[:max_alike]]
    turns: list[Turn] = [[]]
    for groups in islice(_shortest_first(_sorted_out(kept, _true_value)), most):
        if sum(len(question[0].rejected) for question in turns[-1]) >= _PAIRS_A_TURN:
            turns.append([])
        turns[-1].append(groups)
    return turns


def _true_value(groups: Alternatives) -> Hashable:
    """What the true answer chooses, such as "camera_moves=still"."""
    return groups[0].balance[:1]


def _says(groups: Alternatives) -> Hashable:
    """What the true answer says, and about which thing; of all things, if it is what is nearly always so."""
    claim = groups[0].chosen.claim
    if claim is not None and is_usual(claim):
        return claim.predicate
    return _true_value(groups), claim.subject_phrases if claim else ()


def _sorted_out(items: Iterable[T], kind: Callable[[T], Hashable]) -> list[list[T]]:
    """The items by kind, kinds and items in order of appearance."""
    found: dict[Hashable, list[T]] = {}
    for item in items:
        found.setdefault(kind(item), []).append(item)
    return list(found.values())


def _shortest_first(queues: Iterable[Sequence[T]]) -> list[T]:
    """The queues alternating, the shortest first."""
    return _alternating(sorted(queues, key=len))


def _alternating(queues: Iterable[Sequence[T]]) -> list[T]:
    """The first item of each queue, then the second of each, and so on."""
    return [item for row in zip_longest(*queues) for item in row if item is not None]
