"""How processes share the work."""

import pytest

from trainer.loop.ranks import Rank


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_ranks_share_items_and_have_equally_many(count: int) -> None:
    """Each of five items counts on exactly one rank; a rank with fewer repeats the last item, which does not count."""
    shares = [Rank(number, count).share(range(5)) for number in range(count)]
    assert sorted(item for share in shares for item, counts in share if counts) == [0, 1, 2, 3, 4]
    assert {len(share) for share in shares} == {-(-5 // count)}
    assert {item for share in shares for item, counts in share if not counts} <= {4}


def test_only_rank_0_writes_and_prints() -> None:
    """It leads, and no other does."""
    assert [Rank(number, 3).leads for number in range(3)] == [True, False, False]


def test_a_process_alone_gathers_what_it_gives() -> None:
    """It waits for nobody."""
    assert Rank().gathered("mine") == ["mine"]
