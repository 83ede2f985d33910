"""Takes a video through the steps of a round, without an engine."""

import asyncio

from numpy.random import default_rng

from schemas.drop import Drop
from stages.compare import CompareSamples
from stages.look_back import LookBack
from stages.models.chat import ChatModel
from stages.payloads import RoundVideo, WrittenVideo
from stages.retrospection.settings import Retrospect
from stages.sample import SampleAnswers
from stages.stage import read_here


def went_through(
    item: RoundVideo, chat: ChatModel, retrospect: Retrospect | None = None
) -> tuple[WrittenVideo, list[Drop]]:
    """What `sample`, `context` and `judge` make of a video, and all that they drop."""
    settings = retrospect or Retrospect()
    drops: list[Drop] = []
    for stage in (
        SampleAnswers(retrospect=settings),
        LookBack(retrospect=settings),
        CompareSamples(retrospect=settings),
    ):
        made = asyncio.run(stage.process(item, stage.open_asking(read_here, chat), default_rng(0)))  # type: ignore[arg-type]
        drops += [one for one in made if isinstance(one, Drop)]
        [item] = [one for one in made if not isinstance(one, Drop)]  # type: ignore[misc]
    assert isinstance(item, WrittenVideo)
    return item, drops
