"""`vidpref push`."""

from typing import Annotated

import typer
from rich.console import Console

from pipeline.cli.options import DatasetArgument


def push(
    dataset: DatasetArgument,
    repo: Annotated[str, typer.Option(metavar="ID", help="NAME or OWNER/NAME of a data set repository.")],
    public: Annotated[
        bool, typer.Option("--public", help="Let everyone read a repository that is made for it (default: private).")
    ] = False,
) -> None:
    """Upload a data set to the Hugging Face hub."""
    from pipeline.push.run import PushOptions, run_push  # noqa: PLC0415 keeps `vidpref --help` quick

    run_push(Console(), PushOptions(dataset, repo, public))
