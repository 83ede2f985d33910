"""The HTTP side of the scripted server: what it lists, checks, delays, refuses and counts."""

import asyncio
import hmac
import json
from collections import Counter
from dataclasses import replace
from typing import Protocol

from aiohttp import web

from pipeline.scripted.faults import FaultKind, Tries
from pipeline.scripted.received import BadRequest, ReceivedRequest, received
from pipeline.scripted.replies import error_body, shortest, sound_reply, spoilt_reply
from pipeline.scripted.settings import SchemaSupport, ServerSettings

_LARGEST_BODY = 1 << 30
_HANG_SECONDS = 3600.0
_STATUS = {
    FaultKind.RATE_LIMITED: 429,
    FaultKind.RATE_LIMITED_SILENTLY: 429,
    FaultKind.SERVER_ERROR: 500,
    FaultKind.OVERLOADED: 503,
}


class Answerer(Protocol):
    """Answers what is asked."""

    def answer(self, request: ReceivedRequest, number: int) -> str:
        """The text of a reply; the same for the same request and the same number of the sample."""


class ShortAnswers:
    """Answers with the shortest text that fits the schema."""

    def answer(self, request: ReceivedRequest, _number: int) -> str:
        """The same for every request with one schema."""
        return shortest(request.schema)


class _Refusal(Exception):  # noqa: N818 an answer with this status
    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.headers = status, headers

    def response(self) -> web.Response:
        return web.json_response(error_body(str(self), self.status), status=self.status, headers=self.headers)


class ScriptedApp:
    """One server with its counts."""

    def __init__(self, settings: ServerSettings, answerer: Answerer) -> None:
        """`answerer` gives the sound replies."""
        self._settings, self._answerer = settings, answerer
        self._tries = Tries()
        self._counts: Counter[str] = Counter(calls=0)
        self._in_flight = self._most_in_flight = 0

    def application(self) -> web.Application:
        """The routes of the OpenAI API that vidpref uses, with /health and /stats."""
        app = web.Application(client_max_size=_LARGEST_BODY)
        app.router.add_get("/health", self._health)
        app.router.add_get("/stats", self._stats)
        app.router.add_get("/v1/models", self._models)
        app.router.add_post("/v1/chat/completions", self._completions)
        return app

    async def _health(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _stats(self, _request: web.Request) -> web.Response:
        return web.json_response({"most_in_flight": self._most_in_flight, **self._counts})

    async def _models(self, request: web.Request) -> web.Response:
        try:
            self._check_key(request)
        except _Refusal as refusal:
            return refusal.response()
        listed = [{"id": name, "object": "model", "owned_by": "vidpref"} for name in self._settings.models]
        return web.json_response({"object": "list", "data": listed})

    async def _completions(self, request: web.Request) -> web.StreamResponse:
        self._in_flight += 1
        self._most_in_flight = max(self._most_in_flight, self._in_flight)
        self._counts["calls"] += 1
        try:
            response = await self._completed(request)
        except _Refusal as refusal:
            response = refusal.response()
        except BadRequest as bad:
            response = _Refusal(400, str(bad)).response()
        finally:
            self._in_flight -= 1
        self._counts[f"status {response.status}"] += 1
        return response

    async def _completed(self, request: web.Request) -> web.StreamResponse:
        self._check_key(request)
        number = self._counts["calls"]
        if self._settings.slots is not None and self._in_flight > self._settings.slots:
            raise _Refusal(429, "all slots are taken", self._retry_after)
        asked = received(await request.read())
        self._check(asked)
        faults, seed = self._settings.faults, self._settings.seed
        fault = faults.of_infrastructure(seed, asked.sha256, self._tries.count(asked.sha256))
        if fault is not None:
            self._counts[f"fault {fault}"] += 1
        if fault in _STATUS:
            headers = self._retry_after if fault is FaultKind.RATE_LIMITED else None
            raise _Refusal(_STATUS[fault], fault.value.replace("_", " "), headers)
        await asyncio.sleep(self._delay(number, fault))
        return self._sent(request, asked, fault)

    def _sent(self, request: web.Request, asked: ReceivedRequest, fault: FaultKind | None) -> web.Response:
        if fault is FaultKind.DROPPED:
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
        if fault is FaultKind.ERROR_BODY:
            return web.json_response({"object": "error", **error_body("the engine is overloaded", 500)})
        body = json.dumps(self._reply(asked)).encode()
        self._counts[f"task {asked.schema_name}"] += 1
        self._counts["prompt tokens"] += asked.prompt_tokens
        whole = fault is not FaultKind.HALF_BODY
        return web.Response(body=body if whole else body[: len(body) // 2], content_type="application/json")

    def _reply(self, asked: ReceivedRequest) -> dict[str, object]:
        if self._settings.schema_support is SchemaSupport.IGNORED:
            asked = replace(asked, schema=None, schema_name=None)
        texts = [self._answerer.answer(asked, number) for number in range(asked.n)]
        fault = self._settings.faults.of_content(self._settings.seed, asked.item)
        if fault is not None:
            self._counts[f"fault {fault}"] += 1
            return spoilt_reply(asked, texts[0], fault)
        if self._settings.schema_support is SchemaSupport.IGNORED and not asked.is_repair:
            texts = [_fenced(text) if text.startswith("{") else text for text in texts]
        return sound_reply(asked, texts, logprobs=self._settings.logprobs)

    def _check_key(self, request: web.Request) -> None:
        key = self._settings.key
        if key is not None and not hmac.compare_digest(request.headers.get("Authorization", ""), f"Bearer {key}"):
            raise _Refusal(401, "the key is not valid")

    def _check(self, asked: ReceivedRequest) -> None:
        settings = self._settings
        if asked.model not in settings.models:
            raise _Refusal(404, f"The model `{asked.model}` does not exist.")
        if asked.frames and not settings.sees:
            raise _Refusal(400, f"{asked.model} is not a multimodal model")
        if asked.is_video and not settings.video_url:
            raise _Refusal(400, "parts of type video_url are not supported")
        if asked.schema is not None and settings.schema_support is SchemaSupport.REFUSED:
            raise _Refusal(400, "response_format of type json_schema is not supported")
        if asked.prompt_tokens > settings.context_tokens:
            raise _Refusal(
                400,
                f"This model's maximum context length is {settings.context_tokens} tokens. However, your request has "
                f"{asked.prompt_tokens} input tokens.",
            )

    @property
    def _retry_after(self) -> dict[str, str]:
        return {"Retry-After": f"{self._settings.faults.retry_after_seconds:g}"}

    def _delay(self, number: int, fault: FaultKind | None) -> float:
        if fault is FaultKind.HANG:
            return _HANG_SECONDS
        settings = self._settings
        is_slow = settings.slow_every and number % settings.slow_every == 0
        longer = settings.faults.slow_seconds if fault is FaultKind.SLOW else 0.0
        return (settings.slow_seconds if is_slow else settings.latency_seconds) + longer


def _fenced(text: str) -> str:
    return f"Here is the answer:\n\n```json\n{text}\n```\n"
