"""`vidpref ask`."""

from typing import Annotated

import typer
from rich.console import Console

from pipeline.cli.options import BaseOption, DeviceOption, JsonOption, PolicyOption
from pipeline.engine.extras import require_train


def ask(
    question: Annotated[str, typer.Argument(help="A question about the video.")],
    policy: PolicyOption,
    video: Annotated[str, typer.Option(help="A video file; local, s3:// or gs://.")],
    base: BaseOption = None,
    num_frames: Annotated[
        int | None,
        typer.Option(min=1, help="Frames to show (default: as in training, else the model's own number, else 32)."),
    ] = None,
    max_new_tokens: Annotated[int, typer.Option(min=1, help="Longest answer, in tokens.")] = 128,
    device: DeviceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask a policy and its base model about a video."""
    require_train()
    from pipeline.asking.run import AskOptions, run_ask  # noqa: PLC0415 importing torch takes seconds

    options = AskOptions(policy, video, question, base, num_frames, max_new_tokens, device, as_json=as_json)
    run_ask(Console(), options)
