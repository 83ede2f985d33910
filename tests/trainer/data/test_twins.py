"""Which groups are taken if their number is limited."""

from dataclasses import replace

from tests.trainer.policies import rows_of
from trainer.data.records import GroupRows
from trainer.data.twins import first_groups, grouped_with_twins, spread_groups


def with_twin(group_id: str, video_id: str) -> list[GroupRows]:
    group = rows_of(group_id, video_id)
    return [group, replace(group, group_id=f"{group_id}-t", twin_of=group_id)]


def some() -> list[GroupRows]:
    """For each of three videos a group without and a group with a twin."""
    return [group for video in "abc" for group in (rows_of(f"{video}0", video), *with_twin(f"{video}1", video))]


def test_twins_are_taken_both_or_neither() -> None:
    """Whatever the limit, in order of id and spread over videos, and never more than it."""
    for limit in range(1, 10):
        for taken in (first_groups(some()[::-1], limit), spread_groups(grouped_with_twins(some()), limit)):
            assert len(taken) <= limit
            ids = {group.group_id for group in taken}
            twins = {f"{video}1" for video in "abc"} & ids
            assert twins == {i.removesuffix("-t") for i in ids if i.endswith("-t")}
    assert [group.group_id for group in first_groups(some(), 5)] == ["a0", "a1", "a1-t", "b0", "c0"]
    assert first_groups(some()[::-1], None) == some()


def test_groups_are_spread_over_videos() -> None:
    """The first of every video before the second of any, in whatever order they come."""
    taken = spread_groups(grouped_with_twins(some()), 9)
    assert taken == spread_groups(grouped_with_twins(some()[::-1]), 9)
    families = list(dict.fromkeys(group.twins_id for group in taken))
    assert {family[0] for family in families[:3]} == set("abc")
