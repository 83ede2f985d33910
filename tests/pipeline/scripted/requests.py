"""Bodies of requests, and an app to send them to."""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiohttp.test_utils import TestClient, TestServer

from pipeline.scripted.app import Answerer, ScriptedApp, ShortAnswers
from pipeline.scripted.settings import ServerSettings

SCHEMA = {
    "type": "object",
    "properties": {"holds": {"type": "string", "enum": ["yes", "no"]}, "sure": {"type": "integer"}},
    "required": ["holds", "sure"],
    "additionalProperties": False,
}
"""Its shortest reply is {"holds": "yes", "sure": 1}."""
Client = TestClient[Any, Any]


def body(text: str, frames: Sequence[bytes] = (), *, name: str | None = "check", **given: object) -> dict[str, Any]:
    """A request in the form in which OpenAI's clients send it."""
    pictures = [{"type": "image_url", "image_url": {"url": data_url(frame)}} for frame in frames]
    asked: dict[str, Any] = {
        "model": "scripted",
        "messages": [{"role": "user", "content": [*pictures, {"type": "text", "text": text}]}],
    }
    if name is not None:
        asked["response_format"] = {"type": "json_schema", "json_schema": {"name": name, "schema": SCHEMA}}
    return {**asked, **given}


def data_url(frame: bytes) -> str:
    """A picture as it is sent."""
    return f"data:image/jpeg;base64,{base64.b64encode(frame).decode()}"


def talk(
    settings: ServerSettings, talking: Callable[[Client], Awaitable[None]], answerer: Answerer | None = None
) -> None:
    """Run a server in this process while `talking` talks to it."""

    async def run() -> None:
        app = ScriptedApp(settings, answerer or ShortAnswers()).application()
        async with TestClient(TestServer(app)) as client:
            await talking(client)

    asyncio.run(run())


async def post(client: Client, asked: dict[str, Any], **headers: str) -> tuple[int, Any]:
    """Status and body of an answer."""
    async with client.post("/v1/chat/completions", data=json.dumps(asked), headers=headers) as response:
        text = await response.text()
        return response.status, json.loads(text) if response.content_type == "application/json" else text


async def said(client: Client, asked: dict[str, Any]) -> str:
    """The text of the first choice."""
    status, answer = await post(client, asked)
    assert status == 200, answer
    return str(answer["choices"][0]["message"]["content"])
