"""A server of language models as those who send requests see it: what comes back, and the kinds of failure."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from stages.models.chat import ChatUsage


class FailureKind(StrEnum):
    """What a failed call means."""

    BUSY = "busy"
    """The server has too much to do: 429 or 503."""
    TRANSIENT = "transient"
    """The network or the server failed: no connection, no answer in time, a broken answer, 408, 409 or 5xx."""
    REJECTED = "rejected"
    """The server refuses what the request holds: any other 4xx."""
    DENIED = "denied"
    """The server does not accept the key: 401 or 403."""


class CallFailedError(Exception):
    """A call without a completion."""

    def __init__(
        self, kind: FailureKind, message: str, *, status: int | None = None, retry_after_seconds: float | None = None
    ) -> None:
        """`status`: that of HTTP; None if there was no whole answer, so that the server may have done the work."""
        super().__init__(message)
        self.kind, self.status, self.retry_after_seconds = kind, status, retry_after_seconds


@dataclass(frozen=True)
class Completion:
    """What a server answered to one call; its replies may be empty, cut off or refused."""

    texts: tuple[str, ...]
    finish_reasons: tuple[str, ...]
    refused: tuple[bool, ...]
    first_tokens: tuple[dict[str, float], ...] | None
    """Of each reply, the log-probabilities of its likeliest first tokens, without spaces around them."""
    usage: ChatUsage | None
    """None if the server does not say."""


@dataclass(frozen=True)
class ServerAddress:
    """Where a server is, and how to speak to it."""

    base_url: str | None
    """None for the client's own default."""
    timeout_seconds: float
    key: str = field(default="", repr=False)
    """Empty for a server that wants none."""


class ChatServer(Protocol):
    """One server with a key, open for one event loop; each call is sent once."""

    async def models(self) -> tuple[str, ...]:
        """Names of the models that it lists. Raises CallFailedError."""
        ...

    async def complete(self, body: bytes) -> Completion:
        """What it answers to one request for completions. Raises CallFailedError."""
        ...

    async def aclose(self) -> None:
        """Close its connections."""
        ...
