"""The account: what does not add up is never written."""

import pytest
from pydantic import ValidationError

from pipeline.dataset.account import Tallies
from schemas.drop import Drop, DropReason, ItemType


def drop(item_type: ItemType) -> Drop:
    return Drop(item_id="x", item_type=item_type, video_id=None, uri=None, stage="s", reason=DropReason.TOO_SHORT)


def test_a_lost_video_fails_the_account() -> None:
    """Three produced, one kept, one dropped: one is nowhere."""
    tallies = Tallies()
    tallies.produced[ItemType.VIDEO] = 3
    tallies.kept[ItemType.VIDEO] = 1
    tallies.count_drops([drop(ItemType.VIDEO)])
    with pytest.raises(ValidationError, match=r"account of video does not add up: 3 produced, 1 kept \+ 1 dropped"):
        tallies.account(0)


def test_a_type_that_is_only_dropped_has_a_line_of_its_own() -> None:
    """Of answers three were kept and two dropped; types that are counted stand there with zeros."""
    tallies = Tallies()
    tallies.kept[ItemType.ANSWER] = 3
    tallies.count_drops([drop(ItemType.ANSWER), drop(ItemType.ANSWER)])
    account = tallies.account(ignored_files=4)
    line = account.line(ItemType.ANSWER)
    assert line is not None
    assert (line.produced, line.kept, line.dropped_count) == (5, 3, 2)
    assert account.ignored_files == 4
