"""Groups that are dropped take their question with them where they were its last."""

from collections.abc import Iterator, Mapping, Sequence

from schemas.drop import Drop, ItemType
from schemas.group import CandidateGroup


def with_questions(groups: Sequence[CandidateGroup], dropped: Mapping[str, Drop]) -> Iterator[Drop]:
    """The drops of groups, in the groups' order, and one of each question whose every group is among them.

    Args:
        groups: all groups, those that stay included.
        dropped: by group id. A question is dropped for the reason of its first group.
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
