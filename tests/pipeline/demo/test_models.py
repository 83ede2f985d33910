"""The demo's build with language models: a scripted server knows the clips that are built from, and no others."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.build.run import BuildOptions
from pipeline.demo import models
from pipeline.demo.render import render_set
from pipeline.demo.scenarios.sets import demo_worlds
from pipeline.inputs.manifest import read_manifest
from pipeline.storage.location import Location
from tests.pipeline.asking_steps import server_stats

pytestmark = pytest.mark.process


def test_a_scripted_server_stands_in_for_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said plainly; the build gets the server's address, and the clips, first by name, that the server knows."""
    worlds = [world.model_copy(update={"duration_seconds": 1.0}) for world in demo_worlds(1, 3)]
    render_set(worlds, tmp_path, processes=1)
    monkeypatch.setattr(models, "CLIPS", 2)
    seen: list[BuildOptions] = []

    def build(_console: Console, options: BuildOptions) -> None:
        [address] = [value.partition("=")[2] for value in options.overrides]
        assert server_stats(address)["most_in_flight"] == 0
        seen.append(options)

    monkeypatch.setattr(models, "run_build", build)
    said = StringIO()
    models.rehearse_models(
        Console(file=said, width=200), manifest=tmp_path / "m.jsonl", worlds=worlds, folder=tmp_path, dataset="ds"
    )
    assert "No language model takes part" in said.getvalue()
    [options] = seen
    assert (options.recipe, options.limit, options.out) == ("videopasta", 2, "ds")
    known = [ref.uri for ref, _ in read_manifest(Location.parse(str(tmp_path / "known.jsonl")))]
    assert known == sorted(f"videos/{world.name}.mp4" for world in worlds)[:2]
