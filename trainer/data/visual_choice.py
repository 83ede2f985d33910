"""Which visual negative of a level a group is trained on, by how well the reference tells it from the preferred one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from schemas.visual_negative import VisualLevel, VisualNegative
from trainer.data.records import GroupRows
from trainer.data_settings import VisualChoice

Gaps = Mapping[int, float]
"""By place of a negative in `GroupRows.negatives`: log pi_ref(chosen) on the preferred visual minus on the negative."""


def by_choice(groups: Sequence[GroupRows], gaps_of: Mapping[str, Gaps], choice: VisualChoice) -> list[GroupRows]:
    """The groups with the chosen negative first in each level: the first one is trained on.

    HARDEST has the smallest gap first. SPREAD orders a level's negatives by gap, and group n begins at place n, modulo
    their number, so that over the groups easy and hard ones are equally frequent. Others keep their order.
    """
    if not choice.asks_reference:
        return list(groups)
    turn = (lambda _number: 0) if choice is VisualChoice.HARDEST else (lambda number: number)
    return [
        replace(group, negatives=_ordered(group.negatives, gaps_of.get(group.group_id, {}), turn(number)))
        for number, group in enumerate(groups)
    ]


def _ordered(negatives: Sequence[VisualNegative], gaps: Gaps, turn: int) -> tuple[VisualNegative, ...]:
    """Level by level: from the smallest gap on, or from a later one, around; those without a gap last."""
    ordered: list[VisualNegative] = []
    for level in VisualLevel:
        own = [place for place, negative in enumerate(negatives) if negative.level is level]
        known = sorted((place for place in own if place in gaps), key=lambda place: (gaps[place], place))
        start = turn % len(known) if known else 0
        unknown = (place for place in own if place not in gaps)
        ordered += [negatives[place] for place in (*known[start:], *known[:start], *unknown)]
    return tuple(ordered)
