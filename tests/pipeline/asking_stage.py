"""A stage that asks a language model about every clip; each of its workers on Ray imports this file."""

import asyncio
from collections.abc import Sequence

from numpy.random import Generator

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
