"""The gate in front of all servers: it owns permits, budget and usage, and never sees the bytes.

A worker takes a permit, sends its request itself, and reports what came of it. The most that the call may use is on
disk before the permit is given, so that a budget holds across a kill.
"""

import asyncio
import itertools
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from pipeline.endpoint.limiter import Limiter
from pipeline.endpoint.settings import Budget, Endpoint, Server
from pipeline.endpoint.spacing import Spacing
from pipeline.endpoint.usage import Amount, RoleUsage, Usage, total
from pipeline.storage.disk_full import explain_full_disk
from pipeline.storage.location import Location
from schemas.errors import CapError
from stages.models.chat import ChatUsage, ModelRole
from stages.models.chat_server import FailureKind

_LOOK_AGAIN_SECONDS = 5.0
"""How often a call that waits for another one to end looks whether that one's worker has died."""
_GRACE_SECONDS = 30.0
"""How much later than a server's time limit a call counts as one whose worker has died."""
_WRITE_SECONDS = 1.0
"""How often usage is written where no budget needs it sooner."""
_LONGEST_PAUSE_SECONDS = 600.0
"""Most that a Retry-After can stop a server's calls for."""


@dataclass(frozen=True)
class Admission:
    """A call that is about to be sent."""

    server: str
    role: ModelRole
    most: Amount
    """The most that it may use."""
    frames_sha256: str | None = None
    """Hash of the frames that it shows, as they are sent; None if it shows none."""
    frames_bytes: int = 0


@dataclass(frozen=True)
class CallOutcome:
    """What came of a call."""

    used: Amount | None
    """None if nobody knows: then it counts at the most that it may have used."""
    seconds: float = 0.0
    """How long the server took."""
    failure: FailureKind | None = None
    retry_after_seconds: float | None = None
    cached_prompt_tokens: int = 0


class Gatekeeper(Protocol):
    """The gate as workers see it, in their own process or in an actor of Ray's."""

    async def admit(self, admission: Admission) -> int:
        """Wait for a permit; it must be settled. Raises CapError if the budget does not allow the call."""
        ...

    async def settle(self, permit: int, outcome: CallOutcome) -> None:
        """Report what came of the call."""
        ...

    async def count(self, role: ModelRole, counts: Mapping[str, int]) -> None:
        """Add to counts of `RoleUsage`."""
        ...

    async def answered(self, role: ModelRole, usage: ChatUsage) -> None:
        """Count a call that a model in process has answered: it needs no permit."""
        ...

    async def key(self, server: str) -> str:
        """The server's key; it is only ever handed over in memory."""
        ...


@dataclass(frozen=True)
class _UnderWay:
    admission: Admission
    sent: float
    overdue: float


