"""When the client of servers is imported."""

import subprocess
import sys

import pytest

from pipeline.endpoint.connecting import connect
from stages.models.chat_server import ServerAddress
from stages.models.openai_chat import OpenAIChat


def test_an_address_becomes_a_client() -> None:
    """Nothing is sent by opening it."""
    assert isinstance(connect(ServerAddress("http://127.0.0.1:9/v1", 1.0)), OpenAIChat)


@pytest.mark.process
def test_a_worker_that_asks_nothing_does_not_import_the_client() -> None:
    """Neither the engine nor a build of `facts` needs it: it takes 0.4 s and 40 MB of every worker."""
    check = "import sys, pipeline.build.run, pipeline.engine.worker; sys.exit('openai' in sys.modules)"
    subprocess.run([sys.executable, "-c", check], check=True)
