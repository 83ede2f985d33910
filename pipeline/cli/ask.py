"""`vidpref ask`."""

from typing import Annotated

import typer
from rich.console import Console

from pipeline.training.extras import require_train


def ask(
    question: Annotated[str, typer.Argument(help="What to ask about the video.")],
    policy: Annotated[str, typer.Option(help="An adapter's folder, or merged weights: a folder or a hub id.")],
    video: Annotated[str, typer.Option(help="A video file, local or on s3:// or gs://.")],
    base: Annotated[
        str | None, typer.Option(help="The model to compare with; an adapter says by itself what it belongs to.")
    ] = None,
    num_frames: Annotated[
        int | None, typer.Option(min=1, help="Frames to show; by default as in training, else 32.")
    ] = None,
    max_new_tokens: Annotated[int, typer.Option(min=1, help="Longest answer.")] = 128,
    device: Annotated[
        str | None, typer.Option(help="cuda, cuda:1, cpu; by default the GPU where there is one.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Answer a question about a video with a policy, its base model beside it."""
    require_train()
    from pipeline.evaluation.ask import Asking, run_ask  # noqa: PLC0415 torch takes seconds to import

    asking = Asking(policy, video, question, base, num_frames, max_new_tokens, device)
    run_ask(Console(), asking, as_json=as_json)