class _Lane:
    """The calls to one server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.limiter = Limiter(server.max_in_flight)
        self.calls, self.tokens = Spacing(server.requests_per_minute), Spacing(server.tokens_per_minute)
        self.line = asyncio.Lock()  # first come, first served: only the first one in line looks at limits
        self.changed = asyncio.Event()
        self.in_flight = 0
        self.paused_until = float("-inf")

    def wait_seconds(self, now: float) -> float:
        """How long the next call must wait, whatever is under way."""
        return max(self.paused_until - now, self.calls.wait_seconds(now), self.tokens.wait_seconds(now))

    async def change(self, seconds: float) -> None:
        """Wait until a call ends, or for that long."""
        self.changed.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.changed.wait()


class Gate:
    """The gate itself; all its calls come from one event loop."""

    def __init__(
        self,
        endpoint: Endpoint,
        file: Location,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`file`: where usage is kept; what it holds already counts."""
        self._budget: Budget = endpoint.budget
        self._pause_seconds = 2 * endpoint.retry_seconds  # after a refusal that does not say for how long
        self._keys: dict[str, str] = {}
        self._file, self._clock = file, clock
        self._lanes = {name: _Lane(server) for name, server in endpoint.servers.items()}
        self._roles = dict(read_usage(file).after_crash().roles)
        self._under_way: dict[int, _UnderWay] = {}
        self._permits = itertools.count()
        self._frames_sent: set[tuple[str, str]] = set()
        self._version, self._written, self._written_at = 0, 0, clock()
        self._writing = asyncio.Lock()

    def take_keys(self, keys: Mapping[str, str]) -> None:
        """The key of each server that wants one; they are in no file, and in nothing that is pickled."""
        self._keys.update(keys)

    async def admit(self, admission: Admission) -> int:
        """As `Gatekeeper.admit`."""
        lane = self._lanes[admission.server]
        async with lane.line:
            while (seconds := self._wait_seconds(lane, admission.most)) > 0:
                await lane.change(seconds)
            permit = self._reserve(lane, admission)
        if self._budget.is_set:
            await self._write()
        return permit

    async def settle(self, permit: int, outcome: CallOutcome) -> None:
        """As `Gatekeeper.settle`."""
        ended = self._under_way.pop(permit, None)
        if ended is None:  # it was overdue, and has been settled as such
            return
        now, admission = self._clock(), ended.admission
        lane = self._lanes[admission.server]
        lane.in_flight -= 1
        self._adapt(lane, ended, outcome, now)
        used = admission.most if outcome.used is None else outcome.used
        lane.tokens.give_back(admission.most.tokens - used.tokens)
        failed = outcome.failure in (FailureKind.BUSY, FailureKind.TRANSIENT)
        counts = {"failed_calls": int(failed), "cached_prompt_tokens": outcome.cached_prompt_tokens}
        self._add(admission.role, used, counts)
        for each in self._lanes.values():  # the budget is one for all
            each.changed.set()
        if now - self._written_at > _WRITE_SECONDS:
            await self._write()

    async def count(self, role: ModelRole, counts: Mapping[str, int]) -> None:
        """As `Gatekeeper.count`."""
        self._add(role, Amount(), counts)

    async def answered(self, role: ModelRole, usage: ChatUsage) -> None:
        """As `Gatekeeper.answered`."""
        used = Amount(calls=1, prompt_tokens=usage.prompt_tokens, reply_tokens=usage.completion_tokens)
        before = self._roles.get(role, RoleUsage())
        self._roles[role] = before.answered(used, usage.cached_prompt_tokens)
        self._version += 1

    async def key(self, server: str) -> str:
        """As `Gatekeeper.key`."""
        return self._keys.get(server, "")

    async def close(self) -> None:
        """Write what was used."""
        await self._write()

    @property
    def usage(self) -> Usage:
        """What was used so far."""
        under_way: dict[ModelRole, Amount] = {}
        for one in self._under_way.values():
            role = one.admission.role
            under_way[role] = under_way.get(role, Amount()) + one.admission.most
        return Usage(roles=self._roles, under_way=under_way)

    def _wait_seconds(self, lane: _Lane, most: Amount) -> float:
        """How long to wait before looking again; 0 if the call may go. Raises CapError if it may never go."""
        now = self._clock()
        self._settle_overdue(now)
        spent = total(usage.spent for usage in self._roles.values())
        reserved = total(one.admission.most for one in self._under_way.values()) if self._budget.is_set else Amount()
        if passed := (spent + reserved + most).beyond(self._budget):
            if not self._under_way:
                raise CapError(_cap(passed, spent, most))
            return _LOOK_AGAIN_SECONDS  # what is under way may use less than it reserved
        if lane.in_flight >= lane.limiter.limit:
            return _LOOK_AGAIN_SECONDS
        return lane.wait_seconds(now)

    def _reserve(self, lane: _Lane, admission: Admission) -> int:
        now = self._clock()
        lane.in_flight += 1
        lane.calls.take(1, now)
        lane.tokens.take(admission.most.tokens, now)
        if admission.frames_sha256 is not None:
            sent = (admission.server, admission.frames_sha256)
            again = admission.frames_bytes if sent in self._frames_sent else 0
            self._frames_sent.add(sent)
            counts = {"frame_bytes": admission.frames_bytes, "repeated_frame_bytes": again}
            self._add(admission.role, Amount(), counts)
        permit = next(self._permits)
        overdue = now + lane.server.timeout_seconds + _GRACE_SECONDS
        self._under_way[permit] = _UnderWay(admission, now, overdue)
        self._version += 1
        return permit

    def _settle_overdue(self, now: float) -> None:
        """End the calls whose worker must have died: it would have given them up long ago."""
        for permit, one in list(self._under_way.items()):
            if one.overdue > now:
                return  # they are in the order in which they were sent, and servers' time limits are alike
            del self._under_way[permit]
            self._lanes[one.admission.server].in_flight -= 1
            self._add(one.admission.role, one.admission.most, {"failed_calls": 1})

    def _adapt(self, lane: _Lane, ended: _UnderWay, outcome: CallOutcome, now: float) -> None:
        """Let the server's load follow from how it answered."""
        admission = ended.admission
        if outcome.failure is None:
            shown = "shown" if admission.frames_sha256 else "told"
            lane.limiter.answered(f"{admission.role} {shown}", outcome.seconds, ended.sent, now)
        elif outcome.failure is FailureKind.BUSY:
            lane.limiter.overloaded(ended.sent, now)
            pause = self._pause_seconds if outcome.retry_after_seconds is None else outcome.retry_after_seconds
            lane.paused_until = max(lane.paused_until, now + min(pause, _LONGEST_PAUSE_SECONDS))

    def _add(self, role: ModelRole, spent: Amount, counts: Mapping[str, int]) -> None:
        self._roles[role] = self._roles.get(role, RoleUsage()).plus(spent, counts)
        self._version += 1

    async def _write(self) -> None:
        """Put on disk what is true now; calls that come meanwhile share the next write."""
        wanted = self._version
        async with self._writing:
            if self._written < wanted:
                version, content = self._version, self.usage.model_dump_json().encode()
                with explain_full_disk(f"--out {self._file}"):
                    await asyncio.to_thread(self._file.write_bytes, content)
                self._written, self._written_at = version, self._clock()


def read_usage(file: Location) -> Usage:
    """What the file says; nothing used if there is none."""
    return Usage.model_validate_json(file.read_bytes()) if file.is_file() else Usage()


def _cap(passed: str, spent: Amount, most: Amount) -> str:
    used = f"{spent.calls:,} calls, {spent.tokens:,} tokens" + (f" and {spent.money:,.2f}" if spent.money else "")
    needed = "" if passed.startswith("calls") else f", and the next call may need up to {most.tokens:,} tokens"
    return (
        f"endpoint.budget.{passed} is reached: {used} are used{needed}. Everything so far is kept: continue with the "
        "same command and a higher budget"
    )
