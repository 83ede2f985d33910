"""`vidpref evaluate`."""

from typing import Annotated

import typer
from rich.console import Console

from pipeline.cli.options import Set
from pipeline.evaluation.split import EvaluatedSplit
from pipeline.training.extras import require_train


def evaluate(  # noqa: PLR0913, PLR0917 every argument is an option
    policy: Annotated[str, typer.Option(help="An adapter's folder, or merged weights: a folder or a hub id.")],
    data: Annotated[str, typer.Option(help="A finished set.")],
    split: Annotated[
        EvaluatedSplit, typer.Option(help="Which videos: validation are those that training holds out.")
    ] = (EvaluatedSplit.VALIDATION),
    base: Annotated[
        str | None, typer.Option(help="The model to compare with; an adapter says by itself what it belongs to.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    out: Annotated[str | None, typer.Option(help="Write the report there, as JSON.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Evaluate about so many questions only.")] = None,
    device: Annotated[
        str | None, typer.Option(help="cuda, cuda:1, cpu; by default the GPU where there is one.")
    ] = None,
    overrides: Set = None,
) -> None:
    """Tell how well a policy prefers, writes and chooses the right answers of a set, its base model beside it."""
    require_train()
    from pipeline.evaluation.run import Evaluation, run_evaluate  # noqa: PLC0415 torch takes seconds to import

    evaluation = Evaluation(policy, data, split, base, limit, device, tuple(overrides or ()))
    run_evaluate(Console(), evaluation, as_json=as_json, out=out)
