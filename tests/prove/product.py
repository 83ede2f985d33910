"""The set that the product makes of the clips."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.build.build import BuildRequest, build
from pipeline.build.recipe import Recipe
from pipeline.engine.local_run import run_locally
from pipeline.engine.progress import LineProgress
from schemas.arrow import from_table
from schemas.clip import UnitClip
from schemas.dataset import DatasetManifest
from schemas.pair import Pair
from tests.prove.seen import RememberingGround


@dataclass(frozen=True)
class Product:
    """A finished set."""

    folder: Path
    manifest: DatasetManifest
    pairs: tuple[tuple[str, Pair], ...]
    """Each with the content hash of its video."""
    clips: Mapping[str, UnitClip]
    """By id, without their pixels."""


def build_set(videos: Path, out: Path, name: str, recipe: Recipe, ground: RememberingGround) -> Product:
    """Build anew, in this process, with a detector that remembers."""
    if out.exists():
        shutil.rmtree(out)
    request = BuildRequest(
        videos=str(videos),
        out=str(out),
        recipe=recipe.model_copy(update={"ground": ground}),  # a detector that remembers stands in for the recipe's
        identity=recipe.identity(name),
    )
    manifest = build(request, run_locally, LineProgress(print))
    return Product(out, manifest, tuple(_pairs(out)), _clips(out))


def _clips(out: Path) -> Mapping[str, UnitClip]:
    plain = [name for name in UnitClip.model_fields if name not in ("frames", "segments")]
    of_segment = ("segment_id", "start_seconds", "end_seconds", "frames.list.element.pts_seconds")
    listed = {"frames": ("pts_seconds",), "segments": of_segment}
    columns = plain + [f"{name}.list.element.{field}" for name, fields in listed.items() for field in fields]
    found = {}
    for file in sorted((out / "clips").glob("*.parquet")):
        for row in pq.ParquetFile(file).read(columns=columns).to_pylist():
            frames = _without_pixels(row["frames"])
            segments = [{**segment, "frames": _without_pixels(segment["frames"])} for segment in row["segments"]]
            found[row["clip_id"]] = UnitClip.model_validate({**row, "frames": frames, "segments": segments})
    return found


def _without_pixels(frames: Sequence[Mapping[str, float]]) -> list[dict[str, object]]:
    return [{**frame, "jpeg": b""} for frame in frames]


def _pairs(out: Path) -> Sequence[tuple[str, Pair]]:
    content = {}
    for file in sorted((out / "clips").glob("*.parquet")):
        for row in pq.read_table(file, columns=["clip_id", "content_sha256"]).to_pylist():
            content[row["clip_id"]] = row["content_sha256"]
    pairs = [
        pair for file in sorted((out / "pairs").glob("*.parquet")) for pair in from_table(Pair, pq.read_table(file))
    ]
    return [(content[pair.clip_id], pair) for pair in pairs]
