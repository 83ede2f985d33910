"""What language models are expected to use and have used, as a table."""

from rich import box
from rich.table import Table

from pipeline.endpoint.gate import read_usage
from pipeline.endpoint.needs import Estimate
from pipeline.endpoint.usage import Amount, RoleUsage, Usage, total
from pipeline.storage.location import Location
from stages.models.chat import ModelRole

_COLUMNS = ("role", "calls", "prompt tokens", "reply tokens", "cost", "and besides")


def estimate_table(expected: Estimate) -> Table:
    """One row for each role, before anything is sent."""
    table = _table("What language models will use at most, if every reply can be used", _COLUMNS[:-1])
    for role, amount in expected.roles.items():
        table.add_row(_name(role), *_cells(amount))
    table.add_row("together", *_cells(expected.together), end_section=True)
    return table


def kept_usage(used: Location, expected: Location) -> Table | None:
    """The table of what the builds of a set used, from the files in its work folder; None if they asked no model."""
    if not used.is_file():
        return None
    estimate = Estimate.model_validate_json(expected.read_bytes()) if expected.is_file() else None
    return usage_table(estimate, read_usage(used))


def usage_table(expected: Estimate | None, used: Usage) -> Table:
    """One row for each role: what was expected, and what was used in all builds of the set."""
    table = _table("What language models used: expected / used", _COLUMNS)
    estimates = expected.roles if expected else {}
    for role, usage in used.roles.items():
        table.add_row(_name(role), *_compared(estimates.get(role), usage.spent), _besides(usage), end_section=True)
    spent = total(usage.spent for usage in used.roles.values())
    table.add_row("together", *_compared(expected.together if expected else None, spent), "")
    return table


def _table(title: str, columns: tuple[str, ...]) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(name, justify="left" if name in ("role", "and besides") else "right")
    return table


def _cells(amount: Amount) -> tuple[str, ...]:
    return f"{amount.calls:,}", f"{amount.prompt_tokens:,}", f"{amount.reply_tokens:,}", f"{amount.money:,.2f}"


def _compared(expected: Amount | None, used: Amount) -> tuple[str, ...]:
    before = ("?",) * 4 if expected is None else _cells(expected)
    return tuple(f"{first} / {second}" for first, second in zip(before, _cells(used), strict=True))


def _besides(usage: RoleUsage) -> str:
    """What is not zero of the rest."""
    parts = [
        (usage.from_cache, f"{usage.from_cache:,} from the cache"),
        (usage.failed_calls, f"{usage.failed_calls:,} calls failed"),
        (usage.repairs, f"{usage.repairs:,} repairs"),
        (usage.unusable, f"{usage.unusable:,} without a usable reply"),
        (usage.frame_bytes, f"{_share(usage.repeated_frame_bytes, usage.frame_bytes)} of the frames sent before"),
        (usage.cached_prompt_tokens, f"{_share(usage.cached_prompt_tokens, usage.spent.prompt_tokens)} cached prefix"),
    ]
    return "\n".join(words for number, words in parts if number)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "0%"


def _name(role: ModelRole) -> str:
    return role.value.replace("_", " ")
