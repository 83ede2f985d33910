"""Fails a test that starts a process, writes a video or imports what its markers do not name."""

import platform
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from typing import Any

import av
import pytest
import scenedetect  # noqa: F401 it starts FFmpeg when it is imported: before anything is watched

from tests.needs import HEAVY

platform.processor()  # it starts a process, once: clients of HTTP servers ask for it
STARTS = {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.system"}
"""Python's audit events of a process that starts; `multiprocessing` raises none of them."""

_markers: Collection[str] | None = None
"""Those of the test that runs; null between tests."""


def install(*, refused_imports: bool) -> None:
    """Watch this process until it ends; `refused_imports` refuses to import torch and Ray at any time."""

    def seen(event: str, arguments: tuple[Any, ...]) -> None:
        if event in STARTS:
            _need("process", "starts a process")
        elif refused_imports and event == "import" and arguments[0].split(".")[0] in HEAVY:
            pytest.fail(f"the fast part of the suite imports {arguments[0]}")

    sys.addaudithook(seen)
    start, open_container = BaseProcess.start, av.open

    def watched_start(process: BaseProcess) -> None:
        _need("process", "starts a process")
        start(process)

    def watched_open(file: Any, mode: str | None = None, *arguments: Any, **options: Any) -> Any:
        if mode == "w":
            _need("video", "writes a video")
        return open_container(file, mode, *arguments, **options)

    BaseProcess.start = watched_start  # type: ignore[method-assign]
    av.open = watched_open


@contextmanager
def watching(markers: Collection[str]) -> Iterator[None]:
    """A test with these markers runs."""
    global _markers  # noqa: PLW0603 an audit hook cannot be given anything, nor be taken away
    before, _markers = _markers, markers
    try:
        yield
    finally:
        _markers = before


def _need(marker: str, what: str) -> None:
    """Fail where a test has neither this marker nor one of the libraries that start processes by themselves."""
    if _markers is not None and not {marker, "torch", "ray"} & set(_markers):
        pytest.fail(f"a test that {what} is marked with pytest.mark.{marker}", pytrace=True)
