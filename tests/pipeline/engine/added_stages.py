"""A stage that holds a model and one that waits, as others may add them; their workers on Ray import this file."""

import asyncio
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from numpy.random import Generator

from schemas.drop import Drop, DropReason, ItemType
from stages.payloads import GroundedVideo
from stages.stage import AsyncStage, PixelReader, Stage


@dataclass
class Model:
    """What a stage holds while its worker lives: here a name, and the sizes of the batches that it has seen."""

    name: str
    batches: list[int] = field(default_factory=list)


class Label(Stage[GroundedVideo, Model, GroundedVideo]):
    """Holds a model; drops one visual negative of each video, and notes what it was given and which GPU it sees."""

    notes: str
    """A folder; every worker that opens the stage leaves a file there."""

    def open(self, _read: PixelReader, /) -> Model:
        """The model, and a file that names the worker's GPU."""
        (Path(self.notes) / f"opened-{os.getpid()}").write_text(os.environ.get("CUDA_VISIBLE_DEVICES", ""))
        return Model("labels")

    def process(self, item: GroundedVideo, tools: Model, rng: Generator, /) -> Iterator[GroundedVideo | Drop]:
        """One video, with a drop that depends on the video's randomness alone."""
        yield item
        yield _drop(item, f"{tools.name} {rng.integers(1000)}")

    def process_batch(
        self, items: Sequence[GroundedVideo], tools: Model, rngs: Sequence[Generator], /
    ) -> Sequence[Sequence[GroundedVideo | Drop]]:
        """As one by one; notes how many came at once."""
        tools.batches.append(len(items))
        (Path(self.notes) / f"batch-{os.getpid()}").write_text(str(max(tools.batches)))
        return super().process_batch(items, tools, rngs)


class Gate:
    """Counts the videos that are in a waiting stage at the same time."""

    def __init__(self) -> None:
        self.inside = self.most = 0


class Ask(AsyncStage[GroundedVideo, Gate, GroundedVideo]):
    """Waits, as for an endpoint, until `together` videos have been in it at the same time."""

    notes: str
    """A folder."""
    together: int = 1
    """Videos to wait for."""

    def open(self, _read: PixelReader, /) -> Gate:
        """A gate for all videos of the worker."""
        return Gate()

    async def process(self, item: GroundedVideo, tools: Gate, rng: Generator, /) -> list[GroundedVideo | Drop]:
        """The video, once enough others have come; after 120 s it is lost."""
        tools.inside += 1
        tools.most = max(tools.most, tools.inside)
        try:
            async with asyncio.timeout(120):
                while tools.most < self.together:
                    await asyncio.sleep(0.01)
        finally:
            tools.inside -= 1
        (Path(self.notes) / "together").write_text(str(tools.most))
        return [item, _drop(item, f"asked {rng.integers(1000)}")]


def _drop(item: GroundedVideo, detail: str) -> Drop:
    return Drop(
        item_id=f"{item.content_sha256[:16]}-{detail.split(maxsplit=1)[0]}",
        item_type=ItemType.VISUAL_NEGATIVE,
        video_id=item.content_sha256[:16],
        uri=None,
        stage=detail.split(maxsplit=1)[0],
        reason=DropReason.MARGIN_TOO_SMALL,
        detail=detail,
    )
