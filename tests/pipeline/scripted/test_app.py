"""What the scripted server answers, refuses and counts, over HTTP in this process."""

import asyncio
import json
from math import log
from typing import Any

import pytest
from aiohttp import ClientError

from pipeline.scripted.faults import FaultKind, Faults
from pipeline.scripted.received import ReceivedRequest
from pipeline.scripted.replies import INJECTION
from pipeline.scripted.settings import SchemaSupport, ServerSettings
from tests.pipeline.scripted.requests import Client, body, post, said, talk

_HOLDS = {"holds": "yes", "sure": 1}


def test_a_reply_fits_the_schema_and_is_counted() -> None:
    """A reply has the fields that clients read; /stats counts calls, tasks and tokens, /v1/models lists the models."""

    async def talking(client: Client) -> None:
        status, answer = await post(client, body("Question: why?", [b"picture"], n=2))
        assert status == 200
        assert [json.loads(choice["message"]["content"]) for choice in answer["choices"]] == [_HOLDS] * 2
        assert [choice["finish_reason"] for choice in answer["choices"]] == ["stop"] * 2
        assert answer["usage"]["prompt_tokens"] == 256 + len("Question: why?") // 4
        async with client.get("/stats") as response:
            stats = await response.json()
        assert (stats["calls"], stats["status 200"], stats["task check"], stats["most_in_flight"]) == (1, 1, 1, 1)
        async with client.get("/v1/models") as response:
            assert [model["id"] for model in (await response.json())["data"]] == ["scripted"]

    talk(ServerSettings(), talking)


@pytest.mark.parametrize(
    ("settings", "given", "status", "says"),
    [
        (ServerSettings(key="right"), {}, 401, "key"),
        (ServerSettings(), {"model": "gpt"}, 404, "`gpt` does not exist"),
        (ServerSettings(sees=False), {}, 400, "multimodal"),
        (ServerSettings(context_tokens=100), {}, 400, "maximum context length is 100 tokens"),
        (ServerSettings(schema_support=SchemaSupport.REFUSED), {}, 400, "json_schema"),
        (ServerSettings(), {"messages": []}, 400, "messages"),
    ],
)
def test_what_the_server_cannot_do_is_refused(
    settings: ServerSettings, given: dict[str, Any], status: int, says: str
) -> None:
    """A wrong key, model, schema or prompt gets the status that servers give it, with a message."""

    async def talking(client: Client) -> None:
        answered, error = await post(client, body("why?", [b"picture"], **given))
        assert answered == status
        assert says in error["error"]["message"]

    talk(settings, talking)


def test_the_right_key_is_let_in() -> None:
    """As a bearer token, as OpenAI's clients send it."""

    async def talking(client: Client) -> None:
        assert (await post(client, body("why?"), Authorization="Bearer right"))[0] == 200

    talk(ServerSettings(key="right"), talking)


def test_one_request_too_many_is_refused() -> None:
    """With two slots, two of three requests at a time are answered; the third gets 429 and when to come back."""

    async def talking(client: Client) -> None:
        answers = await asyncio.gather(*(post(client, body(f"why {n}?")) for n in range(3)))
        assert sorted(status for status, _ in answers) == [200, 200, 429]
        async with client.get("/stats") as response:
            assert (await response.json())["most_in_flight"] == 3

    talk(ServerSettings(slots=2, latency_seconds=0.05), talking)


def _with(kind: FaultKind, **given: float) -> ServerSettings:
    return ServerSettings(faults=Faults(rates={kind: 1.0}, most_in_a_row=1, **given))


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (FaultKind.RATE_LIMITED, 429),
        (FaultKind.RATE_LIMITED_SILENTLY, 429),
        (FaultKind.SERVER_ERROR, 500),
        (FaultKind.OVERLOADED, 503),
    ],
)
def test_a_fault_of_infrastructure_passes(kind: FaultKind, status: int) -> None:
    """The first try fails, the second is answered; only `rate_limited` says when to come back."""

    async def talking(client: Client) -> None:
        async with client.post("/v1/chat/completions", json=body("why?")) as response:
            assert response.status == status
            assert response.headers.get("Retry-After") == ("0.5" if kind is FaultKind.RATE_LIMITED else None)
        assert json.loads(await said(client, body("why?"))) == _HOLDS

    talk(_with(kind, retry_after_seconds=0.5), talking)


def test_a_connection_is_dropped_and_a_body_cut() -> None:
    """A dropped connection is an error of the client; half a body is status 200 with JSON that does not parse."""

    async def dropped(client: Client) -> None:
        with pytest.raises(ClientError):
            await post(client, body("why?"))

    async def cut(client: Client) -> None:
        async with client.post("/v1/chat/completions", json=body("why?")) as response:
            assert response.status == 200
            with pytest.raises(ValueError, match=r"Expecting|Unterminated|delimiter"):
                json.loads(await response.text())

    async def wrong_object(client: Client) -> None:
        status, answer = await post(client, body("why?"))
        assert (status, answer["object"], "choices" in answer) == (200, "error", False)

    talk(_with(FaultKind.DROPPED), dropped)
    talk(_with(FaultKind.HALF_BODY), cut)
    talk(_with(FaultKind.ERROR_BODY), wrong_object)


