"""Listens, and serves until it is told to stop."""

import asyncio
import signal
import sys

from aiohttp import web

from pipeline.scripted.app import Answerer, ScriptedApp
from pipeline.scripted.settings import ServerSettings


async def serve(settings: ServerSettings, answerer: Answerer, *, until_stdin_closes: bool) -> None:
    """Print the address in one line, then serve until SIGTERM, SIGINT or, if asked for, the end of stdin."""
    runner = web.AppRunner(ScriptedApp(settings, answerer).application(), handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, settings.host, settings.port, shutdown_timeout=0.1)
    await site.start()
    sys.stdout.write(f"http://{settings.host}:{runner.addresses[0][1]}/v1\n")
    sys.stdout.flush()
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    if until_stdin_closes:
        loop.add_reader(sys.stdin, lambda: None if sys.stdin.readline() else stopped.set())
    await stopped.wait()
    await runner.cleanup()
