"""`vidpref build`."""

from typing import Annotated

import typer
from rich.console import Console

from pipeline.cli.options import LimitOption, RecipeArgument, SetOption, WorkersOption

BuildVideosOption = Annotated[
    str | None,
    typer.Option(
        help="A folder, a glob or manifest.jsonl; local, s3:// or gs://. isr_dpo takes those of retrospect.questions."
    ),
]
TrainSetOption = Annotated[
    list[str] | None,
    typer.Option("--train-set", metavar="A.B=C", help="Override one key of the --then-train recipe."),
]


def build(  # noqa: PLR0913, PLR0917 every argument is an option of the command
    recipe: RecipeArgument,
    out: Annotated[str, typer.Option(help="Where the data set goes; the same command continues an interrupted run.")],
    videos: BuildVideosOption = None,
    overrides: SetOption = None,
    workers: WorkersOption = None,
    limit: LimitOption = None,
    local: Annotated[bool, typer.Option("--local", help="Run in this process, without Ray.")] = False,
    retry_drops: Annotated[
        bool,
        typer.Option("--retry-drops", help="Try again the videos that could not be read, crashed or exceeded a limit."),
    ] = False,
    offline: Annotated[
        bool,
        typer.Option("--offline", help="Ask no language model: take every reply from the cache of an earlier run."),
    ] = False,
    then_train: Annotated[
        str | None, typer.Option(metavar="RECIPE", help="After the build, train on the data set with this recipe.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="The Video-LLM that --then-train trains.")] = None,
    policy: Annotated[str | None, typer.Option(help="Where --then-train writes the policy.")] = None,
    train_set: TrainSetOption = None,
    train_workers: Annotated[
        int | None, typer.Option(min=1, help="Processes of --then-train, one per GPU (default: 1).")
    ] = None,
) -> None:
    """Build a data set of preference pairs from videos."""
    from pipeline.build.run import BuildOptions, run_build  # noqa: PLC0415 keeps `vidpref --help` quick
    from pipeline.rounds.then_train import build_then_train, train_options  # noqa: PLC0415 keeps `vidpref --help` quick

    console = Console()
    options = BuildOptions(
        recipe,
        videos,
        out,
        tuple(overrides or ()),
        workers,
        limit,
        local=local,
        retry_drops=retry_drops,
        offline=offline,
    )
    training = train_options(out, then_train, model, policy, tuple(train_set or ()), train_workers)
    if training is None:
        run_build(console, options)
    else:
        build_then_train(console, options, training)