def test_a_hanging_server_never_answers_and_a_slow_one_late() -> None:
    """A client that waits 0.05 s times out on both; one that waits longer gets the slow answer."""

    async def talking(client: Client) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(post(client, body("why?")), 0.05)

    async def patient(client: Client) -> None:
        assert (await post(client, body("why?")))[0] == 200

    talk(_with(FaultKind.HANG), talking)
    talk(_with(FaultKind.SLOW, slow_seconds=0.2), talking)
    talk(_with(FaultKind.SLOW, slow_seconds=0.06), patient)


@pytest.mark.parametrize("kind", [FaultKind.HALF_JSON, FaultKind.PROSE, FaultKind.TRUNCATED, FaultKind.INJECTION])
def test_a_spoilt_reply_is_not_json_and_stays_spoilt(kind: FaultKind) -> None:
    """It is spoilt in the same way in the repair turn; the truncated one says so, the injection says what it wants."""
    repair = [{"role": "assistant", "content": "bad"}, {"role": "user", "content": "again"}]

    async def talking(client: Client) -> None:
        first = body("Question: why?")
        again = {**first, "messages": first["messages"] + repair}
        answers = [(await post(client, asked))[1]["choices"][0] for asked in (first, again)]
        assert answers[0] == answers[1]
        with pytest.raises(ValueError, match=r"."):
            json.loads(answers[0]["message"]["content"])
        assert (answers[0]["finish_reason"] == "length") is (kind is FaultKind.TRUNCATED)
        assert (INJECTION in answers[0]["message"]["content"]) is (kind is FaultKind.INJECTION)

    talk(_with(kind), talking)


def test_empty_refused_and_wrong_replies() -> None:
    """An empty text; a refusal without a text; JSON with none of the keys asked for."""

    async def message(client: Client) -> dict[str, object]:
        _, answer = await post(client, body("why?"))
        return dict(answer["choices"][0]["message"])

    async def empty(client: Client) -> None:
        assert (await message(client))["content"] == ""

    async def refused(client: Client) -> None:
        answered = await message(client)
        assert answered["content"] is None
        assert answered["refusal"]

    async def wrong(client: Client) -> None:
        assert not json.loads(str((await message(client))["content"])).keys() & {"holds", "sure"}

    talk(_with(FaultKind.EMPTY), empty)
    talk(_with(FaultKind.REFUSED), refused)
    talk(_with(FaultKind.WRONG_SCHEMA), wrong)


def test_a_schema_that_is_ignored_gives_json_between_sentences() -> None:
    """A prompt that asks for JSON gets it in a fence, and in the repair turn alone; another one gets a word."""

    async def talking(client: Client) -> None:
        first = body("why?")
        fenced = await said(client, first)
        assert "```json" in fenced
        first["messages"] += [{"role": "assistant", "content": fenced}, {"role": "user", "content": "again"}]
        assert json.loads(await said(client, first)) == _HOLDS

    async def unknown(client: Client) -> None:
        assert await said(client, body("why?")) == "yes"

    settings = ServerSettings(schema_support=SchemaSupport.IGNORED)
    talk(settings, talking, _Told())
    talk(settings, unknown)


class _Told:
    """Knows by the text what JSON is asked for."""

    def answer(self, request: ReceivedRequest, _number: int) -> str:
        assert request.schema is None
        return json.dumps(_HOLDS)


def test_the_first_token_has_its_probability_if_it_is_asked_for() -> None:
    """The word that is said has 0.9, its alternatives share the rest; without the wish or the ability there is none."""

    async def able(client: Client) -> None:
        _, answer = await post(client, body("why?", name=None, logprobs=True, top_logprobs=5))
        [first] = answer["choices"][0]["logprobs"]["content"]
        top = {entry["token"]: entry["logprob"] for entry in first["top_logprobs"]}
        assert (first["token"], top["yes"], top["no"]) == ("yes", log(0.9), pytest.approx(log(0.1 / 5)))
        _, plain = await post(client, body("why?", name=None))
        assert "logprobs" not in plain["choices"][0]

    async def unable(client: Client) -> None:
        _, answer = await post(client, body("why?", name=None, logprobs=True))
        assert "logprobs" not in answer["choices"][0]

    talk(ServerSettings(), able)
    talk(ServerSettings(logprobs=False), unable)


def test_a_reply_longer_than_max_tokens_is_cut_and_says_so() -> None:
    """{"holds": "yes", "sure": 1} has more than 2 tokens of 4 characters."""

    async def talking(client: Client) -> None:
        _, answer = await post(client, body("why?", max_tokens=2))
        assert answer["choices"][0]["finish_reason"] == "length"
        assert len(answer["choices"][0]["message"]["content"]) == 8

    talk(ServerSettings(), talking)
