"""The fakes with a step that asks a language model about every clip, and builds of them."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.request import urlopen

from numpy.random import Generator

from pipeline.build.build import BuildRequest, Runner, build
from pipeline.endpoint.settings import Budget, Endpoint, Server
from pipeline.engine.local_run import run_locally
from pipeline.engine.progress import LineProgress
from pipeline.engine.settings import Engine, StepResources
from pipeline.engine.step_setup import StepSetup
from schemas.dataset import DatasetManifest
from schemas.drop import Drop, DropCause, DropReason, ItemType
from stages.models.chat import (
    AskingStage,
    ChatFrames,
    ChatModel,
    ChatRequest,
    ExpectedCalls,
    ExpectedClip,
    ModelRole,
    NoReply,
    ReplySchema,
)
from stages.payloads import WrittenVideo
from stages.stage import PixelReader
from tests.pipeline.fakes import FakeRecipe, fake_steps

QUESTIONS = 3
SCHEMA = ReplySchema(
    "holds",
    {
        "type": "object",
        "properties": {"holds": {"enum": ["yes", "no"]}},
        "required": ["holds"],
        "additionalProperties": False,
    },
)


class AskAboutClips(AskingStage[WrittenVideo, ChatModel, WrittenVideo]):
    """Asks the judge a few questions about the frames of each clip; the replies are drops of visual negatives, which
    touch no account of questions.
    """

    def roles(self) -> Sequence[ModelRole]:
        """The judge alone."""
        return (ModelRole.JUDGE,)

    def expected_calls(self, clip: ExpectedClip, /) -> Sequence[ExpectedCalls]:
        """One for each question."""
        return (ExpectedCalls(ModelRole.JUDGE, QUESTIONS, clip.frames, 20, 5, max_tokens=64),)

    def open_asking(self, _read: PixelReader, chat: ChatModel, /) -> ChatModel:
        """The model."""
        return chat

    async def process(self, item: WrittenVideo, tools: ChatModel, _rng: Generator, /) -> Sequence[WrittenVideo | Drop]:
        """All questions at once."""
        asked = [(ChatFrames(clip.frames), number) for clip in item.clips for number in range(QUESTIONS)]
        causes = await asyncio.gather(*(_cause(tools, shown, number) for shown, number in asked))
        video = item.content_sha256[:16]
        drops = [c.drop(f"{video}-{n}", ItemType.VISUAL_NEGATIVE, "asked") for n, c in enumerate(causes)]
        return [*drops, item]


async def _cause(chat: ChatModel, shown: ChatFrames, number: int) -> DropCause:
    text = f"Question {number} about the frames: does it hold, as far as they show?"
    asked = ChatRequest(ModelRole.JUDGE, text, "h" * 16, shown=shown, reply=SCHEMA, max_tokens=64)
    try:
        reply = await chat.ask(asked)
    except NoReply as failure:
        return failure.cause
    return DropCause(DropReason.MARGIN_TOO_SMALL, f"{reply.model}: {reply.texts[0]}")


def asking_steps() -> tuple[StepSetup, ...]:
    """The fakes, and a step that asks."""
    setup = StepSetup("ask", AskAboutClips(), 0.05, reads="groups", writes="answers")
    return (*fake_steps(), setup)


def build_asking(
    videos: Path,
    out: Path | str,
    base_url: str,
    *,
    run: Runner = run_locally,
    budget: Budget | None = None,
    replies: str | None = None,
    retry_seconds: float = 0.01,
    said: list[str] | None = None,
    **options: bool,
) -> DatasetManifest:
    """Build with a server at that address."""
    server = Server(base_url=base_url, timeout_seconds=20, max_in_flight=8)
    endpoint = Endpoint(
        servers={"default": server}, budget=budget or Budget(), replies=replies, retry_seconds=retry_seconds
    )
    engine = Engine(workers=1, steps={"ask": StepResources(in_flight=4)})
    recipe = FakeRecipe(engine=engine, endpoint=endpoint, stages=asking_steps())
    request = BuildRequest(str(videos), str(out), recipe, recipe.identity("fake"))
    lines = [] if said is None else said
    return build(replace(request, **options), run, LineProgress(lines.append))


def server_stats(base_url: str) -> dict[str, int]:
    """What a scripted server has counted."""
    with urlopen(base_url.removesuffix("/v1") + "/stats") as response:  # noqa: S310 it is this machine
        counts: dict[str, int] = json.load(response)
        return counts
