"""`vidpref plan`: what a build would run here, as a table."""

from collections.abc import Sequence
from rich.console import Console


def run_plan(
    console: Console, *, recipe: str, videos: str | None, overrides: Sequence[str], workers: int | None
) -> None: ...
