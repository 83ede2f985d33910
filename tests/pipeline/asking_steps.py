"""The fakes with a step that asks a language model about every clip, and builds of them."""

import json
from dataclasses import replace
from pathlib import Path
from urllib.request import urlopen

from pipeline.build.build import BuildRequest, Runner, build
from pipeline.endpoint.settings import Budget, Endpoint, Server
from pipeline.engine.local_run import run_locally
from pipeline.engine.progress import LineProgress
from pipeline.engine.settings import Engine, StepResources
from pipeline.engine.step_setup import StepSetup
from schemas.dataset import DatasetManifest
from tests.pipeline.asking_stage import AskAboutClips
from tests.pipeline.fakes import fake_steps
from tests.pipeline.runs import FakeRecipe


def asking_steps() -> tuple[StepSetup, ...]:
    """The fakes, and a step that asks."""
    setup = StepSetup("ask", AskAboutClips(), 0.05, reads="groups", writes="answers")
    return (*fake_steps(), setup)


def build_asking(
    videos: Path,
    out: Path | str,
    base_url: str,
    *,
    run: Runner = run_locally,
    budget: Budget | None = None,
    replies: str | None = None,
    retry_seconds: float = 0.01,
    said: list[str] | None = None,
    **options: bool,
) -> DatasetManifest:
    """Build with a server at that address."""
    server = Server(base_url=base_url, timeout_seconds=20, max_in_flight=8)
    endpoint = Endpoint(
        servers={"default": server}, budget=budget or Budget(), replies=replies, retry_seconds=retry_seconds
    )
    engine = Engine(workers=1, steps={"ask": StepResources(in_flight=4)})
    recipe = FakeRecipe(engine=engine, endpoint=endpoint, stages=asking_steps())
    request = BuildRequest(str(videos), str(out), recipe, recipe.identity("fake"))
    lines = [] if said is None else said
    return build(replace(request, **options), run, LineProgress(lines.append))


def server_stats(base_url: str) -> dict[str, int]:
    """What a scripted server has counted."""
    with urlopen(base_url.removesuffix("/v1") + "/stats") as response:  # noqa: S310 it is this machine
        counts: dict[str, int] = json.load(response)
        return counts
