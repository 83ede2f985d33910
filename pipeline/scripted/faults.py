"""What goes wrong at a server, and for which requests."""

import hashlib
from collections import Counter
from enum import StrEnum
from itertools import accumulate
from typing import Self

from pydantic import Field, model_validator

from schemas.record import Record


class FaultKind(StrEnum):
    """A way to fail."""

    SLOW = "slow"
    """The answer takes `slow_seconds` longer."""
    HANG = "hang"
    """No answer ever comes."""
    RATE_LIMITED = "rate_limited"
    """Status 429 with Retry-After."""
    RATE_LIMITED_SILENTLY = "rate_limited_silently"
    """Status 429 without Retry-After."""
    SERVER_ERROR = "server_error"
    """Status 500."""
    OVERLOADED = "overloaded"
    """Status 503."""
    DROPPED = "dropped"
    """The connection is closed without an answer."""
    HALF_BODY = "half_body"
    """Status 200 with the first half of the body."""
    ERROR_BODY = "error_body"
    """Status 200 with an error in place of an answer."""
    HALF_JSON = "half_json"
    """The text of the reply ends in the middle, though it is said to be finished."""
    PROSE = "prose"
    """Sentences in place of JSON."""
    WRONG_SCHEMA = "wrong_schema"
    """JSON with other keys than the schema has."""
    TRUNCATED = "truncated"
    """The reply reached max_tokens and ends there."""
    EMPTY = "empty"
    """An empty text."""
    REFUSED = "refused"
    """A refusal."""
    INJECTION = "injection"
    """The prompt is repeated, with an instruction to accept everything."""


_OF_CONTENT = (
    FaultKind.HALF_JSON,
    FaultKind.PROSE,
    FaultKind.WRONG_SCHEMA,
    FaultKind.TRUNCATED,
    FaultKind.EMPTY,
    FaultKind.REFUSED,
    FaultKind.INJECTION,
)
_OF_INFRASTRUCTURE = tuple(kind for kind in FaultKind if kind not in _OF_CONTENT)


class Faults(Record):
    """How often each fault happens.

    A fault of content is fixed for each request: asked again, it fails again in the same way. A fault of
    infrastructure passes: a request that is sent again may get through.
    """

    rates: dict[FaultKind, float] = Field(default_factory=dict)
    """Share of requests that meet each fault, 0..1."""
    most_in_a_row: int = Field(default=2, ge=1)
    """A request meets at most this many faults of infrastructure before it gets through."""
    retry_after_seconds: float = Field(default=0.1, ge=0)
    """What Retry-After says."""
    slow_seconds: float = Field(default=1.0, ge=0)
    """How much longer a slow answer takes."""

    @model_validator(mode="after")
    def _are_shares(self) -> Self:
        for kinds in (_OF_CONTENT, _OF_INFRASTRUCTURE):
            rates = [self.rates.get(kind, 0.0) for kind in kinds]
            if min(rates) < 0 or sum(rates) > 1:
                raise ValueError(f"the rates of {', '.join(kinds)} must be 0 or more, together at most 1")
        return self

    def of_content(self, seed: int, request: str) -> FaultKind | None:
        """The fault of content that all answers to a request have."""
        return self._drawn(_OF_CONTENT, share_of(seed, "content", request))

    def of_infrastructure(self, seed: int, request: str, earlier: int) -> FaultKind | None:
        """The fault that a request meets when it is sent after that many earlier tries."""
        if earlier % (self.most_in_a_row + 1) == self.most_in_a_row:
            return None
        return self._drawn(_OF_INFRASTRUCTURE, share_of(seed, "infrastructure", request, str(earlier)))

    def _drawn(self, kinds: tuple[FaultKind, ...], share: float) -> FaultKind | None:
        ends = accumulate(self.rates.get(kind, 0.0) for kind in kinds)
        return next((kind for kind, end in zip(kinds, ends, strict=True) if share < end), None)


class Tries:
    """Counts how often each request was received."""

    def __init__(self) -> None:
        self._tries: Counter[str] = Counter()

    def count(self, request: str) -> int:
        """The number of earlier tries of this request."""
        self._tries[request] += 1
        return self._tries[request] - 1


def share_of(seed: int, *names: str) -> float:
    """A number in [0, 1) that is fixed by the seed and the names, and looks drawn."""
    digest = hashlib.sha256("\0".join((str(seed), *names)).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
