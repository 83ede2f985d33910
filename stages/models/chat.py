"""What a language model is asked and what it answers, whoever serves it: requests, replies, and the ways to fail.

A stage that asks models is an `AskingStage`: it is opened with a `ChatModel` and knows roles, never addresses, retries
or budgets. Requests about one clip share one `ChatFrames`, so that what is sent of its pictures is encoded once.
"""

import hashlib
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Generic, Protocol, TypeVar

from schemas.clip import Frame
from schemas.drop import DropCause, DropReason
from schemas.record import Record
from stages.stage import AsyncStage, PixelReader

In = TypeVar("In")
Tools = TypeVar("Tools")
Out = TypeVar("Out")


class ModelRole(StrEnum):
    """What a language model is asked to do; the recipe names a model for each."""

    WRITER = "writer"
    """Writes questions."""
    TARGET = "target"
    """Writes the preferred answers: the model that is to be trained, where they are to be on-policy."""
    CORRUPTER = "corrupter"
    """Writes answers that are wrong in one named way."""
    JUDGE = "judge"
    """Sees the frames and judges answers."""
    BLIND_JUDGE = "blind_judge"
    """Judges answers without seeing anything."""


@dataclass(frozen=True)
class ChatFrames:
    """The frames that a request shows, in the order in which they are shown, each with its time before it.

    Make one of them for all requests about the same frames: their encoding is kept with it.
    """

    frames: tuple[Frame, ...] = ()
    times_seconds: tuple[float, ...] | None = None
    """The time that is written before each frame, in seconds; None for the frames' own."""

    def __post_init__(self) -> None:
        if self.times_seconds is not None and len(self.times_seconds) != len(self.frames):
            raise ValueError(f"{len(self.times_seconds)} times for {len(self.frames)} frames")

    @property
    def shown_seconds(self) -> tuple[float, ...]:
        """The time before each frame."""
        return self.times_seconds or tuple(frame.pts_seconds for frame in self.frames)

    @cached_property
    def sha256(self) -> str:
        """Hash of all frames, their order and their times, hex."""
        total = hashlib.sha256()
        for frame, seconds in zip(self.frames, self.shown_seconds, strict=True):
            total.update(f"{seconds:.3f} {hashlib.sha256(frame.jpeg).hexdigest()}\n".encode())
        return total.hexdigest()


NO_FRAMES = ChatFrames()
"""What a blind request shows."""


@dataclass(frozen=True)
class ReplySchema:
    """The JSON that a reply must be."""

    name: str
    """Letters, digits, _ and - alone."""
    schema: Mapping[str, object]
    """A JSON schema: every object lists all its keys as required and allows no others."""


@dataclass(frozen=True)
class ChatRequest:
    """One question to the model of a role: frames first, then the text."""

    role: ModelRole
    text: str
    """The whole prompt. It follows the frames, so that all requests about one clip begin with the same bytes."""
    prompt_hash: str
    """Hash of the prompt file that the text was made from."""
    shown: ChatFrames = NO_FRAMES
    reply: ReplySchema | None = None
    """None for plain text."""
    max_tokens: int = 512
    """Most tokens of each reply; a reply that is cut off there is never accepted."""
    temperature: float = 0.0
    top_p: float = 1.0
    """Share of the probability from which each token is drawn: that of the likeliest ones, above 0, at most 1."""
    n: int = 1
    """Replies to sample."""
    seed: int = 0
    """Seed of the sampling, where the server has one; another seed is another request."""
    choices: tuple[str, ...] = ()
    """Words, one token each, of which the reply's first token is to be one: their log-probabilities are asked for. Such
    a reply may be cut off: nothing after its first token matters."""
    some_suffice: bool = False
    """Whether of several replies those are left out that are cut off, empty or refused, as long as one is left."""


