"""`vidpref audit`."""

from typing import Annotated

import typer
from rich.console import Console


def audit(
    dataset: Annotated[str, typer.Argument(help="A finished set.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    card: Annotated[bool, typer.Option("--card", help="Write what was found into the set's README.md, too.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="End with 2 where the verdict is no pass.")] = False,
) -> None:
    """Tell how well the answers can be guessed without the videos, and by which habit."""
    from pipeline.audit.run import run_audit  # noqa: PLC0415 starting is quick where nothing heavy is needed

    run_audit(Console(), dataset=dataset, as_json=as_json, strict=strict, card=card)
