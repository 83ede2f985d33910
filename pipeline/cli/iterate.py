"""`vidpref iterate`."""

from typing import Annotated

import typer
from rich.console import Console

from pipeline.cli.options import SetOption, VideosOption, WorkersOption
from pipeline.engine.extras import require_train


def iterate(  # noqa: PLR0913, PLR0917 every argument is an option of the command
    method: Annotated[str, typer.Argument(help="isr-dpo.")],
    videos: VideosOption,
    model: Annotated[str, typer.Option(help="A Video-LLM (folder or hub id), or a policy/ to go on from: round 0.")],
    out: Annotated[str, typer.Option(help="Where all rounds go; the same command continues an interrupted run.")],
    rounds: Annotated[int, typer.Option(help="Rounds to make, those of earlier runs included.")] = 3,
    questions: Annotated[
        str | None,
        typer.Option(
            help="A finished data set whose questions are asked in all rounds, or a recipe that makes one (default: "
            "facts, with the questions that the manifest's annotations hold)."
        ),
    ] = None,
    overrides: SetOption = None,
    train_set: Annotated[
        list[str] | None, typer.Option("--train-set", metavar="A.B=C", help="Override one key of the training recipe.")
    ] = None,
    questions_set: Annotated[
        list[str] | None,
        typer.Option("--questions-set", metavar="A.B=C", help="Override one key of the recipe of the questions."),
    ] = None,
    loop_set: Annotated[
        list[str] | None,
        typer.Option("--loop-set", metavar="A.B=C", help="Override one key of when the loop stops, and its probes."),
    ] = None,
    workers: WorkersOption = None,
    train_workers: Annotated[int, typer.Option(min=1, help="Processes of each training, one per GPU.")] = 1,
    local: Annotated[bool, typer.Option("--local", help="Build in this process, without Ray.")] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask no server: take every reply from the cache of an earlier run.")
    ] = False,
) -> None:
    """Let a model improve itself in rounds of sampling and training.

    It samples answers, proofs or a judge decide which are better, and it is trained on them.
    """
    require_train()
    from pipeline.rounds.options import IterateOptions  # noqa: PLC0415 keeps `vidpref --help` quick
    from pipeline.rounds.run import run_iterate  # noqa: PLC0415 importing torch takes seconds

    run_iterate(
        Console(),
        IterateOptions(
            method,
            videos,
            model,
            out,
            rounds,
            questions,
            overrides=tuple(overrides or ()),
            train_overrides=tuple(train_set or ()),
            question_overrides=tuple(questions_set or ()),
            loop_overrides=tuple(loop_set or ()),
            workers=workers,
            train_workers=train_workers,
            local=local,
            offline=offline,
        ),
    )
