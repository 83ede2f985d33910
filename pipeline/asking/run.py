"""`vidpref ask`: asks a policy and its base model a question about a video file."""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.child.process import ChildProcess
from pipeline.storage.local_copy import FetchError, local_copy
from pipeline.storage.location import Location
from schemas.counted import counted
from schemas.errors import UserError, VideosError
from schemas.problems import one_line, printable
from schemas.record import Record
from stages.decode import DecodeVideo
from stages.models.video_llm import open_family
from stages.video.unusable import UnusableVideo
from stages.visuals.resolution import AS_LARGE_AS_STORED, Resolution
from stages.visuals.visual import Visual
from trainer.answering.ask import ask
from trainer.policy.side_by_side import Placement, Policy, open_side_by_side
from trainer.policy.trained import trained_of


class ModelAnswer(Record):
    """What one model answers."""

    model: str
    """`base`, `start` (the adapter that its training went on from) or `policy`."""
    text: str
    tokens: int
    """Length of the answer."""
    ended: bool
    """Whether the model ended the answer itself, before the limit."""


class AskReport(Record):
    """What `vidpref ask` finds."""

    video: str
    """As it was given."""
    question: str
    """As it was given."""
    pts_seconds: tuple[float, ...]
    """Times of the frames that were shown."""
    answers: tuple[ModelAnswer, ...]
    """Those of the base model and of the start, if they are known, then that of the policy."""


@dataclass(frozen=True)
class AskOptions:
    """What `vidpref ask` is asked for."""

    policy: str
    """An adapter's folder, or merged weights."""
    video: str
    """A file, local or in an object store."""
    question: str
    base: str | None = None
    """The model to compare with; None for the one that the adapter was trained on."""
    num_frames: int | None = None
    """None for as many as in training, else as many as the model was made for, else as many as a build stores."""
    max_new_tokens: int = 128
    """Limit of an answer."""
    device: str | None = None
    """None for the GPU if there is one, else the CPU."""
    as_json: bool = False


def run_ask(console: Console, options: AskOptions) -> AskReport:
    """Ask and print the answers. Raises the UserErrors of question, model and video."""
    if not options.question.strip():
        raise UserError('the question is empty; give one, e.g. "What happens first?"')
    policy = Policy.at(options.policy, options.base)
    if policy.note is not None:
        sys.stderr.write(f"vidpref: {printable(policy.note)}\n")
    trained = trained_of(policy.path)
    usual = trained.manifest.num_frames if trained else open_family(policy.weights).default_frames
    resolution = trained.resolution if trained else AS_LARGE_AS_STORED
    frames = video_frames(options.video, options.num_frames or usual or _stored().num_frames, resolution)
    models = open_side_by_side(policy, Placement.of(options.device))
    answers = ask(models, frames, options.question, options.max_new_tokens)
    shown = tuple(
        ModelAnswer(model=name, text=answer.text, tokens=answer.tokens, ended=answer.ended) for name, answer in answers
    )
    times = tuple(frames.pts_seconds.tolist())
    report = AskReport(video=options.video, question=options.question, pts_seconds=times, answers=shown)
    if options.as_json:
        console.print_json(report.model_dump_json())
    else:
        console.print(_table(report))
    return report


def video_frames(video: str, num_frames: int, resolution: Resolution = AS_LARGE_AS_STORED) -> Visual:
    """The frames of a file that a build would sample: the middle of each equal part, as large as a training shows them.

    VideosError if it has none.
    """
    location = Location.parse(video)
    try:
        if not location.is_file():
            raise VideosError(f"--video {video} is not a file; give a video, local or on s3:// or gs://")
        with local_copy(location) as path, ChildProcess() as child:
            decoded = child.decode_frames(
                Path(path), num_frames=num_frames, short_side=resolution.short_side or _stored().short_side
            )
    except UnusableVideo as unusable:
        raise VideosError(f"--video {video} cannot be shown: {unusable.reason.value.replace('_', ' ')}") from unusable
    except (FetchError, OSError) as error:
        raise VideosError(f"--video {video} cannot be read: {one_line(error)}") from error
    shown = np.stack([resolution.fitted(frame_HWC) for frame_HWC in decoded.frames_NHWC])
    return Visual(shown, np.array(decoded.pts_seconds))


def _stored() -> DecodeVideo:
    """The default settings with which a build samples frames."""
    return DecodeVideo()


def _table(report: AskReport) -> Table:
    frames = counted(len(report.pts_seconds), "frame")
    title = Text(f"{report.question}\n{printable(report.video)}, {frames}")  # brackets are no markup
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("model", "answer"):
        table.add_column(name)
    for answer in report.answers:
        cut = "" if answer.ended else f" … (stopped after {answer.tokens} tokens)"
        table.add_row(answer.model, Text(f"{answer.text}{cut}"))
    return table
