"""The drops of a set: what was left out, and why."""

from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.dataset import FinishedSet
from schemas.drop import Drop, ItemType

_MOST = 40
_ORDER = {kind: place for place, kind in enumerate(ItemType)}


def drops_of(opened: FinishedSet) -> list[Drop]:
    """Every drop, whole videos first, then by file. DatasetError where the set is damaged."""
    return sorted(opened.records(Drop, "drops"), key=lambda d: (_ORDER[d.item_type], d.uri or "", d.stage, d.item_id))


def drop_list(opened: FinishedSet) -> Table:
    """The first of them, with what was measured and the limit that it was held against."""
    table = Table(title="Drops", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("file", "item", "by", "because", "measured", "limit", "detail"):
        table.add_column(name, justify="right" if name in ("measured", "limit") else "left", overflow="fold")
    found = drops_of(opened)
    for drop in found[:_MOST]:
        item = drop.item_type.value if drop.item_type is ItemType.VIDEO else f"{drop.item_type.value} {drop.item_id}"
        texts = (drop.uri or "", item.replace("_", " "), drop.stage, drop.reason.value.replace("_", " "))
        numbers = ("" if number is None else f"{number:.4g}" for number in (drop.measured, drop.limit))
        table.add_row(*map(Text, (*texts, *numbers, drop.detail or "")))
    if len(found) > _MOST:
        table.add_row(f"and {len(found) - _MOST} more: --json lists them all")
    return table
