"""The rendered clips that everything is measured on, with the truth of each."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.demo.render import render_set
from pipeline.demo.scenarios.sets import demo_worlds, prove_worlds, seldom_worlds, steady_worlds
from pipeline.demo.truth.scene import read_truth
from pipeline.demo.world.world import Tag, World
from schemas.scene import Scene


@dataclass(frozen=True)
class Rendered:
    """One clip."""

    world: World
    path: Path
    content_sha256: str
    truth: Scene

    @property
    def part(self) -> str:
        """What it is reported under: `plain`, or the tag for which it is reported apart."""
        return self.world.tags[0] if self.world.tags else PLAIN


_STEADY = 8
"""One of so many clips goes on evenly from beginning to end: in few others slowed or reordered quarters can be seen."""
_SELDOM = 2 / 9
"""Share of the clips of the whole proof that show what few others do: every predicate is to be held against the truth
in pairs from ten clips."""
ROOT = Path(__file__).parents[2]
"""The repository."""
PLAIN = "plain"
PARTS = (PLAIN, *Tag)
KEPT_APART = "kept apart"


def rendered_clips(count: int, seeds: int, *, short: bool, cache: Path, processes: int) -> list[Rendered]:
    """`count` clips over `seeds` seeds; clips that the same sources rendered before are taken from the cache."""
    draw = demo_worlds if short else prove_worlds
    worlds = list[World]()
    for seed in range(1, seeds + 1):
        number = count // seeds + (seed <= count % seeds)
        steady, seldom = number // _STEADY, 0 if short else int(number * _SELDOM)
        worlds += draw(seed, number - steady - seldom)
        worlds += [*seldom_worlds(seed, seldom), *steady_worlds(seed, steady, short=short)]
    folder = cache / "clips" / _key(worlds)
    done = folder / "done"
    if not done.is_file():
        render_set(worlds, folder, processes=processes)
        done.touch()
    return [_read(world, folder) for world in worlds]


def hash_of_sources(*places: Path, text: str = "") -> str:
    """A hash over Python files, those of folders in order of their names, and a text."""
    files = sorted(file for place in places for file in (place.rglob("*.py") if place.is_dir() else [place]))
    digest = hashlib.sha256(text.encode())
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def _key(worlds: Sequence[World]) -> str:
    return hash_of_sources(ROOT / "pipeline" / "demo", text="\n".join(world.model_dump_json() for world in worlds))


def _read(world: World, folder: Path) -> Rendered:
    path = folder / "videos" / f"{world.name}.mp4"
    content = hashlib.sha256(path.read_bytes()).hexdigest()
    return Rendered(world, path, content, read_truth(folder / "truth" / f"{world.name}.json"))
