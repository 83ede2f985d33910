"""A viewer that serves in a thread of this process, and a client that shows what is sent."""

import asyncio
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from typing import Any

from pipeline.viewer.access import AccessGuard
from pipeline.viewer.run import HOST, serving
from pipeline.viewer.session import ViewerSession


@dataclass(frozen=True)
class Reply:
    """What the server answered."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Served:
    """A running viewer."""

    port: int
    token: str
    cookie: str

    @property
    def address(self) -> str:
        """What `vidpref view` prints."""
        return f"http://{HOST}:{self.port}/?token={self.token}"

    def ask(self, path: str, method: str = "GET", content: object = None, **headers: str | None) -> Reply:
        """Send one request as a page of the viewer would; a header that is None is left out."""
        own: dict[str, str | None] = {"Host": f"{HOST}:{self.port}", "Cookie": self.cookie}
        if method != "GET":
            own |= {"Origin": f"http://{HOST}:{self.port}", "Content-Type": "application/json"}
        own |= {name.replace("_", "-"): value for name, value in headers.items()}
        return _asked(self.port, method, path, content, {n: v for n, v in own.items() if v is not None})


def _asked(port: int, method: str, path: str, content: object, headers: Mapping[str, str]) -> Reply:
    connection = HTTPConnection(HOST, port, timeout=60)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        body = b"" if content is None else json.dumps(content).encode()
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        response = connection.getresponse()
        return Reply(response.status, response.headers, response.read())
    finally:
        connection.close()


@contextmanager
def served(session: ViewerSession) -> Iterator[Served]:
    """Serve a session while the context lasts."""
    loop, guard = asyncio.new_event_loop(), AccessGuard("a-token")
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        runner, port = asyncio.run_coroutine_threadsafe(serving(session, guard, 0), loop).result(60)
        entered = _asked(port, "GET", "/?token=a-token", None, {"Host": f"{HOST}:{port}"})
        yield Served(port, "a-token", str(entered.headers["Set-Cookie"]).partition(";")[0])
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(60)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(60)
        loop.close()
