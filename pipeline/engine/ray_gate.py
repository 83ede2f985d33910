"""The endpoint gate as an actor of Ray's: one for the whole run, wherever its workers are."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import ray
from ray.exceptions import RayTaskError

from pipeline.endpoint.asking import ChatOpener
from pipeline.endpoint.checkpoints import Checkpoints
from pipeline.endpoint.gate import Admission, CallOutcome, Gate
from pipeline.endpoint.names import keys
from pipeline.endpoint.sending import AskingSetup
from pipeline.endpoint.settings import Endpoint
from pipeline.storage.location import Location
from schemas.errors import CapError, UserError
from stages.models.chat import ChatUsage, ModelRole

_MOST_WAITING = 100_000
"""Calls of the actor that may wait at the same time; Ray's own limit is 1,000."""


class _GateActor:
    """A gate in a process of its own."""

    def __init__(self, endpoint: Endpoint, file: Location) -> None:
        self._gate = Gate(endpoint, file)

    async def take_keys(self, secret: Mapping[str, str]) -> None:
        self._gate.take_keys(secret)

    async def admit(self, admission: Admission) -> int:
        return await self._gate.admit(admission)

    async def settle(self, permit: int, outcome: CallOutcome) -> None:
        await self._gate.settle(permit, outcome)

    async def count(self, role: ModelRole, counts: Mapping[str, int]) -> None:
        await self._gate.count(role, counts)

    async def answered(self, role: ModelRole, usage: ChatUsage) -> None:
        await self._gate.answered(role, usage)

    async def key(self, server: str) -> str:
        return await self._gate.key(server)

    async def close(self) -> None:
        await self._gate.close()


class RayGate:
    """A handle on the gate; it can be sent to any worker."""

    def __init__(self, endpoint: Endpoint, file: Location) -> None:
        actor: Any = ray.remote(num_cpus=0)(_GateActor)  # Any: Ray makes an actor's methods as it runs
        name = f"endpoint-gate-{uuid.uuid4().hex}"
        self._actor = actor.options(name=name, max_concurrency=_MOST_WAITING).remote(endpoint, file)

    async def admit(self, admission: Admission) -> int:
        """As `Gatekeeper.admit`."""
        with _own_errors():
            permit: int = await self._actor.admit.remote(admission)
        return permit

    async def settle(self, permit: int, outcome: CallOutcome) -> None:
        """As `Gatekeeper.settle`."""
        with _own_errors():
            await self._actor.settle.remote(permit, outcome)

    async def count(self, role: ModelRole, counts: Mapping[str, int]) -> None:
        """As `Gatekeeper.count`."""
        await self._actor.count.remote(role, counts)

    async def answered(self, role: ModelRole, usage: ChatUsage) -> None:
        """As `Gatekeeper.answered`."""
        await self._actor.answered.remote(role, usage)

    async def key(self, server: str) -> str:
        """As `Gatekeeper.key`."""
        key: str = await self._actor.key.remote(server)
        return key

    def take_keys(self, secret: Mapping[str, str]) -> None:
        """Give it the keys: from memory to memory, not as an argument that Ray keeps to start an actor again."""
        ray.get(self._actor.take_keys.remote(secret))

    def close(self) -> None:
        """Have it write what was used, and end it."""
        with _own_errors():
            ray.get(self._actor.close.remote())
        ray.kill(self._actor)


@contextmanager
def _own_errors() -> Iterator[None]:
    """Let the gate's own errors through as they are: Ray makes stack traces of their texts."""
    try:
        yield
    except RayTaskError as error:
        if isinstance(error.cause, CapError | UserError):
            raise type(error.cause)(str(error.cause)) from None
        raise


@contextmanager
def open_gate(asking: AskingSetup | None) -> Iterator[ChatOpener | None]:
    """What asks language models from any worker, if any step does; what it used is on disk at the end."""
    if asking is None:
        yield None
        return
    gate = RayGate(asking.endpoint, asking.usage)
    try:
        gate.take_keys(keys(asking.endpoint))
        yield ChatOpener(asking, gate, Checkpoints(asking.endpoint.device))
    finally:
        gate.close()
