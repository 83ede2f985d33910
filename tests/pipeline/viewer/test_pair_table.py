"""The table of groups agrees with the rows of the set."""

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from pipeline.dataset.finished_set import FinishedSet
from pipeline.viewer.facets import COLUMNS, NAMES, facets_of
from pipeline.viewer.pair_table import SORTS, GroupQuery, PairTable
from pipeline.viewer.sample import sampled_rows
from schemas.arrow import to_table
from schemas.errors import UserError
from schemas.interval import Interval
from schemas.pair import Pair, Verdict
from schemas.shown import EditKind, Shown, ShownEdit
from tests.finished import Whole
from tests.pipeline.viewer.sets import pairs_of, twinned_set


@pytest.fixture(scope="module")
def table(whole: Whole) -> PairTable:
    """The table of the shared set."""
    return PairTable(FinishedSet.open(str(whole.path)))


def ids(table: PairTable, query: GroupQuery) -> list[str]:
    """The groups that a query finds, in order."""
    return [table.group_ids[number] for number in table.find(query).groups]


def test_every_facet_counts_as_the_rows_do(whole: Whole, table: PairTable) -> None:
    """Axis, kind, writer, what is shown, what labels rest on, predicate and clip, counted again from the pairs."""
    pairs, found = pairs_of(whole), table.find(GroupQuery()).facets
    assert found.keys() == set(NAMES)
    assert found["axis"] == Counter(pair.axis.value for pair in pairs)
    assert found["kind"] == Counter(pair.rejected_kind.value for pair in pairs)
    assert found["shown"] == Counter(pair.shown.name for pair in pairs)
    assert found["grounds"] == Counter(pair.grounds.value for pair in pairs)
    assert found["predicate"] == Counter(pair.chosen_claims[0].predicate.value for pair in pairs)
    assert found["clip"] == Counter(pair.clip_id for pair in pairs)


def test_filters_of_one_facet_add_up_and_facets_narrow(whole: Whole, table: PairTable) -> None:
    """Two axes or one kind; a facet goes on counting what it would give without itself."""
    pairs = pairs_of(whole)
    axes = sorted({pair.axis.value for pair in pairs})
    query = GroupQuery({"axis": frozenset(axes[:1]), "split": frozenset(("train",))})
    passing = [pair for pair in pairs if pair.axis.value == axes[0] and pair.split.value == "train"]
    assert set(ids(table, query)) == {pair.group_id for pair in passing}
    assert table.find(query).pairs == len(passing)
    trained = Counter(pair.axis.value for pair in pairs if pair.split.value == "train")
    assert table.find(query).facets["axis"] == trained


def test_text_is_found_in_any_case_in_all_three_texts_and_ids_whole(whole: Whole, table: PairTable) -> None:
    """A word of a rejected answer in capitals, a pair's id; a part of an id finds nothing."""
    pairs = pairs_of(whole)
    word = pairs[0].rejected.removesuffix(".").rpartition(" ")[2].upper()
    holding = {p.group_id for p in pairs if word.lower() in f"{p.question} {p.chosen} {p.rejected}".lower()}
    assert holding
    assert set(ids(table, GroupQuery(text=word))) == holding
    assert ids(table, GroupQuery(text=pairs[0].pair_id)) == [pairs[0].group_id]
    assert ids(table, GroupQuery(text=pairs[0].pair_id[:-1] + "#")) == []


@pytest.mark.parametrize("sort", SORTS)
def test_each_order_holds_all_groups_and_turns_round(table: PairTable, sort: str) -> None:
    """Every group once; descending is the reverse."""
    up = ids(table, GroupQuery(sort=sort))
    assert sorted(up) == sorted(table.group_ids)
    assert ids(table, GroupQuery(sort=sort, descending=True)) == up[::-1]


def test_an_unknown_order_is_refused() -> None:
    """One line with what is allowed."""
    with pytest.raises(UserError, match="allowed are set, question"):
        GroupQuery(sort="colour")


def test_pairs_are_read_whole_wherever_they_lie(whole: Whole, table: PairTable) -> None:
    """The records of a group are those that were written, in order; a group that is not there is refused."""
    written = {pair.pair_id: pair for pair in pairs_of(whole)}
    for group_id in table.group_ids[:5]:
        found = table.pairs(table.rows_of(group_id))
        assert found == [written[pair.pair_id] for pair in found]
        assert {pair.group_id for pair in found} == {group_id}
    with pytest.raises(UserError, match="has no group"):
        table.rows_of("../../etc/passwd")


def test_twins_are_those_of_one_question(whole: Whole, tmp_path: Path) -> None:
    """A group and its twin name each other, all others nobody."""
    twin = twinned_set(tmp_path / "ds", whole)
    found = {group: twins for group, twins in PairTable(FinishedSet.open(str(tmp_path / "ds"))).twins.items() if twins}
    assert found == {twin.group_id: [twin.twin_of], twin.twin_of: [twin.group_id]}


def test_facets_of_edits_verdicts_and_lengths(whole: Whole) -> None:
    """A seam alone is no edit; a segment is named by that; a judge's word counts more than a proof."""
    [pair, *_] = pairs_of(whole)
    stretch = Interval(start_seconds=1.0, end_seconds=2.0)
    seam, frozen = (
        ShownEdit(kind=kind, start_seconds=stretch.start_seconds, end_seconds=stretch.end_seconds)
        for kind in (EditKind.SEAM, EditKind.FROZEN)
    )
    judged = (*pair.verdicts, Verdict(check="genuine", passed=True))
    long = pair.chosen.removesuffix(".") + " x" * 100 + "."
    changes: list[dict[str, object]] = [
        {"shown": Shown(edits=(seam,))},
        {"shown": Shown(edits=(seam, frozen))},
        {"shown": Shown(segment_id="s01"), "verdicts": judged},
        {"shown": Shown(), "verdicts": (), "chosen": long},
        {"shown": Shown(), "chosen_claims": (), "question_model": "m"},
        {"shown": Shown(), "chosen_claims": pair.chosen_claims * 2},
    ]
    rows = to_table(Pair, [pair.model_copy(update=change) for change in changes])
    facets = facets_of(pa.table({name: rows.column(name) for name in {c.split(".")[0] for c in COLUMNS}}))
    names = {name: [facet.values[code] for code in facet.codes_R] for name, facet in facets.items()}
    assert names["shown"] == ["none", "frozen", "segment", "none", "none", "none"]
    assert names["grounds"] == ["proven", "proven", "judged", "unchecked", "proven", "proven"]
    predicate = pair.chosen_claims[0].predicate.value
    assert names["predicate"] == [predicate] * 4 + ["none", "several claims"]
    assert names["length"][3] == "over 160 characters"


def test_a_sample_is_seeded_and_takes_one_pair_of_a_group(table: PairTable) -> None:
    """The same again, other ones with another seed, more with a larger count, and never two of one group."""
    few, more = sampled_rows(table, 8, 0), sampled_rows(table, 12, 0)
    assert np.array_equal(few, sampled_rows(table, 8, 0))
    assert not np.array_equal(few, sampled_rows(table, 8, 1))
    assert set(few) < set(more)
    assert len({table.group_R[row] for row in more}) == 12
    assert len(sampled_rows(table, 10**6, 0)) == len(table.group_ids)
