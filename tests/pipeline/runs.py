"""Builds with fake stages, for the tests of the engine."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import Field, SkipValidation

from pipeline.build.build import BuildRequest, Runner, build
from pipeline.build.recipe import Recipe
from pipeline.engine.local_run import run_locally
from pipeline.engine.progress import LineProgress
from pipeline.engine.settings import Engine
from pipeline.engine.step_setup import StepSetup
from pipeline.recipes.identity import Identity
from schemas.dataset import DatasetManifest
from tests.pipeline.fakes import fake_steps

IDENTITY = Identity(recipe_name="fake", recipe={"decode": {"frames": 4}}, seed=7)


class FakeRecipe(Recipe):
    """A recipe whose steps are the fakes, or others."""

    seed: int = 7
    stages: SkipValidation[Any] = Field(default=None, exclude=True)

    def steps(self) -> tuple[StepSetup, ...]:
        """The steps that were given."""
        stages: tuple[StepSetup, ...] = self.stages or fake_steps()
        return stages


def make_videos(folder: Path, count: int = 12) -> Path:
    """A folder of `count` files with different bytes that the fakes take for videos."""
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"{number:03d}.mp4").write_bytes(f"video {number}".encode())
    return folder


def request_for(
    videos: Path | str, out: Path | str, *, engine: Engine | None = None, steps: Sequence[StepSetup] | None = None
) -> BuildRequest:
    """A build by the fakes, or by other steps."""
    recipe = FakeRecipe(engine=engine or Engine(), stages=tuple(steps or fake_steps()))
    return BuildRequest(str(videos), str(out), recipe, IDENTITY)


def run_fakes(
    videos: Path | str,
    out: Path | str,
    *,
    run: Runner = run_locally,
    engine: Engine | None = None,
    steps: Sequence[StepSetup] | None = None,
    **options: object,
) -> DatasetManifest:
    """Build by the fakes, by default locally."""
    request = replace(request_for(videos, out, engine=engine, steps=steps), **options)  # type: ignore[arg-type]
    return build(request, run, LineProgress(lambda _: None))


def shard_hashes(manifest: DatasetManifest) -> dict[str, str]:
    """SHA-256 of every shard by path."""
    return {shard.path: shard.sha256 for shard in manifest.shards}


def unit_states(out: Path) -> dict[str, tuple[int, str]]:
    """Time of change and content of every committed unit by name."""
    files = (out / ".work" / "units").rglob("[!.]*.parquet")
    return {f.name: (f.stat().st_mtime_ns, hashlib.sha256(f.read_bytes()).hexdigest()) for f in files}
