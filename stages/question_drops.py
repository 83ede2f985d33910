"""A question is dropped when the last of its groups is dropped."""

from collections.abc import Iterator, Mapping, Sequence

from schemas.drop import Drop, ItemType
from schemas.group import CandidateGroup


def with_questions(groups: Sequence[CandidateGroup], dropped: Mapping[str, Drop]) -> Iterator[Drop]:
    """The drops of groups, in the order of the groups, with one drop for each question that loses all its groups.

    Args:
        groups: all groups, including those that stay.
        dropped: the drops by group id. The drop of a question has the reason of its first group.
    """
    alive = {group.slot_id for group in groups if group.group_id not in dropped}
    for group in groups:
        drop = dropped.get(group.group_id)
        if drop is None:
            continue
        yield drop
        if group.slot_id not in alive:
            alive.add(group.slot_id)
            yield drop.model_copy(update={"item_id": group.slot_id, "item_type": ItemType.QUESTION})
