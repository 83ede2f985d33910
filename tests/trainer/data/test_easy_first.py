"""Groups in lots by difficulty, and training through them. Covers training_data and step_order."""

from dataclasses import replace

import pytest

from schemas.errors import DatasetError
from schemas.pair import RejectedKind
from tests.trainer.policies import rows_of
from trainer.data.easy_first import lots, row_difficulty
from trainer.data.records import GroupRows


def group(number: int, *difficulties: float | None, twin_of: str | None = None) -> GroupRows:
    """A group whose rows are so hard."""
    wrong = tuple((f"Answer {place}.", RejectedKind.RELEVANT) for place in range(len(difficulties)))
    rows = rows_of(f"g{number}", rejected=wrong, twin_of=twin_of)
    chosen, *rejected = rows.answers
    known = (replace(answer, difficulty=each) for answer, each in zip(rejected, difficulties, strict=True))
    return replace(rows, answers=(chosen, *known))


def ids(found: list[list[GroupRows]]) -> list[set[str]]:
    return [{rows.group_id for rows in lot} for lot in found]


def test_a_group_is_as_hard_as_its_rows_in_the_mean() -> None:
    """(0.2 + 0.6) / 2; rows without a number do not count, and a group without any is unknown."""
    assert row_difficulty(group(0, 0.2, None, 0.6)) == pytest.approx(0.4)
    assert row_difficulty(group(0, None)) is None


def test_lots_are_equally_large_and_the_easiest_comes_first() -> None:
    """Ten families in four lots of 2 or 3, whatever the order in which they are given."""
    groups = [group(number, number / 10) for number in range(10)]
    found = ids(lots(groups[::-1], 4, row_difficulty))
    assert found == [{"g0", "g1"}, {"g2", "g3", "g4"}, {"g5", "g6", "g7"}, {"g8", "g9"}]


def test_twins_share_a_lot_and_the_unknown_stand_in_the_middle() -> None:
    """A family of 0 and 1 is 0.5, in the middle of 0.1 and 0.9; so is one of which nothing is known."""
    groups = [group(0, 0.1), group(1, 0.0), group(2, 1.0, twin_of="g1"), group(3, 0.9), group(4, None)]
    assert ids(lots(groups, 4, row_difficulty)) in (
        [{"g0"}, {"g1", "g2"}, {"g4"}, {"g3"}],
        [{"g0"}, {"g4"}, {"g1", "g2"}, {"g3"}],
    )


def test_fewer_families_than_stages_are_fewer_lots() -> None:
    """No lot is empty."""
    assert ids(lots([group(0, 0.3), group(1, 0.2)], 4, row_difficulty)) == [{"g1"}, {"g0"}]


def test_a_set_that_says_nothing_is_refused() -> None:
    """It has no order by difficulty; the line says what to try."""
    with pytest.raises(DatasetError, match=r"try data\.difficulty=reference or data\.order=shuffled"):
        lots([group(0, None)], 4, row_difficulty)
