"""`vidpref demo`: renders clips, builds sets from them, verifies and audits one, and rehearses a training on it."""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from pipeline.audit.options import AuditOptions
from pipeline.audit.run import run_audit
from pipeline.build.run import BuildOptions, run_build
from pipeline.dataset.finished_set import FinishedSet
from pipeline.demo.models import rehearse_models
from pipeline.demo.render import render_set
from pipeline.demo.scenarios.sets import demo_worlds
from pipeline.demo.truth.annotations import annotations_of
from pipeline.demo.truth.scene import read_truth
from pipeline.demo.world.world import World
from pipeline.engine.extras import INSTALL_TRAIN, missing_for_train
from pipeline.engine.machine import Machine
from pipeline.inspection.run import InspectOptions, run_inspect
from pipeline.report.run import ReportOptions, run_report
from pipeline.storage.location import filesystem_error, is_address
from pipeline.verification.run import VerifyOptions, run_verify
from schemas.arrow import from_table
from schemas.claim import Axis
from schemas.errors import OutputError
from schemas.pair import Pair
from schemas.scene import WRITING

_SEED = 1
_BY_MODELS = "set-by-models"


@dataclass(frozen=True)
class DemoOptions:
    """What `vidpref demo` is asked for."""

    out: str
    """A local folder, for everything that the demo makes."""
    clips: int


def run_demo(console: Console, options: DemoOptions) -> None:
    """Render clips, build a set, verify and audit it, show three pairs, draw a clip, rehearse models and a training.

    Every second clip has annotations, as a person would give them: names, words and events. Clips that are rendered
    already are kept; the set and the tiny policy are made anew.
    """
    folder, dataset, clips = _folder(options.out), f"{options.out}/set", options.clips
    for made in ("set", _BY_MODELS):
        if (folder / made / "dataset.json").exists():
            shutil.rmtree(folder / made)
    worlds = demo_worlds(_SEED, clips)
    missing = [world for world in worlds if not _is_rendered(world, folder)]
    _title(console, f"{clips} rendered clips in {folder / 'videos'}")
    if missing:
        render_set(missing, folder, processes=max(1, int(Machine.here().cpus)))
    manifest = _manifest(worlds, folder)
    _title(console, "vidpref build")
    run_build(console, BuildOptions("facts", videos=str(manifest), out=dataset))
    _title(console, "vidpref verify")
    run_verify(console, VerifyOptions(dataset))
    _title(console, "vidpref audit")
    run_audit(console, AuditOptions(dataset, card=True))
    run_report(console, ReportOptions(dataset, html=str(folder / "report.html")))
    _title(console, "three pairs")
    for pair in _one_of_each_axis(FinishedSet.open(dataset)):
        _show(console, pair)
    _title(console, "one clip on a contact sheet")
    clip_id = _liveliest_clip(FinishedSet.open(dataset))
    run_inspect(console, InspectOptions(dataset, clip=clip_id, png=str(folder / "contact_sheet.png")))
    _title(console, "rehearsal of a build with language models")
    rehearse_models(console, manifest=manifest, worlds=worlds, folder=folder, dataset=f"{options.out}/{_BY_MODELS}")
    _title(console, "rehearsal of vidpref train and vidpref evaluate")
    _rehearse(console, dataset, folder)
    _title(console, "now with your own videos")
    for line in (
        ". .venv/bin/activate",
        "vidpref build facts --videos YOUR_FOLDER --out ds",
        f"vidpref view {dataset}    # the same in a browser",
        f"vidpref inspect {dataset}    # shows what the set holds; pipeline/recipes/facts.yaml lists the main settings",
        "OPENAI_BASE_URL=http://HOST:8000/v1 vidpref build videopasta --videos YOUR_FOLDER --out ds2    # or by models",
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


def _is_rendered(world: World, folder: Path) -> bool:
    """Whether the clip of this very world lies there."""
    described = folder / "worlds" / f"{world.name}.json"
    written = (folder / "videos" / f"{world.name}.mp4", folder / "truth" / f"{world.name}.json", described)
    return all(file.exists() for file in written) and described.read_text() == world.model_dump_json()


def _manifest(worlds: Sequence[World], folder: Path) -> Path:
    """Write a manifest of the clips, with annotations of every second one."""
    lines = []
    for number, world in enumerate(worlds):
        line: dict[str, object] = {"uri": f"videos/{world.name}.mp4"}
        if number % 2 == 0:
            truth = read_truth(folder / "truth" / f"{world.name}.json")
            line["annotations"] = annotations_of(truth).model_dump(mode="json", exclude_defaults=True)
        lines.append(json.dumps(line))
    manifest = folder / "manifest.jsonl"
    manifest.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return manifest


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
    """The first pair of each axis; of the spatial ones the first about a kind of thing, if there is one."""
    found: dict[tuple[Axis, bool], Pair] = {}
    for table in opened.tables("pairs"):
        for row in range(table.num_rows):
            [pair] = from_table(Pair, table.slice(row, 1))
            names_kind = any(claim.noun is not None for claim in pair.chosen_claims)
            found.setdefault((pair.axis, names_kind), pair)
            if (Axis.SPATIAL, True) in found and {axis for axis, _ in found} == set(Axis):
                break
    for axis in Axis:
        pairs = (found[axis, named] for named in (True, False) if (axis, named) in found)
        yield from [pair for pair in [next(pairs, None)] if pair is not None]


def _liveliest_clip(opened: FinishedSet) -> str:
    """The clip with most kinds of things and words; of several the one with most events."""
    most, clip_id = (-1, -1), ""
    columns = ("clip_id", "scene.events.list.element.event_id", "scene.tracks.list.element.label")
    for table in opened.tables("clips", columns):
        for row in table.to_pylist():
            labels = {track["label"] for track in row["scene"]["tracks"]}
            shown = len(labels) + 2 * (WRITING in labels), len(row["scene"]["events"])
            if shown > most:
                most, clip_id = shown, row["clip_id"]
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
