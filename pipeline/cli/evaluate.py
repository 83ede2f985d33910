"""`vidpref evaluate`."""

from typing import Annotated

import typer
from rich.console import Console

from pipeline.cli.options import BaseOption, DatasetOption, DeviceOption, JsonOption, PolicyOption
from pipeline.engine.extras import require_train
from pipeline.evaluation.split import EvaluatedSplit

SplitOption = Annotated[
    EvaluatedSplit, typer.Option(help="Which videos to use; validation: those held out of training.")
]


def evaluate(  # noqa: PLR0913, PLR0917 every argument is an option of the command
    policy: PolicyOption,
    data: DatasetOption,
    split: SplitOption = EvaluatedSplit.VALIDATION,
    base: BaseOption = None,
    as_json: JsonOption = False,
    out: Annotated[str | None, typer.Option(help="Also write the report to this file, as JSON.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Evaluate only about N questions.")] = None,
    device: DeviceOption = None,
    overrides: Annotated[
        list[str] | None, typer.Option("--set", metavar="A=B", help="Override one setting, such as num_frames=16.")
    ] = None,
) -> None:
    """Compare a policy with its base model on a data set.

    Reports how often each prefers, writes and chooses the right answer.
    """
    require_train()
    from pipeline.evaluation.run import EvaluateOptions, run_evaluate  # noqa: PLC0415 importing torch takes seconds

    settings = tuple(overrides or ())
    run_evaluate(
        Console(), EvaluateOptions(policy, data, split, base, limit, device, settings, as_json=as_json, out=out)
    )
