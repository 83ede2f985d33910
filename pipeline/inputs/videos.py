"""--videos becomes a list of videos: a folder, a glob, one file, or a JSON-Lines manifest."""

from dataclasses import dataclass

from pyarrow import fs

from pipeline.inputs.glob import MAGIC, files_that_fit, split_glob
from pipeline.inputs.manifest import read_manifest
from pipeline.storage.location import Entry, Location, filesystem_error
from schemas.errors import UserError, VideosError
from schemas.video import VideoRef

EXTENSIONS = frozenset(
    "3gp avi flv gif m2ts m4v mkv mov mp4 mpeg mpg mts ogv ts vob webm wmv".split()  # noqa: SIM905 reads as a list
)
"""Files of a folder or glob that are taken as videos; others are counted as ignored."""


@dataclass(frozen=True)
class Source:
    """A video as the user names it, and where it lies."""

    ref: VideoRef
    location: Location


@dataclass(frozen=True)
class Inputs:
    """All that --videos names, in order of uri."""

    sources: tuple[Source, ...]
    ignored_files: int
    """Files of the folder or glob that are hidden or no videos by their extension; hidden folders are not read."""

    def first(self, limit: int | None) -> "Inputs":
        """The first `limit` videos; all where it is null."""
        return Inputs(self.sources[:limit], self.ignored_files)


def find_videos(videos: str) -> Inputs:
    """The videos that a --videos names; VideosError where it is missing, empty or has a bad line."""
    try:
        location = Location.parse(videos)
    except UserError as error:
        raise VideosError(f"--videos {error}") from error
    try:
        inputs = _find(videos, location)
    except OSError as error:
        raise VideosError(f"--videos {videos} cannot be read: {filesystem_error(error)}") from error
    except UnicodeDecodeError as error:
        raise VideosError(f"--videos {videos}: the file name {error.object!r} is not UTF-8; rename it") from error
    if not inputs.sources:
        raise VideosError(
            f"--videos {videos} holds no video ({inputs.ignored_files} other files ignored); "
            f"taken are: {', '.join(sorted(EXTENSIONS))}"
        )
    return inputs


def _find(videos: str, location: Location) -> Inputs:
    kind = location.kind()
    if kind == fs.FileType.Directory:
        return _of_folder(location, pattern="**")
    if kind == fs.FileType.File and videos.lower().endswith((".jsonl", ".ndjson")):
        return Inputs(tuple(Source(ref, place) for ref, place in read_manifest(location)), 0)
    if kind == fs.FileType.File:
        name = location.path.rpartition("/")[2]
        return Inputs((Source(VideoRef(uri=name), location),), 0)
    if MAGIC & set(location.path):
        return _of_folder(*split_glob(location))
    raise VideosError(f"--videos {videos} does not exist; give a folder, a glob, or a manifest.jsonl")


def _of_folder(base: Location, pattern: str) -> Inputs:
    matching = list(files_that_fit(base, pattern))
    taken = sorted((pair for pair in matching if _is_video(pair[1])), key=lambda pair: pair[0])
    sources = tuple(Source(VideoRef(uri=uri), Location(base.filesystem, entry.path)) for uri, entry in taken)
    return Inputs(sources, len(matching) - len(taken))


def _is_video(entry: Entry) -> bool:
    name = entry.path.rpartition("/")[2]
    return not name.startswith(".") and name.rpartition(".")[2].lower() in EXTENSIONS
