"""Groups with their twins: where a number limits how many are taken, both come along or neither."""

import hashlib
from collections import Counter
from collections.abc import Iterable

from trainer.data.records import GroupRows

Kin = tuple[GroupRows, ...]
"""A group and its twins, in order of group id."""


def kins_of(groups: Iterable[GroupRows]) -> list[Kin]:
    """Every group once, beside its twins; in order of id."""
    found: dict[str, list[GroupRows]] = {}
    for group in sorted(groups, key=lambda group: (group.family_id, group.group_id)):
        found.setdefault(group.family_id, []).append(group)
    return [tuple(kin) for kin in found.values()]


def first_groups(groups: Iterable[GroupRows], count: int | None) -> list[GroupRows]:
    """At most `count` in order of id, twins beside each other; all where it is None."""
    return _fitting(kins_of(groups), count)


def spread_groups(kins: Iterable[Kin], count: int) -> list[GroupRows]:
    """At most `count`, of as many videos as possible, the same ones every time."""
    of_video: Counter[str] = Counter()
    ranked = []
    for kin in sorted(kins, key=lambda kin: hashlib.sha256(kin[0].group_id.encode()).digest()):
        ranked.append((of_video[kin[0].video_id], kin))
        of_video[kin[0].video_id] += 1
    return _fitting([kin for _, kin in sorted(ranked, key=lambda entry: entry[0])], count)


def _fitting(kins: Iterable[Kin], count: int | None) -> list[GroupRows]:
    taken: list[GroupRows] = []
    for kin in kins:
        if count is None or len(taken) + len(kin) <= count:
            taken += kin
    return taken
