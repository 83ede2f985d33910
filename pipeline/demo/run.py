"""`vidpref demo`: rendered clips become a set, which is verified and audited, all on this machine."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from pipeline.audit.run import run_audit
from pipeline.dataset import FinishedSet
from pipeline.demo.render import render_set
from pipeline.demo.scenarios import demo_worlds
from pipeline.machine import Machine
from pipeline.session import run_build
from pipeline.verify_set import run_verify
from schemas.arrow import from_table
from schemas.claim import Axis
from schemas.pair import Pair

_SEED = 1


def run_demo(console: Console, *, out: str, clips: int) -> None:
    """Render, build, verify, audit, and show three pairs; clips that are there already are not rendered again."""
    folder, dataset = Path(out), f"{out}/set"
    if (folder / "set" / "dataset.json").exists():
        shutil.rmtree(folder / "set")
    worlds = demo_worlds(_SEED, clips)
    missing = [world for world in worlds if not (folder / "videos" / f"{world.name}.mp4").exists()]
    _title(console, f"{clips} rendered clips in {folder / 'videos'}")
    if missing:
        render_set(missing, folder, processes=max(1, int(Machine.here().cpus)))
    _title(console, "vidpref build")
    run_build(console, recipe="facts", videos=str(folder / "videos"), out=dataset)
    _title(console, "vidpref verify")
    run_verify(console, dataset=dataset)
    _title(console, "vidpref audit")
    run_audit(console, dataset=dataset)
    _title(console, "three pairs")
    for pair in _one_of_each_axis(FinishedSet.open(dataset)):
        _show(console, pair)
    _title(console, "now with your own videos")
    console.print("vidpref build facts --videos YOUR_FOLDER --out ds", soft_wrap=True)
    console.print("(.venv/bin/vidpref, or activate the environment first: . .venv/bin/activate)", soft_wrap=True)


def _title(console: Console, text: str) -> None:
    console.rule(text, align="left")


def _one_of_each_axis(opened: FinishedSet) -> Iterator[Pair]:
    waiting = set(Axis)
    for table in opened.tables("pairs"):
        for row in range(table.num_rows):
            [pair] = from_table(Pair, table.slice(row, 1))
            if pair.axis in waiting:
                waiting.discard(pair.axis)
                yield pair
            if not waiting:
                return


def _show(console: Console, pair: Pair) -> None:
    lines = (
        f"{pair.axis}, clip {pair.clip_id}",
        f"  question  {pair.question}",
        f"  chosen    {pair.chosen}",
        f"  rejected  {pair.rejected}",
    )
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
