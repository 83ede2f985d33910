"""Videos that must stay out, such as those of the benchmarks that a model will be tested on: by id, and by looks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from pipeline.importers.look import Looked, Wanted, look_at_all
from pipeline.importers.media import MediaFolder, stem
from pipeline.importers.prints import show_the_same
from pipeline.inputs.manifest import read_manifest
from pipeline.storage.location import Location
from schemas.errors import SourceError, UserError

_PREFIX = re.compile(r"^(?:v_|ytb_)(?=.{11})")
_SPAN = re.compile(r"(?<=^.{11})_\d+_\d+$")
"""The start and end that data sets append to ids of YouTube, as in `G9zN5TTuGO4_000179_000189`."""


def plain_id(name: str) -> str:
    """The id without folders, extension and what data sets add to ids of YouTube, so that two sets' names agree."""
    return _SPAN.sub("", _PREFIX.sub("", PurePosixPath(stem(name)).name))


@dataclass(frozen=True)
class Exclusions:
    """What is excluded."""

    ids: frozenset[str]
    """Plain ids."""
    prints: tuple[tuple[str, NDArray[np.uint64]], ...]
    """Files and their perceptual hashes."""
    unreadable: int = 0
    """Files that could not be looked at, so that their ids alone count."""

    @classmethod
    def read(cls, places: Sequence[str], workers: int, *, by_looks: bool, option: str = "--exclude") -> "Exclusions":
        """The exclusions of text files with an id in each line, of manifests, and of folders of videos.

        Videos are looked at only if `by_looks` is set, since that takes time. `option` names the places in messages.

        Raises SourceError if one of them cannot be read.
        """
        ids: set[str] = set()
        files: list[Path] = []
        for place in places:
            if Path(place).is_dir():
                folder = _folder(place, option)
                ids.update(plain_id(file) for file in folder.files)
                files += [folder.path / file for file in folder.files]
            else:
                ids.update(plain_id(name) for name in _listed(place, option))
        files = files if by_looks else []
        looked = list(zip(files, look_at_all(files, Wanted(prints=True), workers), strict=True))
        prints = tuple((file.name, found.prints_N) for file, found in looked if isinstance(found, Looked))
        return cls(frozenset(ids), prints, len(looked) - len(prints))

    def has_id(self, names: Iterable[str]) -> str | None:
        """The first of these names that is excluded."""
        return next((name for name in names if plain_id(name) in self.ids), None)

    def looks_like(self, prints_N: NDArray[np.uint64]) -> str | None:
        """The first excluded file that shows the same as a video with these hashes."""
        return next((name for name, others_N in self.prints if show_the_same(prints_N, others_N)), None)


def _folder(place: str, option: str) -> MediaFolder:
    try:
        return MediaFolder.open(place)
    except UserError as error:
        raise SourceError(f"{option} {place} holds no video; give a text of ids, a manifest or a folder") from error


def _listed(place: str, option: str) -> list[str]:
    """The ids that a manifest or a text lists."""
    try:
        location = Location.parse(place)
        if place.lower().endswith((".jsonl", ".ndjson")):
            return [name for ref, _ in read_manifest(location) for name in (ref.uri, ref.id) if name]
        return [line.strip() for line in location.read_bytes().decode().splitlines() if line.strip()]
    except UnicodeDecodeError as error:
        raise SourceError(f"{option} {place} is not UTF-8; give a text with an id in each line") from error
    except OSError as error:
        raise SourceError(f"{option} {place} cannot be read; give a text, a manifest or a folder of videos") from error
    except UserError as error:
        raise SourceError(f"{option} {error}") from error
