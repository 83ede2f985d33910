"""`vidpref train`."""

from typing import Annotated

import typer
from rich.console import Console

from pipeline.cli.options import SetOption
from pipeline.engine.extras import require_train
from pipeline.training.options import TrainOptions
from schemas.policy import UsedStep, WeightsType


def train(  # noqa: PLR0913, PLR0917 every argument is an option of the command
    recipe: Annotated[str, typer.Argument(help="sft, dpo, twins, videopasta, vistadpo, isr_dpo, or a YAML file.")],
    data: Annotated[
        list[str], typer.Option(help="A finished data set; several, if given several times, as PATH=SHARE for a mix.")
    ],
    model: Annotated[str, typer.Option(help="A Video-LLM (folder or hub id), or a policy/ to go on from.")],
    out: Annotated[str, typer.Option(help="Where the policy goes; the same command continues an interrupted run.")],
    overrides: SetOption = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes, one per GPU; more than one run on Ray.")] = 1,
    merge: Annotated[bool, typer.Option("--merge", help="Write merged weights instead of an adapter.")] = False,
    merge_dtype: Annotated[
        WeightsType | None,
        typer.Option(help="Type of merged weights (default: the model's, if what was learnt survives, else float32)."),
    ] = None,
    use: Annotated[
        UsedStep, typer.Option(help="The step that becomes the policy: the last, or the best by held-out accuracy.")
    ] = UsedStep.LAST,
    reviews: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FOLDER",
            help="Leave out what people object to, by the verdicts here (such as DATASET/reviews). May be repeated.",
        ),
    ] = None,
) -> None:
    """Train a Video-LLM on a data set of preference pairs."""
    require_train()
    from pipeline.training.run import run_train  # noqa: PLC0415 importing torch takes seconds

    run_train(
        Console(),
        TrainOptions(
            recipe,
            tuple(data),
            model,
            out,
            tuple(overrides or ()),
            workers,
            merge,
            merge_dtype,
            use,
            tuple(reviews or ()),
        ),
    )
