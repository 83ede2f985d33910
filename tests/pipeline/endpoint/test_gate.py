"""Permits, budget and usage."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from pipeline.endpoint.gate import Admission, CallOutcome, Gate, read_usage
from pipeline.endpoint.settings import Budget, Endpoint, Server
from pipeline.endpoint.usage import Amount
from pipeline.storage.location import Location
from schemas.errors import CapError
from stages.models.chat import ModelRole
from stages.models.chat_server import FailureKind

JUDGE = ModelRole.JUDGE
MOST = Amount(calls=1, prompt_tokens=90, reply_tokens=10)
USED = CallOutcome(Amount(calls=1, prompt_tokens=50, reply_tokens=5))
ASKED = Admission("default", JUDGE, MOST)


def file_in(folder: Path) -> Location:
    return Location.parse(str(folder / "usage.json"))


def pass_through(
    folder: Path,
    passing: Callable[[Gate], Awaitable[None]],
    budget: Budget | None = None,
    clock: Callable[[], float] | None = None,
    **server: float,
) -> None:
    """Do something at a gate; it must not take ten seconds."""

    async def run() -> None:
        endpoint = Endpoint(servers={"default": Server.model_validate(server)}, budget=budget or Budget())
        gate = Gate(endpoint, file_in(folder), clock) if clock else Gate(endpoint, file_in(folder))
        async with asyncio.timeout(10):
            await passing(gate)

    asyncio.run(run())


async def is_waiting(task: asyncio.Task[int]) -> bool:
    await asyncio.sleep(0.02)
    return not task.done()


def test_no_more_calls_are_under_way_than_allowed(tmp_path: Path) -> None:
    """The third of two waits until one ends; who came first goes first."""

    async def passing(gate: Gate) -> None:
        first, _ = await gate.admit(ASKED), await gate.admit(ASKED)
        third, fourth = asyncio.create_task(gate.admit(ASKED)), asyncio.create_task(gate.admit(ASKED))
        assert await is_waiting(third)
        await gate.settle(first, USED)
        assert await third is not None
        assert await is_waiting(fourth)
        fourth.cancel()

    pass_through(tmp_path, passing, max_in_flight=2)


def test_a_budget_of_calls_is_never_passed(tmp_path: Path) -> None:
    """Of 20 that come at once with a budget of 7, 7 pass and 13 are told of the cap, when the last one has ended."""

    async def passing(gate: Gate) -> None:
        ended = 0

        async def call() -> None:
            nonlocal ended
            permit = await gate.admit(ASKED)
            await asyncio.sleep(0.01)
            ended += 1
            await gate.settle(permit, USED)

        async def told() -> int:
            with pytest.raises(CapError, match="calls = 7 is reached: 7 calls"):
                await call()
            return ended

        outcomes = await asyncio.gather(*(call() for _ in range(20)), return_exceptions=True)
        assert [isinstance(outcome, CapError) for outcome in outcomes].count(True) == 13
        assert await told() == 7
        assert gate.usage.spent.calls == 7

    pass_through(tmp_path, passing, Budget(calls=7), max_in_flight=5)


def test_what_a_call_did_not_use_is_left_for_others(tmp_path: Path) -> None:
    """Calls reserve 100 tokens and use 55: a budget of 200 allows three, one after the other, and no two at once
    once 110 are spent.
    """

    async def passing(gate: Gate) -> None:
        for _ in range(2):
            await gate.settle(await gate.admit(ASKED), USED)
        third = await gate.admit(ASKED.__class__("default", JUDGE, Amount(calls=1, prompt_tokens=90)))
        fourth = asyncio.create_task(gate.admit(ASKED))
        assert await is_waiting(fourth)
        await gate.settle(third, USED)
        with pytest.raises(CapError, match="tokens = 200"):
            await fourth

    pass_through(tmp_path, passing, Budget(tokens=200))


def test_what_may_be_used_is_on_disk_before_a_call_is_sent(tmp_path: Path) -> None:
    """Whoever reads the file after a kill finds every permit that was given; a new gate counts them as used."""

    async def passing(gate: Gate) -> None:
        await gate.settle(await gate.admit(ASKED), USED)
        await gate.admit(ASKED)
        assert read_usage(file_in(tmp_path)).under_way[JUDGE] == MOST

    pass_through(tmp_path, passing, Budget(calls=3))

    async def resuming(gate: Gate) -> None:
        assert gate.usage.spent == Amount(calls=2, prompt_tokens=140, reply_tokens=15)
        await gate.admit(ASKED)
        with pytest.raises(CapError):
            await asyncio.wait_for(asyncio.gather(gate.admit(ASKED), gate.settle(1, USED), gate.settle(0, USED)), 5)

    pass_through(tmp_path, resuming, Budget(calls=3))


def test_a_retry_after_stops_all_calls_for_that_long(tmp_path: Path) -> None:
    """Nothing passes before its time is over, and half of the permits are left then."""
    now = 0.0

    async def passing(gate: Gate) -> None:
        nonlocal now
        refused = await gate.admit(ASKED)
        await gate.settle(refused, CallOutcome(Amount(calls=1), failure=FailureKind.BUSY, retry_after_seconds=0.05))
        task = asyncio.create_task(gate.admit(ASKED))
        assert await is_waiting(task)
        now = 0.06
        assert await task is not None
        assert await is_waiting(asyncio.create_task(gate.admit(ASKED)))
        assert gate.usage.roles[JUDGE].failed_calls == 1

    pass_through(tmp_path, passing, clock=lambda: now, max_in_flight=2)


def test_requests_a_minute_are_kept(tmp_path: Path) -> None:
    """At 6,000 a minute the second call waits until 10 ms have passed by the clock."""
    now = 0.0

    async def passing(gate: Gate) -> None:
        nonlocal now
        await gate.admit(ASKED)
        second = asyncio.create_task(gate.admit(ASKED))
        assert await is_waiting(second)
        now = 0.011
        assert await second is not None

    pass_through(tmp_path, passing, clock=lambda: now, requests_per_minute=6000)


def test_a_permit_whose_worker_died_comes_back(tmp_path: Path) -> None:
    """A call that is overdue counts at the most that it may have used, and its place is free again."""
    now = 0.0

    async def passing(gate: Gate) -> None:
        nonlocal now
        lost = await gate.admit(ASKED)
        now = 1000.0
        assert await gate.admit(ASKED) != lost
        assert gate.usage.spent == MOST
        await gate.settle(lost, USED)
        assert gate.usage.spent == MOST

    pass_through(tmp_path, passing, clock=lambda: now, max_in_flight=1, timeout_seconds=10)


def test_a_call_of_which_nothing_is_known_counts_at_its_most(tmp_path: Path) -> None:
    """A connection that broke may have been paid."""

    async def passing(gate: Gate) -> None:
        await gate.settle(await gate.admit(ASKED), CallOutcome(None, failure=FailureKind.TRANSIENT))
        assert gate.usage.spent == MOST

    pass_through(tmp_path, passing)


def test_frames_that_were_sent_before_are_told(tmp_path: Path) -> None:
    """Of three calls with two clips' frames of 100 bytes, the one that repeats a clip repeats 100 of 300 bytes."""

    async def passing(gate: Gate) -> None:
        for sha256 in ("a", "b", "a"):
            await gate.admit(Admission("default", JUDGE, MOST, sha256, 100))
        usage = gate.usage.roles[JUDGE]
        assert (usage.frame_bytes, usage.repeated_frame_bytes) == (300, 100)

    pass_through(tmp_path, passing)


def test_usage_is_on_disk_at_the_end_and_holds_no_key(tmp_path: Path) -> None:
    """Also without a budget; keys are handed over in memory alone."""

    async def passing(gate: Gate) -> None:
        gate.take_keys({"default": "planted-key"})
        assert await gate.key("default") == "planted-key"
        assert await gate.key("other") == ""
        await gate.settle(await gate.admit(ASKED), USED)
        await gate.count(JUDGE, {"from_cache": 2})
        await gate.close()

    pass_through(tmp_path, passing)
    usage = read_usage(file_in(tmp_path)).roles[JUDGE]
    assert (usage.spent.tokens, usage.from_cache) == (55, 2)
    assert b"planted-key" not in file_in(tmp_path).read_bytes()
