"""Starts the scripted server in a process of its own, and stops it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.scripted.settings import ServerSettings


@contextmanager
def scripted_server(settings: ServerSettings) -> Iterator[str]:
    """The address of a server with these settings, such as http://127.0.0.1:8000/v1; it is stopped at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline.scripted", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the pipes of a process are missing")
        process.stdin.write(settings.model_dump_json() + "\n")
        process.stdin.flush()  # the pipe stays open: the server ends when it closes, however this process ends
        address = process.stdout.readline().strip()
        if not address:
            raise RuntimeError(f"the scripted server ended with exit code {process.wait()}")
        yield address
    finally:
        process.terminate()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