class ChatUsage(Record):
    """What a request used, as the server counts it; 0 where it does not say."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_prompt_tokens: int = 0
    """Prompt tokens that the server had in its prefix cache."""


class ChatReply(Record):
    """All replies to one request. None of them is empty, cut off or refused."""

    texts: tuple[str, ...]
    """`n` replies; if a schema was asked for, each is JSON that fits it, without anything around it."""
    finish_reasons: tuple[str, ...]
    """Why each reply ends, as the server says it."""
    choice_log_probs: tuple[Mapping[str, float], ...] | None = None
    """Of each reply, the log-probability of every choice that is among the server's likeliest first tokens. None if
    no choices were given, or the server tells none."""
    model: str
    """The model that answered."""
    usage: ChatUsage = ChatUsage()
    """Of the request and, if there was one, of the repair turn."""
    cached: bool = False
    """Whether it was taken from the reply cache."""


class NoReply(Exception):  # noqa: N818 the name says what there is
    """There is no reply that may be used: the item is dropped, with `cause`."""

    reason: DropReason

    def __init__(self, role: ModelRole, raw: str = "") -> None:
        """`raw`: what the server said, as far as it said anything."""
        super().__init__(f"{role}: {self.reason.value.replace('_', ' ')}")
        self.role, self.raw = role, raw

    @property
    def cause(self) -> DropCause:
        """Why the item leaves the pipeline; the raw reply is kept in the log of unusable replies."""
        return DropCause(self.reason, f"by the {self.role.value.replace('_', ' ')}")


class ReplyRefused(NoReply):
    """The model declined, or a content filter ended the reply."""

    reason = DropReason.REPLY_REFUSED


class ReplyTruncated(NoReply):
    """The reply was cut off at `max_tokens` or at the context's end."""

    reason = DropReason.REPLY_TRUNCATED


class ReplyUnparsable(NoReply):
    """The reply is empty or not the JSON asked for, and was not after one repair turn either."""

    reason = DropReason.REPLY_UNPARSABLE


class RequestRejected(NoReply):
    """The server refuses this request for what it holds (400, 404 or 422): another try would change nothing."""

    reason = DropReason.REQUEST_REJECTED


class EndpointFailed(NoReply):
    """No answer after all retries; --retry-drops tries the video again."""

    reason = DropReason.ENDPOINT_FAILED


@dataclass(frozen=True)
class ExpectedClip:
    """A clip of usual length, as a step expects it from the steps before it; means over many clips."""

    frames: int
    """Stored frames."""
    groups: float = 0.0
    """Groups written by models."""
    wrong_answers: float = 0.0
    """Wrong answers of all groups."""


@dataclass(frozen=True)
class ExpectedCalls:
    """What a stage will ask about one clip, for estimates before anything is sent; means over many clips."""

    role: ModelRole
    calls: float
    frames: float
    """Frames that each call shows."""
    text_tokens: float
    """Tokens of each call's text."""
    reply_tokens: float
    """Tokens of all replies to one call."""
    max_tokens: int
    """The most that one reply may have."""


class ReplyMissing(NoReply):
    """The run is offline and the cache has no reply; it ends the run once all that are missing are counted."""

    reason = DropReason.REPLY_MISSING


def no_reply(reason: DropReason) -> type[NoReply]:
    """The failure with that reason. StopIteration if there is none."""
    return next(kind for kind in NoReply.__subclasses__() if kind.reason is reason)


class ChatModel(Protocol):
    """Answers requests; many may be under way at once."""

    async def ask(self, request: ChatRequest, /) -> ChatReply:
        """The reply, from the cache if it is there.

        Raises: NoReply for this request alone; CapError or UserError, which end the run and are not for a stage.
        """
        ...

    def model_of(self, role: ModelRole, /) -> str:
        """Name of the model that plays the role."""
        ...


@dataclass(frozen=True)
class AskingTools:
    """What a stage works with that asks language models about pictures which it makes itself."""

    chat: ChatModel
    read: PixelReader
    """How pictures are made."""


class AskingStage(AsyncStage[In, Tools, Out], Generic[In, Tools, Out]):
    """A stage that asks language models; the engine opens it with the run's `ChatModel`."""

    @abstractmethod
    def roles(self) -> Sequence[ModelRole]:
        """The roles that it asks; their models are checked before a run starts anything."""

    def prompt_names(self) -> Sequence[tuple[ModelRole, str]]:
        """Who gets which prompts of prompts/models, in the order of a build."""
        return ()

    @abstractmethod
    def expected_calls(self, clip: ExpectedClip, /) -> Sequence[ExpectedCalls]:
        """What it will ask about such a clip."""

    def expected_clip(self, clip: ExpectedClip, /) -> ExpectedClip:
        """The clip as the next step may expect it."""
        return clip

    @abstractmethod
    def open_asking(self, read: PixelReader, chat: ChatModel, /) -> Tools:
        """As `open`, with what answers its requests."""

    def open(self, _: PixelReader, /) -> Tools:
        """Not to be called: this stage needs a `ChatModel`."""
        raise TypeError(f"{type(self).__name__} is opened with open_asking")
