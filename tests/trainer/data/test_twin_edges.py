"""Which groups of a family have visual edges."""

from dataclasses import replace

import pytest

from schemas.errors import DatasetError
from schemas.pair import RejectedKind
from tests.trainer.policies import rows_of
from trainer.data.records import GroupRows
from trainer.data.twin_edges import TwinEdges, TwinPair, edges_line, twin_edges

A, B, C = "It turns red.", "It turns blue.", "It turns green."


def group(group_id: str, chosen: str, *rejected: str) -> GroupRows:
    """A group of the family g."""
    wrong = tuple((text, RejectedKind.RELEVANT) for text in rejected)
    return rows_of(group_id, chosen=chosen, rejected=wrong, twin_of=None if group_id == "g" else "g")


def test_both_truths_are_found_on_both_sides() -> None:
    """A is the second wrong answer of the twin, b the first one of the group."""
    family = group("g", A, B, C), group("t", B, C, A)
    assert twin_edges(family) == TwinEdges((TwinPair(0, 1, first_truth=2, second_truth=1),), lacking=0)


def test_every_pair_of_a_larger_family_whose_truths_differ() -> None:
    """Of three groups with truths a, b and a, two pairs differ."""
    family = group("g", A, B), group("t", B, A), group("u", A, B)
    assert [(pair.first, pair.second) for pair in twin_edges(family).pairs] == [(0, 1), (1, 2)]


def test_what_lacks_an_answer_is_counted() -> None:
    """A twin that does not offer a, or asks otherwise, has text edges alone; equal truths are no edge at all."""
    assert twin_edges((group("g", A, B), group("t", B, C))) == TwinEdges((), lacking=1)
    other = replace(group("t", B, A), question="And then?")
    assert twin_edges((group("g", A, B), other)) == TwinEdges((), lacking=1)
    assert twin_edges((group("g", A, B), group("t", "it turns RED!", B))) == TwinEdges((), lacking=0)
    assert twin_edges((group("g", A, B),)) == TwinEdges((), lacking=0)


def test_the_line_says_how_many_there_are() -> None:
    """Two families, of which one lacks an answer; a set without a single pair of twins is refused."""
    families = [(group("g", A, B), group("t", B, A)), (group("g", A, B), group("t", B, C))]
    assert edges_line(families) == (
        "families: 2, pairs of twins with all four edges: 1; 1 lack an answer of one on the other and keep their text "
        "edges"
    )
    with pytest.raises(DatasetError, match="no two twins of --data have different truths and both answers on both"):
        edges_line(families[1:])
    assert edges_line(families[:1]) == "families: 1, pairs of twins with all four edges: 1"
