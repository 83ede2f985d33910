"""`vidpref demo`: renders clips, builds a set from them, verifies and audits it, and rehearses a training on it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from pipeline.audit.run import AuditOptions, run_audit
from pipeline.build.run import BuildOptions, run_build
from pipeline.dataset.finished_set import FinishedSet
from pipeline.demo.render import render_set
from pipeline.demo.scenarios.sets import demo_worlds
from pipeline.engine.machine import Machine
from pipeline.inspection.run import InspectOptions, run_inspect
from pipeline.storage.location import filesystem_error, is_address
from pipeline.training.extras import INSTALL_TRAIN, missing_for_train
from pipeline.verification.run import VerifyOptions, run_verify
from schemas.arrow import from_table
from schemas.claim import Axis
from schemas.errors import OutputError
from schemas.pair import Pair

_SEED = 1


@dataclass(frozen=True)
class DemoOptions:
    """What `vidpref demo` is asked for."""

    out: str
    """A local folder, for everything that the demo makes."""
    clips: int


def run_demo(console: Console, options: DemoOptions) -> None:
    """Render clips, build a set, verify and audit it, show three pairs, draw a clip, rehearse a training.

    Clips that are rendered already are kept; the set and the tiny policy are made anew.
    """
    folder, dataset, clips = _folder(options.out), f"{options.out}/set", options.clips
    if (folder / "set" / "dataset.json").exists():
        shutil.rmtree(folder / "set")
    worlds = demo_worlds(_SEED, clips)
    missing = [world for world in worlds if not (folder / "videos" / f"{world.name}.mp4").exists()]
    _title(console, f"{clips} rendered clips in {folder / 'videos'}")
    if missing:
        render_set(missing, folder, processes=max(1, int(Machine.here().cpus)))
    _title(console, "vidpref build")
    run_build(console, BuildOptions("facts", videos=str(folder / "videos"), out=dataset))
    _title(console, "vidpref verify")
    run_verify(console, VerifyOptions(dataset))
    _title(console, "vidpref audit")
    run_audit(console, AuditOptions(dataset, card=True))
    _title(console, "three pairs")
    for pair in _one_of_each_axis(FinishedSet.open(dataset)):
        _show(console, pair)
    _title(console, "one clip on a contact sheet")
    clip_id = _liveliest_clip(FinishedSet.open(dataset))
    run_inspect(console, InspectOptions(dataset, clip=clip_id, png=str(folder / "contact_sheet.png")))
    _title(console, "rehearsal of vidpref train and vidpref evaluate")
    _rehearse(console, dataset, folder)
    _title(console, "now with your own videos")
    for line in (
        ". .venv/bin/activate",
        "vidpref build facts --videos YOUR_FOLDER --out ds",
        f"vidpref inspect {dataset}    # shows what the set holds; pipeline/recipes/facts.yaml lists the main settings",
        "vidpref train dpo --data ds --model Qwen/Qwen2.5-VL-7B-Instruct --out policy    # needs a GPU",
        "vidpref evaluate --policy policy --data ds",
    ):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _folder(out: str) -> Path:
    """The folder of the demo, made if it does not exist. Raises OutputError if it cannot be."""
    if is_address(out):
        raise OutputError(f"--out {out}: the demo is rendered to a local disk; give a local path")
    try:
        Path(out).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"--out {out} cannot be written: {filesystem_error(error)}") from error
    return Path(out)


def _rehearse(console: Console, dataset: str, folder: Path) -> None:
    missing = missing_for_train()
    if missing:
        line = f"training is left out, because {', '.join(missing)} is not installed; try: {INSTALL_TRAIN}"
        console.print(line, markup=False, highlight=False, soft_wrap=True)
        return
    from pipeline.demo.rehearsal import rehearse  # noqa: PLC0415 torch may be missing, and importing it takes seconds

    rehearse(console, dataset=dataset, folder=folder)


def _title(console: Console, text: str) -> None:
    console.rule(Text(text, style="rule.text"), align="left")


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


def _liveliest_clip(opened: FinishedSet) -> str:
    """The clip with most events; the first of several."""
    most, clip_id = -1, ""
    for table in opened.tables("clips", ("clip_id", "scene.events.list.element.event_id")):
        for row in table.to_pylist():
            if len(row["scene"]["events"]) > most:
                most, clip_id = len(row["scene"]["events"]), row["clip_id"]
    return clip_id


def _show(console: Console, pair: Pair) -> None:
    lines = (
        f"{pair.axis.value.replace('_', ' ')}, clip {pair.clip_id}",
        f"  question  {pair.question}",
        f"  chosen    {pair.chosen}",
        f"  rejected  {pair.rejected}",
    )
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
