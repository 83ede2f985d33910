"""Groups with their twins: a limit on the number of groups takes both or neither."""

from collections import Counter
from collections.abc import Iterable

from schemas.hash_order import hash_order
from trainer.data.records import GroupRows

TwinGroups = tuple[GroupRows, ...]
"""A group and its twins, in order of group id."""


def grouped_with_twins(groups: Iterable[GroupRows]) -> list[TwinGroups]:
    """Every group once, beside its twins, in order of id."""
    found: dict[str, list[GroupRows]] = {}
    for group in sorted(groups, key=lambda group: (group.twins_id, group.group_id)):
        found.setdefault(group.twins_id, []).append(group)
    return [tuple(twins) for twins in found.values()]


def first_groups(groups: Iterable[GroupRows], count: int | None) -> list[GroupRows]:
    """At most `count` groups in order of id, twins beside each other; all if it is None."""
    return _fitting(grouped_with_twins(groups), count)


def spread_groups(twin_groups: Iterable[TwinGroups], count: int) -> list[GroupRows]:
    """At most `count` groups from as many videos as possible, the same ones every time."""
    of_video: Counter[str] = Counter()
    ranked = []
    for twins in sorted(twin_groups, key=lambda twins: hash_order(twins[0].group_id)):
        ranked.append((of_video[twins[0].video_id], twins))
        of_video[twins[0].video_id] += 1
    return _fitting([twins for _, twins in sorted(ranked, key=lambda entry: entry[0])], count)


def _fitting(twin_groups: Iterable[TwinGroups], count: int | None) -> list[GroupRows]:
    taken: list[GroupRows] = []
    for twins in twin_groups:
        if count is None or len(taken) + len(twins) <= count:
            taken += twins
    return taken
