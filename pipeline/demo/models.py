"""Rehearses a build with language models: a scripted server stands in for them, and says what is true of the clips."""

import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from pipeline.build.run import BuildOptions, run_build
from pipeline.demo.truth.annotations import annotations_of
from pipeline.demo.truth.scene import read_truth
from pipeline.demo.world.world import World
from pipeline.scripted.process import scripted_server
from pipeline.scripted.settings import Errors, ServerSettings

CLIPS = 6
"""How many of the clips the set is built from: about half a minute on 2 cores."""
_ERRORS = Errors(writer=0.1, judge=0.05)


def rehearse_models(console: Console, *, manifest: Path, worlds: Sequence[World], folder: Path, dataset: str) -> None:
    """Build a small `videopasta` set of the manifest's first clips with a scripted server in place of models."""
    console.print(
        "No language model takes part: a scripted server answers from the truth of the rendered clips. "
        f"{_ERRORS.writer:.0%} of what it writes is wrong, and it misjudges {_ERRORS.judge:.0%}.",
        soft_wrap=True,
        highlight=False,
    )
    with scripted_server(ServerSettings(manifest=str(_known(worlds, folder)), errors=_ERRORS)) as address:
        server = f"endpoint.servers.default.base_url={address}"
        options = BuildOptions("videopasta", videos=str(manifest), out=dataset, limit=CLIPS, overrides=(server,))
        run_build(console, options)


def _known(worlds: Sequence[World], folder: Path) -> Path:
    """Write a manifest of the first clips by uri, which tells the server all that is true of them."""
    lines = []
    for world in sorted(worlds, key=lambda world: world.name)[:CLIPS]:
        annotations = annotations_of(read_truth(folder / "truth" / f"{world.name}.json"))
        told = annotations.model_dump(mode="json", exclude_defaults=True)
        lines.append(json.dumps({"uri": f"videos/{world.name}.mp4", "annotations": told}))
    known = folder / "known.jsonl"
    known.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return known
