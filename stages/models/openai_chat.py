"""The live client of one OpenAI-compatible server: bytes go out, a completion or a typed failure comes back.

It sends each call once: what to try again, and when, is not its business. No text that leaves it holds the key.
"""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import openai
from openai import AsyncOpenAI
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schemas.problems import one_line
from stages.models.chat import ChatUsage
from stages.models.chat_server import CallFailedError, Completion, FailureKind, ServerAddress

_CONNECT_SECONDS = 10.0
_NO_KEY = "none"
"""What is sent to a server that wants no key: the client refuses to send nothing."""
_LONGEST_MESSAGE = 300
_LEAST_LOG_PROB = -1e4
"""Some servers say minus infinity, or -9999, where a token cannot be."""


class _Lenient(BaseModel):
    """What is read of an answer; servers add fields of their own."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class _Message(_Lenient):
    content: str | None = None
    refusal: str | None = None


class _TokenScore(_Lenient):
    token: str
    logprob: float


class _TokenScores(_Lenient):
    top_logprobs: tuple[_TokenScore, ...] = ()


class _LogProbs(_Lenient):
    content: tuple[_TokenScores, ...] | None = None


class _Choice(_Lenient):
    message: _Message
    finish_reason: str | None = None
    logprobs: _LogProbs | None = None


class _PromptDetails(_Lenient):
    cached_tokens: int | None = None


class _Usage(_Lenient):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    prompt_tokens_details: _PromptDetails | None = None

    def counted(self) -> ChatUsage:
        details = self.prompt_tokens_details
        return ChatUsage(
            prompt_tokens=self.prompt_tokens or 0,
            completion_tokens=self.completion_tokens or 0,
            cached_prompt_tokens=(details.cached_tokens or 0) if details else 0,
        )


class _Answer(_Lenient):
    choices: tuple[_Choice, ...] = Field(min_length=1)
    usage: _Usage | None = None


class OpenAIChat:
    """A `ChatServer` over HTTP; it belongs to one event loop."""

    def __init__(self, address: ServerAddress) -> None:
        self._address = address
        timeout = openai.Timeout(address.timeout_seconds, connect=min(_CONNECT_SECONDS, address.timeout_seconds))
        self._client = AsyncOpenAI(
            base_url=address.base_url, api_key=address.key or _NO_KEY, max_retries=0, timeout=timeout
        )

    async def aclose(self) -> None:
        """As `ChatServer.aclose`."""
        await self._client.close()

    async def models(self) -> tuple[str, ...]:
        """As `ChatServer.models`."""
        async with self._typed_failures():
            page = await self._client.models.list()
            return tuple(self._without_key(model.id) for model in page.data or ())

    async def complete(self, body: bytes) -> Completion:
        """As `ChatServer.complete`."""
        async with self._typed_failures():
            answer = await self._client.post(
                "/chat/completions",
                content=body,
                cast_to=object,
                options={"headers": {"Content-Type": "application/json"}},
            )
            return self._completion(answer)

    def _completion(self, body: object) -> Completion:
        try:
            answer = _Answer.model_validate(body)
        except ValidationError:
            raise self._failure_inside(body) from None
        choices = answer.choices
        return Completion(
            texts=tuple(self._without_key(choice.message.content or "") for choice in choices),
            finish_reasons=tuple(self._without_key(choice.finish_reason or "") for choice in choices),
            refused=tuple(bool(c.message.refusal) or c.finish_reason == "content_filter" for c in choices),
            first_tokens=_first_tokens(choices),
            usage=None if answer.usage is None else answer.usage.counted(),
        )

    def _failure_inside(self, body: object) -> CallFailedError:
        """The failure that an answer of another form tells of: some servers send errors with status 200."""
        found = body if isinstance(body, dict) else {}
        found = found["error"] if isinstance(found.get("error"), dict) else found
        code, message = found.get("code"), self._one_line(found.get("message") or "an answer without choices")
        if isinstance(code, int) and 400 <= code < 600:
            return CallFailedError(_kind(code), f"{code} {message}", status=code)
        return CallFailedError(FailureKind.TRANSIENT, message)

    @asynccontextmanager
    async def _typed_failures(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(
                self._address.timeout_seconds
            ):  # the client's own limit starts anew with each byte
                yield
        except openai.APIStatusError as error:
            wait = _retry_after(error.response.headers.get("retry-after"), error.response.headers.get("retry-after-ms"))
            said = error.message.removeprefix(f"Error code: {error.status_code}").removeprefix(
                " - "
            )  # the client's words
            message = f"{error.status_code} {self._one_line(said).rstrip('.')}"
            raise CallFailedError(
                _kind(error.status_code), message, status=error.status_code, retry_after_seconds=wait
            ) from None  # what is chained would show request and response, with the key in their headers
        except (openai.APITimeoutError, TimeoutError):
            message = f"no answer within {self._address.timeout_seconds:g} s"
            raise CallFailedError(FailureKind.TRANSIENT, message) from None
        except openai.OpenAIError as error:
            cause = error.__cause__ or error
            message = f"{type(cause).__name__}: {self._one_line(cause)}"
            raise CallFailedError(FailureKind.TRANSIENT, message) from None
        except ValueError:  # of json, or of the decoding of its bytes
            raise CallFailedError(FailureKind.TRANSIENT, "an answer that is not JSON") from None

    def _one_line(self, message: object) -> str:
        return self._without_key(one_line(str(message)))[:_LONGEST_MESSAGE]

    def _without_key(self, text: str) -> str:
        """A server may repeat what it was sent."""
        return text.replace(self._address.key, "[key]") if self._address.key else text


def _kind(status: int) -> FailureKind:
    if status in (429, 503):
        return FailureKind.BUSY
    if status in (408, 409) or status >= 500:
        return FailureKind.TRANSIENT
    return FailureKind.DENIED if status in (401, 403) else FailureKind.REJECTED


def _retry_after(seconds_or_date: str | None, milliseconds: str | None) -> float | None:
    """Seconds to wait, as the server says it in numbers or as a date; None if it says nothing that can be read."""
    if milliseconds is not None and (wait := _number(milliseconds)) is not None:
        return wait / 1000
    if seconds_or_date is None:
        return None
    if (wait := _number(seconds_or_date)) is not None:
        return wait
    try:
        date = parsedate_to_datetime(seconds_or_date)
    except ValueError:
        return None
    return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _first_tokens(choices: tuple[_Choice, ...]) -> tuple[dict[str, float], ...] | None:
    found = [choice.logprobs.content[:1] if choice.logprobs and choice.logprobs.content else () for choice in choices]
    if not all(found):
        return None
    return tuple(_by_token(first.top_logprobs) for (first,) in found)


def _by_token(likeliest: tuple[_TokenScore, ...]) -> dict[str, float]:
    """The log-probability of each token; of tokens that differ in spaces alone, that of the likeliest."""
    by_token: dict[str, float] = {}
    for one in sorted(likeliest, key=lambda one: one.logprob):
        by_token[one.token.strip()] = max(one.logprob, _LEAST_LOG_PROB)
    return by_token
