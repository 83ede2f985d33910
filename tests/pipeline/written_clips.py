"""Short rendered clips that are grounded once, and builds of them by a scripted server's words."""

import pickle
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from numpy.random import Generator
from pydantic import Field

from pipeline.build.build import BuildRequest, build
from pipeline.build.recipe import Recipe, load_recipe
from pipeline.demo.render import render_set
from pipeline.demo.scenarios.sets import demo_worlds
from pipeline.demo.truth.annotations import annotations_of
from pipeline.demo.truth.scene import read_truth
from pipeline.endpoint.settings import Endpoint, Server
from pipeline.engine.local_run import run_locally
from pipeline.engine.progress import LineProgress
from pipeline.engine.step_setup import StepSetup
from schemas.annotations import Annotations
from schemas.dataset import DatasetManifest
from schemas.drop import Drop
from schemas.video import VideoRef
from stages.payloads import DecodedVideo, GroundedVideo
from stages.stage import PixelReader, Stage, read_here

SEED = 3
"""Of the clips."""


class GroundedBefore(Stage[DecodedVideo, None, GroundedVideo]):
    """The grounded video that lies in a folder under the hash of its content."""

    folder: str
    """Where they lie."""

    def open(self, _read: PixelReader, /) -> None:
        """Nothing."""

    def process(self, item: DecodedVideo, _tools: None, _rng: Generator, /) -> Iterator[GroundedVideo | Drop]:
        """Read it; what `ground` makes of it is made once for all builds."""
        file = Path(self.folder) / item.content_sha256
        if not file.exists():
            [grounded] = Recipe().ground.process(item, Recipe().ground.open(read_here), None)  # type: ignore[arg-type]
            file.write_bytes(pickle.dumps(grounded))
        yield pickle.loads(file.read_bytes())  # noqa: S301 it was written here


class PreparedRecipe(Recipe):
    """A recipe whose videos are grounded already."""

    grounded: str = Field(default="", exclude=True)
    """The folder of `GroundedBefore`."""

    def steps(self) -> tuple[StepSetup, ...]:
        """The steps, with the slowest one replaced."""
        before = GroundedBefore(folder=self.grounded)
        return tuple(replace(s, stage=before) if s.name == "ground" else s for s in super().steps())


@dataclass(frozen=True)
class WrittenClips:
    """Rendered clips in a folder."""

    folder: Path

    @property
    def manifest(self) -> Path:
        """For builds: every second clip has annotations."""
        return self.folder / "manifest.jsonl"

    @property
    def known(self) -> Path:
        """For the scripted server: all that is true."""
        return self.folder / "known.jsonl"

    def build(
        self, recipe: str, out: Path, base_url: str, *sets: str, cache_of: Path | None = None, **options: bool
    ) -> DatasetManifest:
        """Build with a server at that address, or with the replies that another build has kept; `sets`: overrides."""
        given = load_recipe(recipe, sets)[1].model_dump(exclude={"endpoint"})
        server = Server(base_url=base_url, timeout_seconds=20, max_in_flight=8)
        replies = None if cache_of is None else str(cache_of / ".work" / "replies")
        endpoint = Endpoint(servers={"default": server}, replies=replies, retry_seconds=0.01)
        grounded = self.folder / "grounded"
        grounded.mkdir(exist_ok=True)
        made = PreparedRecipe.model_validate({**given, "endpoint": endpoint, "grounded": str(grounded)})
        request = BuildRequest(str(self.manifest), str(out), made, made.identity(recipe))
        return build(replace(request, **options), run_locally, LineProgress(lambda _line: None))


def written_clips(folder: Path, count: int) -> WrittenClips:
    """Render clips and write both manifests."""
    worlds = demo_worlds(SEED, count)
    render_set(worlds, folder, processes=1)
    told = [annotations_of(read_truth(folder / "truth" / f"{world.name}.json")) for world in worlds]
    uris = [f"videos/{world.name}.mp4" for world in worlds]
    clips = WrittenClips(folder)
    half: list[Annotations | None] = [one if place % 2 == 0 else None for place, one in enumerate(told)]
    for file, given in ((clips.known, told), (clips.manifest, half)):
        refs = (VideoRef(uri=uri, annotations=one) for uri, one in zip(uris, given, strict=True))
        file.write_text("".join(ref.model_dump_json(exclude_defaults=True) + "\n" for ref in refs))
    return clips


if __name__ == "__main__":  # a build that a test can kill: FOLDER OUT ADDRESS
    WrittenClips(Path(sys.argv[1])).build("videopasta", Path(sys.argv[2]), sys.argv[3])
