"""What the detector sees in each clip, kept by clip and by the detector's sources."""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import cv2
import pyarrow.parquet as pq
from numpy.random import Generator

from schemas.arrow import from_table, to_table
from schemas.clip import UnitClip
from schemas.drop import Drop
from schemas.scene import Scene
from stages.decode import DecodeVideo
from stages.ground import Ground, GroundTools
from stages.payloads import DecodedVideo, GroundedVideo, VideoFile
from stages.reading.reader import WritingReader
from stages.seeding import rng_for
from stages.stage import read_here
from tests.prove.clips import ROOT, Rendered, hash_of_sources

_SOURCES = (
    *(ROOT / "stages" / name for name in ("motion", "video", "decode.py", "ground.py")),
    *(ROOT / "schemas" / name for name in ("colour.py", "scene.py")),
)
"""All that decides what is seen."""
TIMES = b"analysis_seconds"
"""Where the times of the analysis frames stand in a file's metadata."""


@dataclass(frozen=True)
class Seen:
    """The detector's scene of a clip, and the times of the frames that it saw."""

    scene: Scene
    analysis_seconds: tuple[float, ...]


class RememberingGround(Ground):
    """`Ground` that looks at no video twice: what it saw is kept in a folder, as Parquet.

    Drops: those of `Ground`; they are not kept.
    """

    folder: Path
    """Where it is kept."""

    def process(self, item: DecodedVideo, tools: GroundTools, rng: Generator, /) -> Iterator[GroundedVideo | Drop]:
        """Yield what `Ground` gives, or gave."""
        file = self.folder / f"{item.content_sha256}.parquet"
        if file.is_file():
            yield GroundedVideo(item.content_sha256, tuple(from_table(UnitClip, pq.read_table(file))))
            return
        for outcome in super().process(item, tools, rng):
            if isinstance(outcome, GroundedVideo):
                times = [frame.pts_seconds for clip in item.clips for frame in clip.analysis]
                table = to_table(UnitClip, outcome.clips)
                metadata = {**(table.schema.metadata or {}), TIMES: json.dumps(times).encode()}
                unfinished = file.with_suffix(".part")
                pq.write_table(table.replace_schema_metadata(metadata), unfinished)
                unfinished.rename(file)
            yield outcome


def remembering_ground(decode: DecodeVideo, ground: Ground, cache: Path) -> RememberingGround:
    """A memory that holds for these configurations and sources."""
    configured = f"{decode.model_dump_json()}{ground.model_dump_json()}"
    folder = cache / "seen" / hash_of_sources(*_SOURCES, text=configured)
    folder.mkdir(parents=True, exist_ok=True)
    # a scripted reader reads the clips
    silent = WritingReader(enabled=False)
    return RememberingGround(detector=ground.detector, motion=ground.motion, reading=silent, folder=folder)


def look_at(
    clips: Sequence[Rendered], decode: DecodeVideo, ground: RememberingGround, *, seed: int, processes: int
) -> list[Seen]:
    """What the detector sees of each clip; ValueError where a clip is dropped instead."""
    missing = [clip for clip in clips if not _file(ground, clip).is_file()]
    files = [VideoFile(clip.path, clip.content_sha256) for clip in missing]
    if processes == 1:
        for file in files:
            _look(file, decode, ground, seed)
    elif files:
        with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
            list(pool.map(_look, files, [decode] * len(files), [ground] * len(files), [seed] * len(files)))
    return [_read(_file(ground, clip), clip) for clip in clips]


def _look(file: VideoFile, decode: DecodeVideo, ground: RememberingGround, seed: int) -> None:
    cv2.setNumThreads(1)
    for decoded in decode.process(file, read_here, rng_for(seed, "decode", file.content_sha256)):
        if isinstance(decoded, DecodedVideo):
            list(ground.process(decoded, GroundTools(read_here), rng_for(seed, "ground", file.content_sha256)))


def _file(ground: RememberingGround, clip: Rendered) -> Path:
    return ground.folder / f"{clip.content_sha256}.parquet"


def _read(file: Path, clip: Rendered) -> Seen:
    if not file.is_file():
        raise ValueError(f"{clip.world.name} was dropped by decode or ground")
    table = pq.read_table(file)
    (unit_clip,) = from_table(UnitClip, table)
    return Seen(unit_clip.scene, tuple(json.loads(table.schema.metadata[TIMES])))
