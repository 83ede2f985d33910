"""Which groups of a family are each other's counterfactual: one question, another truth, and both answers on both."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from schemas.errors import DatasetError
from schemas.pair import normalise_text
from trainer.data.records import GroupRows
from trainer.data.twins import TwinGroups


@dataclass(frozen=True)
class TwinPair:
    """Two groups of a family with different truths, by their places in it."""

    first: int
    second: int
    first_truth: int
    """Place of the first group's chosen answer among the second's answers."""
    second_truth: int
    """Place of the second group's chosen answer among the first's answers."""


@dataclass(frozen=True)
class TwinEdges:
    """The pairs of groups of a family whose truths differ."""

    pairs: tuple[TwinPair, ...]
    lacking: int
    """How many more there are that lack an answer of one on the other, or ask otherwise: these have text edges only."""


def twin_edges(family: Sequence[GroupRows]) -> TwinEdges:
    """The pairs of a family, in order."""
    pairs, lacking = [], 0
    for first, second in combinations(range(len(family)), 2):
        one, other = family[first], family[second]
        if normalise_text(one.chosen.text) == normalise_text(other.chosen.text):
            continue
        first_truth, second_truth = _place_of(one.chosen.text, other), _place_of(other.chosen.text, one)
        if first_truth is None or second_truth is None or one.question != other.question:
            lacking += 1
        else:
            pairs.append(TwinPair(first, second, first_truth, second_truth))
    return TwinEdges(tuple(pairs), lacking)


def edges_line(families: Sequence[TwinGroups]) -> str:
    """One line: how many families there are, and how many of their pairs have visual edges.

    DatasetError if none has: it would be plain DPO.
    """
    found = [twin_edges(family) for family in families]
    pairs, lacking = sum(len(edges.pairs) for edges in found), sum(edges.lacking for edges in found)
    if not pairs:
        raise DatasetError(
            "no two twins of --data have different truths and both answers on both, which loss.method=twins compares; "
            "use the recipe dpo, or build the set with a higher generate.facts.twin_share"
        )
    line = f"families: {len(families)}, pairs of twins with all four edges: {pairs}"
    return f"{line}; {lacking} lack an answer of one on the other and keep their text edges" if lacking else line


def _place_of(text: str, group: GroupRows) -> int | None:
    return next((place for place, answer in enumerate(group.answers) if answer.text == text), None)
