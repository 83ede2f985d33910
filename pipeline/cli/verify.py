"""`vidpref verify`."""

from typing import Annotated

import typer
from rich.console import Console


def verify(
    dataset: Annotated[str, typer.Argument(help="A finished set.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Prove a finished set again from what is stored; one line per failure, exit code 2."""
    from pipeline.verification.run import run_verify  # noqa: PLC0415 starting is quick where nothing heavy is needed

    run_verify(Console(), dataset=dataset, as_json=as_json)
