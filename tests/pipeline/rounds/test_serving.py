"""The adapter of a round is given to a server by vLLM's call, with a server that answers as vLLM does."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from pipeline.endpoint.settings import Endpoint, RoleModel
from pipeline.rounds.serving import PolicyServer
from schemas.errors import EndpointError, RecipeError
from trainer.policy.saved_adapter import SavedAdapter


@contextmanager
def serving(status: int, answer: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A server that gives one answer to all calls: its address, and the calls."""
    calls: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            calls.append({"path": self.path, "key": self.headers["Authorization"], **json.loads(body)})
            self.send_response(status)
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1", calls
        server.shutdown()
        thread.join()


@pytest.fixture
def adapter(tmp_path: Path) -> SavedAdapter:
    (tmp_path / "adapter_model.safetensors").write_bytes(b"weights")
    return SavedAdapter(tmp_path, "--model x")


def test_the_adapter_is_loaded_under_a_name_of_its_own(adapter: SavedAdapter) -> None:
    """The name is made of its hash, the path is absolute, the key is sent."""
    with serving(200, "Success: LoRA adapter 'x' added successfully.") as (address, calls):
        name = PolicyServer(address, 5.0, "secret").load(adapter)
    assert name == f"vidpref-{adapter.sha256[:16]}"
    assert calls == [
        {
            "path": "/v1/load_lora_adapter",
            "key": "Bearer secret",
            "lora_name": name,
            "lora_path": str(adapter.folder.absolute()),
        }
    ]


def test_an_adapter_that_is_loaded_already_is_taken(adapter: SavedAdapter) -> None:
    """After a resume: vLLM answers 400."""
    told = json.dumps({"message": "The lora adapter 'x' has already been loaded.", "code": 400})
    with serving(400, told) as (address, _):
        assert PolicyServer(address, 5.0).load(adapter).startswith("vidpref-")


@pytest.mark.parametrize(("status", "answer"), [(404, "Not Found"), (400, '{"message": "rank 64 is above 16"}')])
def test_a_server_that_loads_none_is_one_line(adapter: SavedAdapter, status: int, answer: str) -> None:
    """With what it says and what to try."""
    said = "Not Found" if status == 404 else "rank 64 is above 16"
    with serving(status, answer) as (address, _), pytest.raises(EndpointError, match=rf"{status}: {said}\); start it"):
        PolicyServer(address, 5.0).load(adapter)


def test_a_role_of_an_unknown_server_is_one_line() -> None:
    """With those that there are."""
    with pytest.raises(RecipeError, match=r"roles\.target\.server = gpu2: endpoint\.servers has default"):
        PolicyServer.of(RoleModel(server="gpu2"), Endpoint(), "")
