"""Rendered clips with proven pairs, the same for every loop: what a judge says of them can be compared with proofs."""

from pathlib import Path

from rich.console import Console

from pipeline.build.run import BuildOptions, run_build
from pipeline.demo.render import render_set
from pipeline.demo.scenarios.sets import demo_worlds
from pipeline.engine.machine import Machine

_SEED = 20
"""Worlds that neither the demo nor the proof draws."""
_KEYS = ("generate.planted.share=0", "generate.descriptions.max_questions=0", "finalise.max_groups_per_clip=8")


def probe_set(console: Console, folder: Path, clips: int, *, local: bool) -> str:
    """The path of the probe's set in a folder, rendered and built if it is not there yet."""
    made = folder / "ds"
    if not (made / "dataset.json").is_file():
        render_set(demo_worlds(_SEED, clips), folder, processes=max(1, int(Machine.here().cpus)))
        run_build(console, BuildOptions("facts", str(folder / "videos"), str(made), _KEYS, local=local))
    return str(made)
