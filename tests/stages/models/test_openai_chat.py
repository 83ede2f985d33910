"""The client of one server, over HTTP in this process."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from stages.models.chat import ChatUsage
from stages.models.chat_server import CallFailedError, Completion, FailureKind, ServerAddress
from stages.models.openai_chat import OpenAIChat

KEY = "planted-key-4711"
REPLY = {
    "choices": [{"message": {"content": f"yes {KEY}"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 2}},
}
Respond = Callable[[web.Request], web.StreamResponse | Awaitable[web.StreamResponse]]


def ask(respond: Respond, timeout_seconds: float = 5.0) -> Completion:
    """The completion of a server that responds so."""

    async def handler(request: web.Request) -> web.StreamResponse:
        await request.read()
        if request.headers["Authorization"] != f"Bearer {KEY}":
            raise web.HTTPUnauthorized
        response = respond(request)
        return response if isinstance(response, web.StreamResponse) else await response

    async def asking() -> Completion:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", handler)
        runner = web.AppRunner(app, shutdown_timeout=0.01)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        client = OpenAIChat(ServerAddress(f"http://{host}:{port}/v1", timeout_seconds, KEY))
        try:
            return await client.complete(b'{"model": "m"}')
        finally:
            await client.aclose()
            await runner.cleanup()

    return asyncio.run(asking())


def json_of(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Respond:
    return lambda _: web.json_response(body, status=status, headers=headers)


def test_a_completion_has_texts_usage_and_no_key() -> None:
    """What the server counts is kept; a key that it repeats is not."""
    completion = ask(json_of(REPLY))
    assert completion.texts == ("yes [key]",)
    assert completion.finish_reasons == ("stop",)
    assert completion.usage == ChatUsage(prompt_tokens=3, completion_tokens=1, cached_prompt_tokens=2)
    assert completion.first_tokens is None


def test_tokens_that_differ_in_spaces_are_one_choice() -> None:
    """The log-probability is that of the likelier one; minus infinity becomes a number."""
    top = [{"token": " A", "logprob": -2.0}, {"token": "A", "logprob": -0.5}, {"token": "B", "logprob": -9e9}]
    choice = {**REPLY["choices"][0], "logprobs": {"content": [{"token": "A", "logprob": -0.5, "top_logprobs": top}]}}
    assert ask(json_of({"choices": [choice]})).first_tokens == ({"A": -0.5, "B": -1e4},)


def test_refusals_are_marked() -> None:
    """A refusal, and a reply that a content filter ended, are refused."""
    choices = [
        {"message": {"content": None, "refusal": "No."}, "finish_reason": "stop"},
        {"message": {"content": "Well"}, "finish_reason": "content_filter"},
        {"message": {"content": "Yes"}, "finish_reason": None},
    ]
    assert ask(json_of({"choices": choices})).refused == (True, True, False)


@pytest.mark.parametrize(
    ("respond", "kind", "status"),
    [
        (json_of({}, 400), FailureKind.REJECTED, 400),
        (json_of({}, 401), FailureKind.DENIED, 401),
        (json_of({}, 403), FailureKind.DENIED, 403),
        (json_of({}, 404), FailureKind.REJECTED, 404),
        (json_of({}, 408), FailureKind.TRANSIENT, 408),
        (json_of({}, 409), FailureKind.TRANSIENT, 409),
        (json_of({}, 422), FailureKind.REJECTED, 422),
        (json_of({}, 429), FailureKind.BUSY, 429),
        (json_of({}, 500), FailureKind.TRANSIENT, 500),
        (json_of({}, 503), FailureKind.BUSY, 503),
        (lambda _: web.Response(status=502, text="<html>"), FailureKind.TRANSIENT, 502),
        (json_of([1]), FailureKind.TRANSIENT, None),
        (json_of({"choices": []}), FailureKind.TRANSIENT, None),
        (json_of({"choices": None, "object": "error", "code": 400}), FailureKind.REJECTED, 400),
        (json_of({"error": {"message": "too much", "code": 503}}), FailureKind.BUSY, 503),
        (lambda _: web.Response(body=b'{"choices": [{', content_type="application/json"), FailureKind.TRANSIENT, None),
        (lambda _: web.Response(body=b"\xff\xfe\xff", content_type="application/json"), FailureKind.TRANSIENT, None),
    ],
)
def test_every_failure_has_its_kind(respond: Respond, kind: FailureKind, status: int | None) -> None:
    """Statuses, broken answers and errors with status 200 are told apart; without a whole answer there is no status."""
    with pytest.raises(CallFailedError) as failed:
        ask(respond)
    assert (failed.value.kind, failed.value.status) == (kind, status)


def test_a_server_that_trickles_is_given_up() -> None:
    """The time limit is one for the whole answer, however often a byte of it comes."""

    async def trickle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        for _ in range(100):
            await response.write(b" ")
            await asyncio.sleep(0.01)
        return response

    with pytest.raises(CallFailedError, match=r"no answer within 0\.1 s") as failed:
        ask(trickle, timeout_seconds=0.1)
    assert (failed.value.kind, failed.value.status) == (FailureKind.TRANSIENT, None)


def test_a_dropped_connection_may_pass() -> None:
    """The server may have done the work: there is no status."""

    def drop(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    with pytest.raises(CallFailedError) as failed:
        ask(drop)
    assert (failed.value.kind, failed.value.status) == (FailureKind.TRANSIENT, None)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "9", "retry-after-ms": "250"}, 0.25),
        ({"Retry-After": "Mon, 01 Jan 2001 00:00:00 GMT"}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "inf"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(headers: dict[str, str], seconds: float | None) -> None:
    """A date in the past is no wait; what cannot be read is no wait that is known."""
    with pytest.raises(CallFailedError) as failed:
        ask(json_of({}, 429, headers))
    assert failed.value.retry_after_seconds == seconds


def test_no_failure_shows_the_key() -> None:
    """A server that repeats the key in its message is quoted without it; nothing chained to the failure holds it."""
    with pytest.raises(CallFailedError, match=r"wrong key \[key\]") as failed:
        ask(json_of({"error": {"message": f"wrong key {KEY}"}}, 401))
    assert failed.value.__suppress_context__
    assert KEY not in repr(ServerAddress("http://x", 1.0, KEY))
