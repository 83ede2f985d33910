"""One question to the model of a role: a prompt is filled, sent with frames, and its reply is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from pydantic import ValidationError

from prompts.prompt import prompt
from schemas.clip import Frame
from schemas.record import Record
from stages.models.chat import (
    NO_FRAMES,
    ChatFrames,
    ChatModel,
    ChatReply,
    ChatRequest,
    ModelRole,
    ReplySchema,
    ReplyUnparsable,
)

R = TypeVar("R", bound=Record)


def timed(frames: Sequence[Frame], start_seconds: float) -> ChatFrames:
    """Frames for a request, with times that count from the start of what is shown and run forward in any order.

    The same frames are the same object for all requests, so that they are encoded and hashed once.
    """
    return _timed(tuple(frames), start_seconds)


@lru_cache(maxsize=32)
def _timed(frames: tuple[Frame, ...], start_seconds: float) -> ChatFrames:
    times = sorted(round(frame.pts_seconds - start_seconds, 3) for frame in frames)
    return ChatFrames(frames, tuple(times))


@dataclass(frozen=True)
class ReadReply(Generic[R]):
    """A reply, and where it is from."""

    reply: R
    model: str
    """The model that wrote it."""
    prompt_hash: str
    """The prompt that it was written for, with its version."""


@dataclass(frozen=True)
class Drawing:
    """How plain replies are drawn (fields as in `ChatRequest`)."""

    count: int = 1
    temperature: float = 0.0
    top_p: float = 1.0
    choices: tuple[str, ...] = ()
    some_suffice: bool = False


@dataclass(frozen=True)
class Asker:
    """Asks in the way that all steps share."""

    chat: ChatModel
    max_tokens: int
    """Most tokens of a reply."""
    seed: int = 0
    """Seed of the sampling."""

    async def ask(
        self,
        role: ModelRole,
        name: str,
        kind: type[R],
        shown: ChatFrames = NO_FRAMES,
        *,
        about: str = "",
        **values: object,
    ) -> ReadReply[R]:
        """The reply of a role to the prompt of that name, filled with `values`, about the frames that are shown.

        Args:
            role: who is asked.
            name: the prompt.
            kind: what the reply must be.
            shown: the frames before the text.
            about: added to the name of the reply's schema, so that a server's log tells topics and axes apart.
            values: what fills the prompt.

        Raises NoReply.
        """
        asked = prompt(name)
        schema = ReplySchema(f"{name}_{about}" if about else name, asked.reply_schema)
        request = ChatRequest(
            role=role,
            text=asked.fill(**values),
            prompt_hash=asked.digest,
            shown=shown,
            reply=schema,
            max_tokens=self.max_tokens,
            seed=self.seed,
        )
        reply = await self.chat.ask(request)
        try:
            read = kind.model_validate_json(reply.texts[0])
        except ValidationError as error:
            raise ReplyUnparsable(role, reply.texts[0]) from error
        return ReadReply(read, reply.model, asked.label)

    async def texts(
        self, role: ModelRole, name: str, shown: ChatFrames, drawing: Drawing, **values: object
    ) -> ChatReply:
        """The replies of a role, in plain text, to the prompt of that name, filled with `values`. Raises NoReply."""
        asked = prompt(name)
        return await self.chat.ask(
            ChatRequest(
                role=role,
                text=asked.fill(**values),
                prompt_hash=asked.digest,
                shown=shown,
                max_tokens=self.max_tokens,
                temperature=drawing.temperature,
                top_p=drawing.top_p,
                n=drawing.count,
                seed=self.seed,
                choices=drawing.choices,
                some_suffice=drawing.some_suffice,
            )
        )
