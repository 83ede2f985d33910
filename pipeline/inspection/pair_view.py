"""One pair with its claims and evidence in plain words."""

from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from pipeline.presentation.pair_lines import pair_lines
from schemas.clip import Clip
from schemas.pair import Pair
from schemas.problems import printable

_STYLES = {"question": "bold", "chosen": "green", "rejected": "red"}


def pair_view(pair: Pair, clip: Clip) -> Panel:
    """Everything that a person needs to judge a pair; `clip` is the pair's clip as it is stored."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in pair_lines(pair, clip):
        table.add_row(name, Text(printable(value), style=_STYLES.get(name, "")))  # brackets are not markup
    title = f"pair {pair.pair_id}: {pair.axis.value.replace('_', ' ')}, {pair.question_type.value.replace('_', ' ')}"
    return Panel(table, title=Text(title), title_align="left")
