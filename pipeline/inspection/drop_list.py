"""The drops of a set: what was left out, and why."""

from collections.abc import Iterator

from pipeline.dataset.finished_set import FinishedSet
from schemas.drop import Drop
from schemas.problems import printable


def drop_lines(opened: FinishedSet) -> Iterator[str]:
    """One line per drop, in the order of the set. Raises DatasetError if the set is damaged."""
    yield from (_line(drop) for drop in opened.records(Drop, "drops"))


def _line(drop: Drop) -> str:
    numbers = {"measured": drop.measured, "limit": drop.limit}
    notes = [f"{name} {number:.6g}" for name, number in numbers.items() if number is not None]
    notes += [drop.detail] if drop.detail else []
    why = drop.reason.value.replace("_", " ") + (f" ({'; '.join(notes)})" if notes else "")
    item = f"{drop.item_type.value.replace('_', ' ')} {drop.item_id}"
    return printable(f"{drop.uri or '-'}: {item} dropped by {drop.stage}: {why}")
