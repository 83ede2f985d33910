"""The lots of an order by difficulty: the easiest families of twins first."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import fmean, median

from schemas.errors import DatasetError
from schemas.hash_order import hash_order
from trainer.data.records import GroupRows
from trainer.data.twins import TwinGroups, grouped_with_twins

Difficulty = Callable[[GroupRows], float | None]
"""How hard a group is, on any scale; null if it is not known."""


def row_difficulty(group: GroupRows) -> float | None:
    """Mean of what the set's rows say, 0 to 1."""
    known = [answer.difficulty for answer in group.rejected if answer.difficulty is not None]
    return fmean(known) if known else None


def lots(groups: Sequence[GroupRows], stages: int, difficulty: Difficulty) -> list[list[GroupRows]]:
    """The groups in `stages` lots of equally many families, the easiest first; fewer lots if there are fewer families.

    A family is as hard as its groups are in the mean. One of which nothing is known is as hard as the median.
    DatasetError if nothing is known of any.
    """
    families = grouped_with_twins(groups)
    known = {family[0].twins_id: _mean(family, difficulty) for family in families}
    values = [value for value in known.values() if value is not None]
    if not values:
        raise DatasetError(
            "no row of --data says how hard it is, which data.order=easy_first needs; "
            "try data.difficulty=reference or data.order=shuffled"
        )
    middle = median(values)

    def place(family: TwinGroups) -> tuple[float, bytes]:
        value = known[family[0].twins_id]
        return (middle if value is None else value, hash_order(family[0].twins_id))

    ordered = sorted(families, key=place)
    borders = [round(number * len(ordered) / stages) for number in range(stages + 1)]
    cut = (ordered[start:end] for start, end in pairwise(borders))
    return [[group for family in lot for group in family] for lot in cut if lot]


def _mean(family: TwinGroups, difficulty: Difficulty) -> float | None:
    values = [value for value in map(difficulty, family) if value is not None]
    return fmean(values) if values else None
