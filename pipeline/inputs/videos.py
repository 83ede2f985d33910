"""--videos becomes a list of videos: a folder, a glob, one file, or a JSON-Lines manifest."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import takewhile

from pyarrow import fs

from pipeline.inputs.manifest import read_manifest
from pipeline.location import Entry, Location, filesystem_error
from schemas.errors import UserError, VideosError
from schemas.video import VideoRef

EXTENSIONS = frozenset(
    "3gp avi flv gif m2ts m4v mkv mov mp4 mpeg mpg mts ogv ts vob webm wmv".split()  # noqa: SIM905 reads as a list
)
"""Files of a folder or glob that are taken as videos; others are counted as ignored."""
_MAGIC = frozenset("*?[")


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
    """Files of the folder or glob that are no videos by their extension."""

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
        return _of_folder(location, pattern=None)
    if kind == fs.FileType.File and videos.lower().endswith((".jsonl", ".ndjson")):
        return Inputs(tuple(Source(ref, place) for ref, place in read_manifest(location)), 0)
    if kind == fs.FileType.File:
        name = location.path.rpartition("/")[2]
        return Inputs((Source(VideoRef(uri=name), location),), 0)
    if _MAGIC & set(videos):
        base, pattern = _split_glob(location)
        return _of_folder(base, pattern)
    raise VideosError(f"--videos {videos} does not exist; give a folder, a glob, or a manifest.jsonl")


def _of_folder(base: Location, pattern: str | None) -> Inputs:
    found = [(entry.path.removeprefix(base.path).lstrip("/"), entry) for entry in base.entries()]
    matching = [(uri, entry) for uri, entry in found if pattern is None or _matches(uri.split("/"), pattern.split("/"))]
    taken = sorted((uri, entry) for uri, entry in matching if _is_video(entry))
    sources = tuple(Source(VideoRef(uri=uri), Location(base.filesystem, entry.path)) for uri, entry in taken)
    return Inputs(sources, len(matching) - len(taken))


def _is_video(entry: Entry) -> bool:
    name = entry.path.rpartition("/")[2]
    return not name.startswith(".") and name.rpartition(".")[2].lower() in EXTENSIONS


def _split_glob(location: Location) -> tuple[Location, str]:
    parts = location.path.split("/")
    plain = list(takewhile(lambda part: not _MAGIC & set(part), parts))
    return Location(location.filesystem, "/".join(plain)), "/".join(parts[len(plain) :])


def _matches(parts: list[str], pattern: list[str]) -> bool:
    """Whether a path fits a glob, folder by folder; `**` stands for any number of folders."""
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_matches(parts[skipped:], pattern[1:]) for skipped in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])
