"""A hub on this machine: as much of its API as an upload uses, and what it was told."""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class Hub:
    """The repositories of a hub, with the content of their files."""

    address: str = ""
    refuses: int | None = None
    """The status of every answer, if it refuses everything."""
    repos: dict[str, dict[str, bytes]] = field(default_factory=dict)
    private: dict[str, bool] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    stored: dict[str, bytes] = field(default_factory=dict)
    """Large files by SHA-256, as they were uploaded."""


@contextmanager
def local_hub() -> Iterator[Hub]:
    """A hub at a free port."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

        def do_GET(self) -> None:
            self.answer(None if hub.refuses else _get(hub, self.path))

        def do_POST(self) -> None:
            body = self.body()
            self.answer(None if hub.refuses else _post(hub, self.path, body))

        def do_PUT(self) -> None:
            content = self.body()
            hub.stored[hashlib.sha256(content).hexdigest()] = content
            self.answer({})

        def body(self) -> bytes:
            if self.headers.get("Transfer-Encoding") != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = []
            while size := int(self.rfile.readline(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        def answer(self, content: Any) -> None:
            text = json.dumps(content if hub.refuses is None else {"error": "Invalid credentials"}).encode()
            self.send_response(hub.refuses or (404 if content is None else 200))
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield hub
    server.shutdown()
    thread.join()
    server.server_close()


def _get(hub: Hub, path: str) -> Any:
    for name, files in hub.repos.items():
        if f"/api/datasets/{name}/tree/main" in path:
            return [{"type": "file", "path": file, "size": len(c), "oid": "0" * 40} for file, c in files.items()]
        if f"/api/datasets/{name}" in path:
            return {"id": name, "sha": "0" * 40, "siblings": [{"rfilename": file} for file in files]}
    return None


def _post(hub: Hub, path: str, body: bytes) -> Any:
    if path == "/api/repos/create":
        asked = json.loads(body)
        name = f"{asked.get('organization') or 'somebody'}/{asked['name']}"
        hub.repos.setdefault(name, {})
        hub.private.setdefault(name, bool(asked.get("private")) or asked.get("visibility") == "private")
        return {"url": f"{hub.address}/datasets/{name}"}
    if path.endswith("/info/lfs/objects/batch"):
        return _batch(hub, json.loads(body))
    if "/preupload/" in path:
        modes = [
            {"path": file["path"], "uploadMode": _mode(file["path"]), "shouldIgnore": False}
            for file in json.loads(body)["files"]
        ]
        return {"files": modes}
    if "/commit/" in path:
        return _commit(hub, path.split("/api/datasets/")[1].rpartition("/commit/")[0], body)
    return {}


def _mode(path: str) -> str:
    return "lfs" if path.endswith(".parquet") else "regular"


def _batch(hub: Hub, asked: Any) -> Any:
    """Where to put the large files that the hub has not."""
    objects = [
        {"oid": one["oid"], "size": one["size"], "actions": {"upload": {"href": f"{hub.address}/put/{one['oid']}"}}}
        for one in asked["objects"]
    ]
    return {"transfer": "basic", "objects": objects}


def _commit(hub: Hub, name: str, body: bytes) -> Any:
    files = hub.repos[name]
    for line in map(json.loads, body.splitlines()):
        value = line["value"]
        if line["key"] == "header":
            hub.messages.append(value["summary"])
        elif line["key"] == "file":
            files[value["path"]] = base64.b64decode(value["content"])
        elif line["key"] == "lfsFile":
            files[value["path"]] = hub.stored[value["oid"]]
        elif line["key"] == "deletedFile":
            del files[value["path"]]
    url = f"{hub.address}/datasets/{name}/commit/{'0' * 40}"
    return {"success": True, "commitOid": "0" * 40, "commitUrl": url, "pullRequestUrl": None}
