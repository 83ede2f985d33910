"""The scripted server in its own process, as pipeline.scripted.serve runs it."""

import asyncio
import subprocess
import sys

import pytest
from aiohttp import ClientConnectionError, ClientSession

from pipeline.scripted.process import scripted_server
from pipeline.scripted.settings import ServerSettings
from tests.pipeline.scripted.requests import body

pytestmark = pytest.mark.process


async def _model_at(address: str) -> str:
    async with (
        ClientSession() as session,
        session.post(f"{address}/chat/completions", json=body("why?", model="one")) as response,
    ):
        return str((await response.json())["model"])


def test_it_answers_until_it_is_stopped() -> None:
    """It says where it listens, answers there, and is gone afterwards."""
    with scripted_server(ServerSettings(models=("one",))) as address:
        assert asyncio.run(_model_at(address)) == "one"
    with pytest.raises(ClientConnectionError):
        asyncio.run(_model_at(address))


def test_wrong_settings_are_one_line_and_exit_code_2() -> None:
    """The line names the key and what is allowed."""
    for given, says in (("faults.rate=1", "unknown key faults.rate"), ("sees", "must be of the form key=value")):
        command = [sys.executable, "-m", "pipeline.scripted", given]
        run = subprocess.run(command, check=False, capture_output=True, text=True)
        assert run.returncode == 2
        assert says in run.stderr.splitlines()[-1]
