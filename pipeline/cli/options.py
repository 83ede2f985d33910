"""Arguments and options that several commands share."""

from typing import Annotated

import typer

RecipeArgument = Annotated[str, typer.Argument(help="The name of a shipped recipe, or a YAML file.")]
DatasetArgument = Annotated[str, typer.Argument(help="A finished data set: a folder, s3:// or gs://.")]
DatasetOption = Annotated[str, typer.Option("--data", help="A finished data set: a folder, s3:// or gs://.")]
VideosOption = Annotated[str, typer.Option(help="A folder, a glob or manifest.jsonl; local, s3:// or gs://.")]
SetOption = Annotated[list[str] | None, typer.Option("--set", metavar="A.B=C", help="Override one key of the recipe.")]
WorkersOption = Annotated[
    int | None, typer.Option(min=1, help="Videos processed at once by the slowest step (default: one per CPU).")
]
LimitOption = Annotated[int | None, typer.Option(min=1, help="Take only the first N videos, sorted by URI.")]
PolicyOption = Annotated[str, typer.Option(help="An adapter folder, or merged weights: a folder or a hub id.")]
BaseOption = Annotated[
    str | None, typer.Option(help="The model to compare with (default: the one that the adapter was trained on).")
]
DeviceOption = Annotated[
    str | None, typer.Option(help="cuda, cuda:1 or cpu (default: the GPU if there is one, else the CPU).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
