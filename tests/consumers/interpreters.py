"""The interpreter of each consumer, and printed commands that run there."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

_FOLDER = os.environ.get("VIDPREF_CONSUMERS")
NEEDS_CONSUMERS = pytest.mark.skipif(not _FOLDER, reason="VIDPREF_CONSUMERS names no folder: see make test-consumers")
"""Skips what needs the interpreter of another project."""
_HERE = Path(__file__).parent


def interpreter(consumer: str) -> Path:
    """The Python of a consumer: our own if it needs no other. FileNotFoundError if `make` did not make it."""
    if consumer == "trl":
        return Path(sys.executable)
    python = Path(_FOLDER or "", consumer, "bin", "python")
    if not python.exists():
        raise FileNotFoundError(f"VIDPREF_CONSUMERS has no {python}")
    return python


def answer(consumer: str, program: str, command: str, folder: Path, models: Mapping[str, Path]) -> Any:
    """Run a printed command in a shell, with `ask_CONSUMER.py` in the place of its program; what that writes.

    Args:
        consumer: whose interpreter runs it.
        program: the word of the command that starts the consumer.
        command: as `vidpref export` prints it.
        folder: an empty one; caches and all that the command writes go there.
        models: the folder of each kind of model.
    """
    bin_, caches, file = folder / "bin", folder / "caches", folder / "answer.json"
    bin_.mkdir()
    stand_in = bin_ / program
    stand_in.write_text(f'#!/bin/sh\nexec "{interpreter(consumer)}" "{_HERE / f"ask_{consumer}.py"}" "$@"\n')
    stand_in.chmod(0o755)
    told = {
        "PATH": f"{bin_}:{os.environ['PATH']}",
        "MODELS": json.dumps({kind: str(place) for kind, place in models.items()}),
        "ANSWER": str(file),
        **{cache: str(caches) for cache in ("HF_HOME", "MODELSCOPE_CACHE", "TORCH_HOME")},
        **dict.fromkeys(("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE"), "1"),
    }
    ended = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=os.environ | told, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, f"{command}\n{ended.stdout[-4000:]}\n{ended.stderr[-8000:]}"
    return json.loads(file.read_text())
