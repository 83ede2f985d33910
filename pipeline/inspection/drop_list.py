"""The drops of a set: what was left out, and why."""

from collections.abc import Iterator

from pipeline.dataset.finished_set import FinishedSet
from schemas.drop import Drop
from schemas.problems import printable


def drop_lines(opened: FinishedSet) -> Iterator[str]:
    """A line for each drop, in the order of the set. DatasetError where the set is damaged."""
    yield from (_line(drop) for drop in opened.records(Drop, "drops"))


def _line(drop: Drop) -> str:
    numbers = {"measured": drop.measured, "limit": drop.limit}
    told = [f"{name} {number:.6g}" for name, number in numbers.items() if number is not None]
    why = "; ".join((drop.reason.value.replace("_", " "), *told, *filter(None, [drop.detail])))
    item = f"{drop.item_type.value.replace('_', ' ')} {drop.item_id}"
    return printable(f"{drop.uri or '-'}: {item} dropped by {drop.stage}: {why}")
