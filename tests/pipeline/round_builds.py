"""Builds of rounds in this process: a chat model answers at once, and no server is asked for."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.build.build import BuildRequest, build
from pipeline.build.recipe import load_recipe
from pipeline.engine.progress import LineProgress
from pipeline.engine.run_spec import RunSpec
from pipeline.engine.steps import WriteStep
from pipeline.engine.video_task import StepReport, VideoTask
from pipeline.inputs.contents import Video
from schemas.dataset import DatasetManifest
from stages.models.chat import AskingStage, ChatModel
from stages.seeding import rng_for
from stages.stage import read_here


@dataclass(frozen=True)
class ChatRunner:
    """Takes each video through all steps, with a chat model in place of an endpoint."""

    chat: ChatModel

    def __call__(self, spec: RunSpec, videos: Sequence[Video], _: Callable[[StepReport], None]) -> None:
        """As `run_locally`."""
        for video in videos:
            task = VideoTask(video)
            for setup in spec.steps:
                rng = rng_for(spec.seed, setup.name, video.content_sha256)
                stage, given = setup.stage, video.content_sha256 if setup.by_content else task.item
                if task.ended or stage is None:
                    continue
                if isinstance(stage, AskingStage):
                    tools = stage.open_asking(read_here, self.chat)
                    task = task.after(asyncio.run(stage.process(given, tools, rng)))
                else:
                    task = task.after(list(stage.process(given, stage.open(read_here), rng)))  # type: ignore[arg-type, call-overload]
            WriteStep(spec.units).run([task])


def build_round(out: Path, questions: Path, chat: ChatModel, *sets: str, limit: int | None = None) -> DatasetManifest:
    """Build one round of the questions of a set; `sets`: overrides of the recipe."""
    named = [f"roles.{role}.model=fake" for role in ("writer", "target", "judge")]
    name, recipe = load_recipe("isr_dpo", [f"retrospect.questions={questions}", *named, *sets])
    request = BuildRequest(None, str(out), recipe, recipe.identity(name), limit=limit, offline=True)
    return build(request, ChatRunner(chat), LineProgress(lambda _line: None))
