"""How much of a server's capacity the endpoint gate uses, beside `ray.data.llm`'s HTTP processor.

The scripted server, in a process of its own, has 64 slots and fixed latencies; one more call at a time gets status 429.
Its capacity is 64 over the mean latency. Steady state is what lies between a tenth and nine tenths of the calls. Images
are bytes that nobody can compress, eight questions about each clip of 32.
"""

import argparse
import asyncio
import base64
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import urlopen

import numpy as np
import ray

from pipeline.endpoint.asking import ChatOpener
from pipeline.endpoint.checkpoints import Checkpoints
from pipeline.endpoint.gate import Gate
from pipeline.endpoint.sending import AskingSetup
from pipeline.endpoint.settings import Endpoint, Roles, Server
from pipeline.engine.ray_gate import RayGate
from pipeline.scripted.process import scripted_server
from pipeline.scripted.settings import ServerSettings
from pipeline.storage.location import Location
from schemas.clip import Frame
from stages.models.chat import NO_FRAMES, ChatFrames, ChatRequest, ModelRole

_SLOTS = 64
_FRAMES = 32
_FRAME_BYTES = 30_000
_QUESTIONS = 8
_WAITING = 4
"""Requests for each slot, under way or waiting: a clip makes room for the next one when its last reply is there."""


@dataclass(frozen=True)
class Load:
    """What is asked, and how fast the server is."""

    name: str
    frames: int
    latency_seconds: float
    slow_seconds: float
    slow_every: int = 16

    @property
    def capacity(self) -> float:
        """Calls a second of the whole server."""
        mean = (self.latency_seconds * (self.slow_every - 1) + self.slow_seconds) / self.slow_every
        return _SLOTS / mean

    def settings(self) -> ServerSettings:
        """The server."""
        return ServerSettings(
            slots=_SLOTS,
            latency_seconds=self.latency_seconds,
            slow_every=self.slow_every,
            slow_seconds=self.slow_seconds,
        )


LOADS = (Load("text alone", 0, 0.5, 2.0), Load("32 images", _FRAMES, 2.0, 4.0))
Ask = Callable[[str, Load, int, Path], list[float]]
"""Asks that many questions of the server at an address; when each was answered, in seconds of the day."""


def run(options: argparse.Namespace) -> None:
    """Measure all ways with both loads, and print a table."""
    # more than there are: all that is measured waits, and the peer reserves one for each of its actors
    ray.init(num_cpus=8, include_dashboard=False, log_to_driver=False)
    rows = []
    for load in LOADS:
        for name, ask, calls in (
            ("the gate, in one process", _in_process, options.calls),
            ("the gate as an actor, two workers", _on_ray, options.calls),
            ("ray.data.llm, HTTP processor", _peer, options.peer_calls),
        ):
            rows.append(_measured(load, name, ask, calls))
            print(_line(rows[-1]))  # noqa: T201 a benchmark prints
    options.out.write_text(json.dumps(rows, indent=1))


