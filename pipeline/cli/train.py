"""`vidpref train`."""

from typing import Annotated

import typer
from rich.console import Console

from pipeline.cli.options import Set
from pipeline.training.extras import require_train

TrainRecipeName = Annotated[str, typer.Argument(help="sft, dpo, videopasta, vistadpo, or a YAML file.")]
Model = Annotated[str, typer.Option(help="A Video-LLM: a folder or a hub id.")]


def train(
    recipe: TrainRecipeName,
    data: Annotated[str, typer.Option(help="A finished set; local, s3:// or gs://.")],
    model: Model,
    out: Annotated[str, typer.Option(help="Where the policy goes; run again to go on where a run stopped.")],
    overrides: Set = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes, one a GPU; more than one run on Ray.")] = 1,
    merge: Annotated[bool, typer.Option("--merge", help="Leave whole weights instead of an adapter.")] = False,
) -> None:
    """Train a Video-LLM on a set of preference pairs."""
    require_train()
    from pipeline.training.run import Training, run_train  # noqa: PLC0415 torch takes seconds to import

    run_train(Console(), Training(recipe, data, model, out, tuple(overrides or ()), workers, merge))
