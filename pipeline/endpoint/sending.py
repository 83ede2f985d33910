"""Sends requests through the gate, and again where another try may help."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from pipeline.endpoint.connecting import connect
from pipeline.endpoint.gate import Admission, CallOutcome, Gatekeeper
from pipeline.endpoint.settings import Endpoint, RoleModel, Roles
from pipeline.endpoint.usage import Amount
from pipeline.storage.location import Location
from stages.models.chat import ModelRole
from stages.models.chat_body import Dialogue, ServerTraits, chat_body, frames_part
from stages.models.chat_server import CallFailedError, ChatServer, Completion, FailureKind, ServerAddress

_LONGEST_WAIT_SECONDS = 30.0
_FRAME_MARGIN = 1.5
"""By how much a frame may be larger than the one that was probed: pictures differ in shape."""


@dataclass(frozen=True)
class AskingSetup:
    """What a worker needs to ask; it can be pickled, and holds no key."""

    endpoint: Endpoint
    roles: Roles
    traits: Mapping[ModelRole, ServerTraits]
    """What the server of each role does, as probed."""
    addresses: Mapping[str, str | None]
    """The address of each server; None for the client's own default."""
    replies: Location
    """Folder of the reply cache."""
    usage: Location
    """File in which the gate keeps what was used."""
    offline: bool = False
    """Whether only the cache answers."""

    def traits_of(self, role: ModelRole) -> ServerTraits:
        """What the server of a role does; the least that all servers do if it was not probed."""
        return self.traits.get(role, ServerTraits())

    def client(self, server: str, key: str) -> ChatServer:
        """An open client of a server."""
        address = ServerAddress(self.addresses[server], self.endpoint.servers[server].timeout_seconds, key)
        return connect(address)


class Sender:
    """The open connections of one worker, in one event loop."""

    def __init__(self, setup: AskingSetup, gate: Gatekeeper) -> None:
        self._setup, self._gate = setup, gate
        self._clients: dict[str, ChatServer] = {}
        self._tries = AsyncRetrying(
            stop=stop_after_attempt(setup.endpoint.retries + 1),
            wait=wait_random_exponential(multiplier=setup.endpoint.retry_seconds, max=_LONGEST_WAIT_SECONDS),
            retry=retry_if_exception(_may_pass),
            reraise=True,
        )

    async def complete(self, dialogue: Dialogue, traits: ServerTraits, count: int) -> Completion:
        """Ask for `count` replies. Raises CallFailedError after the last try, and CapError."""
        model = self._setup.roles.of(dialogue.request.role)
        admission = self._admission(dialogue, model, traits, count)
        body = partial(chat_body, dialogue, model.model or "", traits, model.frames, count=count)
        return await self._tries.copy()(self._sent, admission, body)  # a copy for each call: they run side by side

    async def aclose(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            await client.aclose()

    def _admission(self, dialogue: Dialogue, model: RoleModel, traits: ServerTraits, count: int) -> Admission:
        request = dialogue.request
        frames = len(request.shown.frames)
        written = sum(len(text.encode()) for text in dialogue.texts)  # no token is less than a byte
        prompt_tokens = traits.overhead_tokens + round(_FRAME_MARGIN * traits.tokens_per_frame * frames) + written
        most = Amount(calls=1, prompt_tokens=prompt_tokens, reply_tokens=count * request.max_tokens)
        money = self._setup.endpoint.servers[model.server].money(most.prompt_tokens, most.reply_tokens)
        sent_bytes = len(frames_part(request.shown, model.frames))
        shown = f"{model.frames} {request.shown.sha256}" if frames else None
        return Admission(model.server, request.role, most.model_copy(update={"money": money}), shown, sent_bytes)

    async def _sent(self, admission: Admission, body: Callable[[], bytes]) -> Completion:
        """Send a request once, with a permit; its bytes are made only then, as many may wait for theirs."""
        client = await self._client(admission.server)
        permit = await self._gate.admit(admission)
        outcome, started = CallOutcome(None), time.monotonic()  # also of a call that is cancelled
        try:
            completion = await client.complete(body())
            outcome = self._outcome(admission, completion, time.monotonic() - started)
        except CallFailedError as failed:
            used = None if failed.status is None else Amount(calls=1)
            outcome = CallOutcome(used, failure=failed.kind, retry_after_seconds=failed.retry_after_seconds)
            raise
        finally:
            await self._gate.settle(permit, outcome)
        return completion

    def _outcome(self, admission: Admission, completion: Completion, seconds: float) -> CallOutcome:
        usage = completion.usage
        if usage is None:
            return CallOutcome(None, seconds)
        money = self._setup.endpoint.servers[admission.server].money(usage.prompt_tokens, usage.completion_tokens)
        used = Amount(calls=1, prompt_tokens=usage.prompt_tokens, reply_tokens=usage.completion_tokens, money=money)
        return CallOutcome(used, seconds, cached_prompt_tokens=usage.cached_prompt_tokens)

    async def _client(self, server: str) -> ChatServer:
        if server not in self._clients:
            key = await self._gate.key(server)
            self._clients.setdefault(server, self._setup.client(server, key))
        return self._clients[server]


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, CallFailedError) and error.kind in (FailureKind.BUSY, FailureKind.TRANSIENT)
