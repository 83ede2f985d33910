"""What language models are expected to use and have used, as a table."""

from collections.abc import Sequence

from rich import box
from rich.table import Table

from pipeline.endpoint.gate import read_usage
from pipeline.endpoint.needs import Estimate
from pipeline.endpoint.usage import Amount, RoleUsage, Usage, total
from pipeline.storage.location import Location
from stages.models.chat import ModelRole


def estimate_table(expected: Estimate) -> Table:
    """One row for each role, before anything is sent."""
    table = _table("Language models, at most, if every reply can be used", costs=expected.together.money > 0)
    for role, amount in expected.roles.items():
        _add(table, _name(role), [amount])
    _add(table, "together", [expected.together])
    return table


def kept_usage(used: Location, expected: Location) -> Table | None:
    """The table of what the builds of a set used, from the files in its work folder; None if they asked no model."""
    if not used.is_file():
        return None
    estimate = Estimate.model_validate_json(expected.read_bytes()) if expected.is_file() else None
    return usage_table(estimate, read_usage(used))


def usage_table(expected: Estimate | None, used: Usage) -> Table:
    """One row for each role: what was expected, and what was used in all builds of the set."""
    together = total(usage.calls_ended for usage in used.roles.values())
    before = expected.together if expected else None
    table = _table("Language models: expected / used", costs=together.money > 0)
    table.add_column("and besides")
    estimates = expected.roles if expected else {}
    for role, usage in used.roles.items():
        _add(table, _name(role), [estimates.get(role), usage.calls_ended], _besides(usage))
    _add(table, "together", [before, together])
    return table


def _table(title: str, *, costs: bool) -> Table:
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("role")
    for name in ("calls", "prompt tokens", "reply tokens", *(("cost",) if costs else ())):
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _add(table: Table, name: str, amounts: Sequence[Amount | None], besides: str = "") -> None:
    """A row of the table, with as many figures as it has columns for them."""
    cells = [" / ".join(figures) for figures in zip(*map(_figures, amounts), strict=True)]
    with_rest = [*cells, besides] if len(amounts) > 1 else cells
    costs = any(column.header == "cost" for column in table.columns)
    table.add_row(name, *(with_rest if costs else with_rest[:3] + with_rest[4:]), end_section=True)


def _figures(amount: Amount | None) -> tuple[str, ...]:
    if amount is None:
        return ("?",) * 4
    counts = (amount.calls, amount.prompt_tokens, amount.reply_tokens)
    return (*map(_rounded, counts), f"{amount.money:,.2f}")


def _rounded(count: int) -> str:
    """In few characters: 9,999, 10k, 999k, 1.0M."""
    if count < 10_000:
        return f"{count:,}"
    return f"{count / 1e3:,.0f}k" if count < 999_500 else f"{count / 1e6:,.1f}M"


def _besides(usage: RoleUsage) -> str:
    """What is not zero of the rest."""
    prompt_tokens = usage.calls_ended.prompt_tokens
    parts = [
        (usage.from_cache, f"{usage.from_cache:,} from the cache"),
        (usage.failed_calls, f"{usage.failed_calls:,} failed calls"),
        (usage.repairs, f"{usage.repairs:,} repair turns"),
        (usage.unusable, f"{usage.unusable:,} unusable"),
        (usage.frame_bytes, f"{_share(usage.repeated_frame_bytes, usage.frame_bytes)} frames again"),
        (usage.cached_prompt_tokens, f"{_share(usage.cached_prompt_tokens, prompt_tokens)} cached prefix"),
    ]
    return "\n".join(words for number, words in parts if number)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "0%"


def _name(role: ModelRole) -> str:
    return role.value.replace("_", " ")
