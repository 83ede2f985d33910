"""Fakes that note where they run, end their process or cannot open; each of their workers on Ray imports this file."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from numpy.random import Generator

from schemas.drop import Drop
from schemas.errors import ModelError
from stages.payloads import DecodedVideo, GroundedVideo, VideoFile, WrittenVideo
from stages.stage import PixelReader
from tests.pipeline.fakes import FakeDecode, FakeGenerate, FakeGround, FakeVerify


def _tell(folder: str, name: str) -> None:
    (Path(folder) / name).write_text(os.environ.get("CUDA_VISIBLE_DEVICES", ""))


class SeenDecode(FakeDecode):
    """Tells which GPUs it sees."""

    seen: str

    def process(self, item: VideoFile, tools: None, rng: Generator, /) -> Iterator[DecodedVideo | Drop]:
        """Tell, then decode."""
        _tell(self.seen, "decode")
        yield from super().process(item, tools, rng)


class SeenGround(FakeGround):
    """Tells which GPUs it sees."""

    seen: str

    def process(self, item: DecodedVideo, tools: None, rng: Generator, /) -> Iterator[GroundedVideo | Drop]:
        """Tell, then ground."""
        _tell(self.seen, "ground")
        yield from super().process(item, tools, rng)


class SeenGenerate(FakeGenerate):
    """Tells which GPUs it sees."""

    seen: str

    def process(self, item: GroundedVideo, tools: None, rng: Generator, /) -> Iterator[WrittenVideo | Drop]:
        """Tell, then generate."""
        _tell(self.seen, "generate")
        yield from super().process(item, tools, rng)


class SeenVerify(FakeVerify):
    """Tells which GPUs it sees."""

    seen: str

    def process(self, item: WrittenVideo, tools: None, rng: Generator, /) -> Iterator[WrittenVideo | Drop]:
        """Tell, then verify."""
        _tell(self.seen, "verify")
        yield from super().process(item, tools, rng)


class DeadlyGround(FakeGround):
    """Ends the process that it runs in, as a broken native library would."""

    def process(self, item: DecodedVideo, tools: None, rng: Generator, /) -> Iterator[GroundedVideo | Drop]:
        """End the process."""
        yield from super().process(item, tools, rng)
        os._exit(1)


class MissingGround(FakeGround):
    """Needs a model that is not there: `check` says so, or only `open` does."""

    checked: bool = True

    def check(self) -> None:
        """Refuse, if it checks."""
        if self.checked:
            raise ModelError("no model at /nowhere")

    def open(self, _read: PixelReader, /) -> None:
        """Refuse."""
        raise ModelError("no model at /nowhere")


class NotedGround(FakeGround):
    """Notes which Python its worker runs in."""

    note: str

    def process(self, item: DecodedVideo, tools: None, rng: Generator, /) -> Iterator[GroundedVideo | Drop]:
        """Note it, then ground."""
        Path(self.note).write_text(sys.executable)
        yield from super().process(item, tools, rng)
