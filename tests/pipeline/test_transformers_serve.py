"""A real server, `transformers serve`, with a tiny random model: what it says means nothing, and becomes drops."""

import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from pipeline.dataset.finished_set import FinishedSet
from pipeline.verification.run import failures
from schemas.drop import DropReason, ItemType
from stages.models.chat import ModelRole
from tests.pipeline.written_clips import written_clips
from trainer.policy.tiny_model import TinyShape, write_tiny

pytestmark = [pytest.mark.process, pytest.mark.slow(40)]
_SEES_IMAGES = "{% if part['type'] == 'image' %}<|vision_start|><|image_pad|><|vision_end|>{% elif"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random Qwen2.5-VL that takes images: frames are sent as such."""
    folder = tmp_path_factory.mktemp("tiny") / "model"
    write_tiny(folder, ["The ball is red."], TinyShape(frame_tokens=16))
    template = folder / "chat_template.jinja"
    template.write_text(template.read_text().replace("{% if part['type'] ==", f"{_SEES_IMAGES} part['type'] ==", 1))
    return folder


@pytest.fixture(scope="module")
def server(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address, once it is up."""
    home = tmp_path_factory.mktemp("home")
    (home / "hub").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "transformers.cli.transformers", "serve", str(model)]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"],
        env={**os.environ, "HF_HOME": str(home), "HF_HUB_OFFLINE": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait()


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 300
    while process.poll() is None:
        try:
            urlopen(address, timeout=5).close()  # noqa: S310 it is this machine
        except (URLError, TimeoutError):
            assert time.monotonic() < end
            time.sleep(0.5)
        else:
            return
    raise AssertionError(f"transformers serve ended with {process.returncode}")


def test_gibberish_becomes_counted_drops(model: Path, server: str, tmp_path: Path) -> None:
    """Every reply is cut off, or is no JSON after a repair turn: each question is a drop that says so, the video has no
    pairs, the account adds up, and the build ends well.
    """
    named = tuple(f"roles.{role.value}.model={model}" for role in ModelRole)
    clips = written_clips(tmp_path / "clips", 1)
    manifest = clips.build("videopasta", tmp_path / "ds", server, "ask.max_tokens=32", *named)
    videos, questions = manifest.account.line(ItemType.VIDEO), manifest.account.line(ItemType.QUESTION)
    assert videos is not None
    assert questions is not None
    assert [(count.reason, count.count) for count in videos.dropped] == [(DropReason.NO_PAIRS, 1)]
    reasons = Counter({count.reason: count.count for count in questions.dropped})
    assert questions.kept == 0
    assert reasons.keys() <= {DropReason.REPLY_TRUNCATED, DropReason.REPLY_UNPARSABLE}
    assert reasons.total() == questions.produced == 4
    assert list(failures(FinishedSet.open(str(tmp_path / "ds")))) == []
