"""The clips of the small policy's trial: rendered small, and made into a set by the product."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from pipeline.build.run import BuildOptions, run_build
from pipeline.demo.render import render_set
from pipeline.demo.scenarios.sets import demo_worlds
from pipeline.demo.world.world import DrawnThing, Keyframe, Shape, Stay, World
from schemas.colour import ColourName

_SIDE = 96  # pixels of a frame; a small policy is shown 56
_FPS = 8  # the slowest rate at which everything is still followed
SET_KEYS = (
    "ground.reading.enabled=false",
    "ground.motion.faces.frames_per_second=0.1",
    "decode.analysis_fps=8",
    "generate.max_groups=1",
    "generate.facts.negatives=[]",
    "generate.facts.twin_share=0",
    "generate.planted.share=1.0",
    "finalise.borrow_videos=false",
    "finalise.max_predicate_share=1.0",
    "finalise.validation_share=0.35",
)
"""The keys of the recipe `facts` that are changed: nothing is looked for that no planted edit needs."""


def small_worlds(seed: int, count: int) -> list[World]:
    """Worlds of the demo, small and slow, so that hundreds of them are rendered and detected in minutes.

    A lamp hangs in the upper left of each, as pictures of the real world have a sky and a ground: in the demo's own
    worlds nothing tells up from down, and a model of this size learns to compare pictures only after many more steps.
    """
    return [_small(world) for world in demo_worlds(seed, count)]


def _small(world: World) -> World:
    seconds = round(world.duration_seconds * _FPS) / _FPS
    changed = {"width": _SIDE, "height": _SIDE, "fps": _FPS, "duration_seconds": seconds}
    return world.model_copy(update={**changed, "things": (*world.things, _lamp(world))})


def _lamp(world: World) -> DrawnThing:
    """It hangs there all the time, in front of everything."""
    keys = [Keyframe(seconds=at, x=0.22, y=0.22, size=0.3) for at in (0.0, world.duration_seconds + 1.0)]
    return DrawnThing(thing_id="lamp", shape=Shape.BALL, colour=ColourName.YELLOW, stays=(Stay(keys=tuple(keys)),))


def build_small_set(folder: Path, seed: int, count: int, keys: Sequence[str] = SET_KEYS) -> str:
    """Render `count` clips and build a set of them in `folder`/set; returns its path. A finished one is kept."""
    made = folder / "set"
    if not (made / "dataset.json").is_file():
        render_set(small_worlds(seed, count), folder, processes=1)
        options = BuildOptions("facts", videos=str(folder / "videos"), out=str(made), overrides=tuple(keys), local=True)
        run_build(Console(quiet=True), options)
    return str(made)
