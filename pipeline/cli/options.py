"""Options that several commands share."""

from typing import Annotated

import typer

Recipe = Annotated[str, typer.Argument(help="A shipped recipe by name, or a YAML file.")]


Videos = Annotated[str, typer.Option(help="A folder, a glob, or manifest.jsonl; local, s3:// or gs://.")]


Set = Annotated[list[str] | None, typer.Option("--set", metavar="A.B=C", help="Overrides one key of the recipe.")]


TrainSet = Annotated[
    list[str] | None, typer.Option("--train-set", metavar="A.B=C", help="--set of the recipe of --then-train.")
]


TrainWorkers = Annotated[int | None, typer.Option(min=1, help="Processes of --then-train, one a GPU; default: 1.")]


Workers = Annotated[int | None, typer.Option(min=1, help="Videos at a time in the slowest step; default: the CPUs.")]


Limit = Annotated[int | None, typer.Option(min=1, help="Take only the first so many videos, in order of uri.")]
