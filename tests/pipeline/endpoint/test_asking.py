"""Requests of stages, from the cache or from a scripted server in this process."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.endpoint.gate import Gate
from pipeline.endpoint.settings import Budget, Endpoint, RoleModel, Roles, Server
from pipeline.scripted.faults import FaultKind, Faults
from pipeline.scripted.settings import ServerSettings
from schemas.clip import Frame
from schemas.errors import CapError, EndpointError
from stages.models.chat import (
    ChatFrames,
    EndpointFailed,
    NoReply,
    ReplyMissing,
    ReplyRefused,
    ReplyTruncated,
    ReplyUnparsable,
    RequestRejected,
)
from stages.models.chat_body import ServerTraits
from tests.pipeline.endpoint.served import JUDGE, YES, Served, listening, question, talk

SHOWN = ChatFrames(tuple(Frame(pts_seconds=float(n), jpeg=b"frame %d" % n) for n in range(4)))


def failing(kind: FaultKind, rate: float = 1.0) -> ServerSettings:
    """A server with one fault."""
    return ServerSettings(faults=Faults(rates={kind: rate}, retry_after_seconds=0.01))


def test_a_reply_is_paid_once(tmp_path: Path) -> None:
    """Asked again, by this worker or another, a request is answered from the cache; equal ones at once are one call."""

    async def talking(served: Served) -> None:
        worker = served.worker()
        first, same = await asyncio.gather(worker.ask(question()), worker.ask(question()))
        assert first == same
        assert (first.texts, first.cached, first.model) == ((YES,), False, "scripted")
        again = await served.worker().ask(question())
        assert again == first.model_copy(update={"cached": True})
        assert (await served.stats())["calls"] == 1
        usage = served.gate.usage.roles[JUDGE]
        assert (usage.spent.calls, usage.from_cache) == (1, 1)
        assert usage.spent.prompt_tokens == first.usage.prompt_tokens > 0

    talk(tmp_path, talking)


@pytest.mark.parametrize("kind", [k for k in FaultKind if k not in {FaultKind.HANG, FaultKind.SLOW}][:7])
def test_faults_of_the_network_and_the_server_pass(tmp_path: Path, kind: FaultKind) -> None:
    """A fault that comes twice in a row costs two more calls and changes no reply."""

    async def talking(served: Served) -> None:
        assert (await served.worker().ask(question())).texts == (YES,)
        usage = served.gate.usage.roles[JUDGE]
        assert (usage.spent.calls, usage.failed_calls) == (3, 2)

    talk(tmp_path, talking, failing(kind))


def test_a_server_that_hangs_is_given_up(tmp_path: Path) -> None:
    """After the time limit the call is tried again, as often as the settings say, then the item is dropped."""

    async def talking(served: Served) -> None:
        with pytest.raises(EndpointFailed) as failed:
            await served.worker().ask(question())
        assert "no answer within 0.05 s" in failed.value.raw
        assert served.gate.usage.roles[JUDGE].failed_calls == 2

    talk(tmp_path, talking, failing(FaultKind.HANG), retries=1, timeout_seconds=0.05)


@pytest.mark.parametrize(
    ("kind", "failure", "calls"),
    [
        (FaultKind.REFUSED, ReplyRefused, 1),
        (FaultKind.TRUNCATED, ReplyTruncated, 1),
        (FaultKind.HALF_JSON, ReplyUnparsable, 2),
        (FaultKind.PROSE, ReplyUnparsable, 2),
        (FaultKind.WRONG_SCHEMA, ReplyUnparsable, 2),
        (FaultKind.EMPTY, ReplyUnparsable, 2),
        (FaultKind.INJECTION, ReplyUnparsable, 2),
    ],
)
def test_a_reply_that_cannot_be_used_drops_its_item(
    tmp_path: Path, kind: FaultKind, failure: type[NoReply], calls: int
) -> None:
    """What cannot be read gets one repair turn; refused and cut-off replies get none. None of them is cached as a
    reply, an offline run drops the item again, and a run with a network asks again.
    """

    async def talking(served: Served) -> None:
        with pytest.raises(failure):
            await served.worker().ask(question())
        assert (await served.stats())["calls"] == calls
        with pytest.raises(failure):
            await served.with_setup(offline=True).worker().ask(question())
        assert (await served.stats())["calls"] == calls
        with pytest.raises(failure):
            await served.worker().ask(question())
        assert (await served.stats())["calls"] == 2 * calls
        assert served.gate.usage.roles[JUDGE].unusable == 2

    talk(tmp_path, talking, failing(kind))


def test_the_schema_is_in_the_prompt_of_a_server_that_keeps_to_none(tmp_path: Path) -> None:
    """The text that is sent grows by the schema and says so."""

    async def talking(served: Served) -> None:
        worker = served.worker()
        plain = (await worker.ask(question(reply=None))).usage.prompt_tokens
        with pytest.raises(ReplyUnparsable):  # without a schema the scripted server says "yes"
            await worker.ask(question())
        assert (await served.stats())["prompt tokens"] > 2 * plain + 50

    talk(tmp_path, talking, traits=ServerTraits())


def test_a_request_that_the_server_rejects_is_not_tried_again(tmp_path: Path) -> None:
    """A prompt beyond the context is one call and a drop."""

    async def talking(served: Served) -> None:
        with pytest.raises(RequestRejected):
            await served.worker().ask(question(shown=SHOWN))
        assert (await served.stats())["calls"] == 1

    talk(tmp_path, talking, ServerSettings(context_tokens=100))


@pytest.mark.parametrize("settings", [ServerSettings(key="right"), ServerSettings(models=("other",))])
def test_a_wrong_key_or_model_ends_the_run(tmp_path: Path, settings: ServerSettings) -> None:
    """In the middle of a run too, in one line."""

    async def talking(served: Served) -> None:
        with pytest.raises(EndpointError, match=r"refuses scripted: (401|404).*check its key and roles\.judge\.model"):
            await served.worker().ask(question())

    talk(tmp_path, talking, settings)


def test_samples_choices_and_seeds(tmp_path: Path) -> None:
    """`n` replies come back, with the log-probabilities of the choices alone; another seed is another request."""

    async def talking(served: Served) -> None:
        asked = question(reply=None, n=3, choices=("yes", "no"))
        reply = await served.worker().ask(asked)
        assert reply.texts == ("yes",) * 3
        assert reply.choice_log_probs is not None
        assert [sorted(probs) for probs in reply.choice_log_probs] == [["no", "yes"]] * 3
        assert not (await served.worker().ask(replace(asked, seed=1))).cached

    talk(tmp_path, talking)


def test_a_server_that_samples_one_at_a_time_is_asked_again(tmp_path: Path) -> None:
    """A spoilt reply has one choice whatever `n` is: the rest is asked for one by one, with other seeds."""

    async def talking(served: Served) -> None:
        reply = await served.worker().ask(question(reply=None, n=3))
        assert len(reply.texts) == 3
        assert (await served.stats())["calls"] == 3

    talk(tmp_path, talking, failing(FaultKind.PROSE))


def test_offline_a_missing_reply_is_counted(tmp_path: Path) -> None:
    """Nothing is sent; what the cache has is answered."""

    async def talking(served: Served) -> None:
        await served.worker().ask(question())
        offline = served.with_setup(offline=True, addresses={}).worker()
        assert (await offline.ask(question())).texts == (YES,)
        with pytest.raises(ReplyMissing):
            await offline.ask(question(1))
        assert served.gate.usage.roles[JUDGE].missing == 1
        assert (await served.stats())["calls"] == 1

    talk(tmp_path, talking)


def test_a_budget_holds_over_many_workers(tmp_path: Path) -> None:
    """Of 30 questions by three workers with a budget of 11 calls the server receives 11; the rest hears of the cap."""

    async def talking(served: Served) -> None:
        workers = [served.worker() for _ in range(3)]
        asked = (workers[n % 3].ask(question(n)) for n in range(30))
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
        assert sum(isinstance(outcome, CapError) for outcome in outcomes) == 19
        assert (await served.stats())["calls"] == 11

    talk(tmp_path, talking, budget=Budget(calls=11))


def test_roles_may_have_servers_of_their_own(tmp_path: Path) -> None:
    """The judge's calls go to its own server, with its own limit, and to no other."""

    async def talking(served: Served) -> None:
        async with listening(ServerSettings(latency_seconds=0.01)) as strong:
            one, other = Server(base_url=served.base_url), Server(base_url=strong, max_in_flight=2)
            endpoint = Endpoint(servers={"default": one, "strong": other})
            roles = Roles(judge=RoleModel(model="scripted", server="strong"))
            addresses = {"default": served.base_url, "strong": strong}
            setup = replace(served.setup, endpoint=endpoint, roles=roles, addresses=addresses)
            both = replace(served, setup=setup, gate=Gate(endpoint, setup.usage))
            await asyncio.gather(*(both.worker().ask(question(n)) for n in range(6)))
            stats = await replace(both, base_url=strong).stats()
            assert (stats["calls"], stats["most_in_flight"]) == (6, 2)
            assert (await served.stats())["calls"] == 0

    talk(tmp_path, talking)


def test_never_more_calls_than_allowed_are_under_way(tmp_path: Path) -> None:
    """Of 24 questions at once the server sees four at a time."""

    async def talking(served: Served) -> None:
        worker = served.worker()
        await asyncio.gather(*(worker.ask(question(n, shown=SHOWN)) for n in range(24)))
        assert (await served.stats())["most_in_flight"] == 4
        usage = served.gate.usage.roles[JUDGE]
        assert usage.repeated_frame_bytes == usage.frame_bytes * 23 // 24

    talk(tmp_path, talking, ServerSettings(latency_seconds=0.005), max_in_flight=4)
