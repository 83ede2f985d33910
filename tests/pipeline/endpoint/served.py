"""A scripted server in this process, and workers that ask it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from aiohttp import ClientSession, web

from pipeline.endpoint.asking import RoleChat
from pipeline.endpoint.checkpoints import Checkpoints
from pipeline.endpoint.gate import Gate
from pipeline.endpoint.sending import AskingSetup, Sender
from pipeline.endpoint.settings import Budget, Endpoint, RoleModel, Roles, Server
from pipeline.scripted.app import ScriptedApp, ShortAnswers
from pipeline.scripted.settings import ServerSettings
from pipeline.storage.location import Location
from stages.models.chat import ChatRequest, ModelRole, ReplySchema
from stages.models.chat_body import ServerTraits

T = TypeVar("T")
HOLDS = ReplySchema(
    "holds",
    {
        "type": "object",
        "properties": {"holds": {"enum": ["yes", "no"]}},
        "required": ["holds"],
        "additionalProperties": False,
    },
)
YES = '{"holds":"yes"}'
JUDGE = ModelRole.JUDGE


@dataclass
class Served:
    """A server, and a gate and a folder for those who ask it."""

    base_url: str
    folder: Path
    setup: AskingSetup
    gate: Gate
    opened: list[RoleChat | Sender] = field(default_factory=list)
    """What is closed at the end."""

    def worker(self) -> RoleChat:
        """What one worker asks with."""
        worker = RoleChat(self.setup, self.gate, Checkpoints())
        self.opened.append(worker)
        return worker

    def sender(self) -> Sender:
        """What sends as it is told."""
        sender = Sender(self.setup, self.gate)
        self.opened.append(sender)
        return sender

    def with_setup(self, **changes: object) -> "Served":
        """The same server, asked in another way."""
        return replace(self, setup=replace(self.setup, **changes))  # type: ignore[arg-type]

    async def stats(self) -> dict[str, int]:
        """What the server has counted."""
        address = self.base_url.removesuffix("/v1") + "/stats"
        async with ClientSession() as session, session.get(address) as response:
            counts: dict[str, int] = await response.json()
            return counts


@asynccontextmanager
async def listening(settings: ServerSettings) -> AsyncIterator[str]:
    """The address of a scripted server in this process."""
    runner = web.AppRunner(ScriptedApp(settings, ShortAnswers()).application(), shutdown_timeout=0.01)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}/v1"
    finally:
        await runner.cleanup()


def talk(
    folder: Path,
    talking: Callable[[Served], Awaitable[T]],
    settings: ServerSettings | None = None,
    *,
    budget: Budget | None = None,
    retries: int = 3,
    timeout_seconds: float = 10.0,
    max_in_flight: int = 64,
    traits: ServerTraits | None = None,
) -> T:
    """What comes of talking to a scripted server."""

    async def run() -> T:
        async with listening(settings or ServerSettings()) as base_url:
            server = Server(base_url=base_url, timeout_seconds=timeout_seconds, max_in_flight=max_in_flight)
            endpoint = Endpoint(
                servers={"default": server}, budget=budget or Budget(), retries=retries, retry_seconds=0.01
            )
            model = RoleModel(model="scripted")
            where = Location.parse(str(folder))
            setup = AskingSetup(
                endpoint=endpoint,
                roles=Roles().named(dict.fromkeys(ModelRole, "scripted")),
                traits={JUDGE: traits or ServerTraits(json_schema=True, log_probs=True)},
                addresses={model.server: base_url},
                replies=where / "replies",
                usage=where / "usage.json",
            )
            served = Served(base_url, folder, setup, Gate(endpoint, setup.usage))
            try:
                return await talking(served)
            finally:
                for opened in served.opened:
                    await opened.aclose()

    return asyncio.run(run())


def question(number: int = 0, **changes: object) -> ChatRequest:
    """A question of the judge's; another number is another question."""
    asked = ChatRequest(JUDGE, f"Question {number}: does it hold, by the frames that you see?", "h" * 16, reply=HOLDS)
    return replace(asked, **changes)  # type: ignore[arg-type]