def _measured(load: Load, name: str, ask: Ask, calls: int) -> dict[str, Any]:
    with scripted_server(load.settings()) as address, TemporaryDirectory() as folder:
        before = time.process_time()
        answered = sorted(ask(address, load, calls, Path(folder)))
        used = time.process_time() - before
        with urlopen(address.removesuffix("/v1") + "/stats") as response:  # noqa: S310 it is this machine
            stats = json.load(response)
    first, last = answered[len(answered) // 10], answered[9 * len(answered) // 10]
    rate = sum(first < at <= last for at in answered) / (last - first)  # the peer's come in batches
    return {
        "load": load.name,
        "way": name,
        "calls": calls,
        "answered": len(answered),
        "calls a second": round(rate, 1),
        "share of the capacity": round(rate / load.capacity, 3),
        "most in flight": stats["most_in_flight"],
        "refused": stats.get("status 429", 0),
        "CPU ms a call, this process": round(1000 * used / calls, 2),
    }


def _line(row: dict[str, Any]) -> str:
    return " | ".join(str(value) for value in row.values())


def _shown(clip: int) -> ChatFrames:
    rng = np.random.default_rng(clip)
    return ChatFrames(tuple(Frame(pts_seconds=float(n), jpeg=rng.bytes(_FRAME_BYTES)) for n in range(_FRAMES)))


def _requests(load: Load, numbers: Sequence[int]) -> list[ChatRequest]:
    shown = {n // _QUESTIONS: NO_FRAMES for n in numbers}
    if load.frames:
        shown = {clip: _shown(clip) for clip in shown}
    return [ChatRequest(ModelRole.JUDGE, f"Question {n}?", "h", shown=shown[n // _QUESTIONS]) for n in numbers]


async def _asked(opener: ChatOpener, load: Load, numbers: Sequence[int], window: int) -> list[float]:
    """Ask all of them, `window` at a time and each clip's together."""
    chat, answered = opener.open(), []
    waiting = asyncio.Semaphore(window)

    async def clip(part: Sequence[int]) -> None:
        async with waiting:
            requests = _requests(load, part)
            for done in asyncio.as_completed([chat.ask(request) for request in requests]):
                await done
                answered.append(time.time())

    await asyncio.gather(*(clip(numbers[i : i + _QUESTIONS]) for i in range(0, len(numbers), _QUESTIONS)))
    await chat.aclose()
    return answered


def _setup(address: str, folder: Path) -> AskingSetup:
    where = Location.parse(str(folder))
    return AskingSetup(
        endpoint=Endpoint(servers={"default": Server(max_in_flight=_SLOTS)}),
        roles=Roles().named({ModelRole.JUDGE: "scripted"}),
        traits={},
        addresses={"default": address},
        replies=where / "replies",
        usage=where / "usage.json",
    )


def _in_process(address: str, load: Load, calls: int, folder: Path) -> list[float]:
    async def asking() -> list[float]:
        setup = _setup(address, folder)
        opener = ChatOpener(setup, Gate(setup.endpoint, setup.usage), Checkpoints())
        return await _asked(opener, load, range(calls), _WAITING * _SLOTS // _QUESTIONS)

    return asyncio.run(asking())


def _on_ray(address: str, load: Load, calls: int, folder: Path) -> list[float]:
    setup = _setup(address, folder)
    gate = RayGate(setup.endpoint, setup.usage)
    opener = ChatOpener(setup, gate, Checkpoints())
    worker: Any = ray.remote(num_cpus=0)(_Worker)  # Any: Ray makes its methods as it runs
    window = _WAITING * _SLOTS // _QUESTIONS // 2
    halves = (range(calls // 2), range(calls // 2, calls))
    asked = [worker.remote().ask.remote(opener, load, half, window) for half in halves]
    answered = [one for half in ray.get(asked) for one in half]
    gate.close()
    return answered


class _Worker:
    async def ask(self, opener: ChatOpener, load: Load, numbers: Sequence[int], window: int) -> list[float]:
        return await _asked(opener, load, numbers, window)


def _peer(address: str, load: Load, calls: int, _folder: Path) -> list[float]:
    """Two actors with batches of 32, which it sends one by one per actor's event loop."""
    from ray.data.llm import HttpRequestProcessorConfig, build_processor

    config = HttpRequestProcessorConfig(
        url=f"{address}/chat/completions", headers={"Content-Type": "application/json"}, concurrency=2, batch_size=32
    )
    processor = build_processor(
        config,
        preprocess=lambda row: {"payload": _payload(load, int(row["id"]))},
        postprocess=lambda row: {"at": time.time() if "choices" in row["http_response"] else 0.0},
    )
    rows = processor(ray.data.range(calls)).take_all()
    return [row["at"] for row in rows if row["at"]]  # it passes on bodies of errors as if they were answers


def _payload(load: Load, number: int) -> dict[str, Any]:
    frames = _shown(number // _QUESTIONS).frames if load.frames else ()
    # every part has every key: in Arrow's tables, which rows pass through, missing ones become null
    parts: list[dict[str, Any]] = [{"type": "image_url", "text": "", "image_url": {"url": _url(f)}} for f in frames]
    content = [*parts, {"type": "text", "text": f"Question {number}?", "image_url": None}]
    return {"model": "scripted", "messages": [{"role": "user", "content": content}], "max_tokens": 512}


def _url(frame: Frame) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(frame.jpeg).decode()
