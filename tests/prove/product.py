"""The set that the product makes of the clips."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.parquet as pq

from pipeline.build import BuildRequest, build
from pipeline.local import run_locally
from pipeline.progress import LineProgress
from pipeline.prompt_hashes import prompt_hashes
from pipeline.recipe import Recipe
from schemas.arrow import from_table
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


def build_set(videos: Path, out: Path, name: str, recipe: Recipe, ground: RememberingGround) -> Product:
    """Build anew, in this process, with a detector that remembers."""
    if out.exists():
        shutil.rmtree(out)
    request = BuildRequest(
        videos=str(videos),
        out=str(out),
        chain=replace(recipe.chain(), ground=ground),
        finalise=recipe.finalise,
        identity=recipe.identity(name, prompt_hashes()),
        engine=recipe.engine,
    )
    manifest = build(request, run_locally, LineProgress(print))
    return Product(out, manifest, tuple(_pairs(out)))


def _pairs(out: Path) -> Sequence[tuple[str, Pair]]:
    content = {}
    for file in sorted((out / "clips").glob("*.parquet")):
        for row in pq.read_table(file, columns=["clip_id", "content_sha256"]).to_pylist():
            content[row["clip_id"]] = row["content_sha256"]
    pairs = [
        pair for file in sorted((out / "pairs").glob("*.parquet")) for pair in from_table(Pair, pq.read_table(file))
    ]
    return [(content[pair.clip_id], pair) for pair in pairs]
