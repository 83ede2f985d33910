"""--videos becomes a list of videos: a folder, a glob, one file, or a JSON-Lines manifest."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyarrow import fs

from pipeline.inputs.glob import files_that_fit, split_glob
from pipeline.inputs.manifest import read_manifest
from pipeline.storage.location import MAGIC, Location, filesystem_error, is_utf8
from schemas.counted import counted
from schemas.errors import UserError, VideosError
from schemas.problems import printable
from schemas.video import VideoRef

EXTENSIONS = frozenset(
    "3gp avi flv gif m2ts m4v mkv mov mp4 mpeg mpg mts ogv ts vob webm wmv".split()  # noqa: SIM905 reads as a list
)
"""Extensions by which a file of a folder or glob is taken as a video; the other files are counted as ignored."""
_MANIFESTS = (".jsonl", ".ndjson")
_OTHER_LISTS = (".csv", ".json", ".parquet", ".tsv", ".txt", ".yaml", ".yml")
"""Files that are probably meant as a list of videos, and never as a video."""


@dataclass(frozen=True)
class VideoSource:
    """A video as the user names it, and the place of its file."""

    ref: VideoRef
    location: Location
    problem: str | None = None
    """Why the file cannot be used, if its name shows it already."""


@dataclass(frozen=True)
class Inputs:
    """All that --videos names, sorted by uri."""

    sources: tuple[VideoSource, ...]
    ignored_files: int
    """Files that are hidden, are not videos by their extension, or are pipes, sockets or devices, which are never
    opened. Files in hidden folders are not counted.
    """

    def first(self, limit: int | None) -> "Inputs":
        """The first `limit` videos, or all if it is null."""
        return Inputs(self.sources[:limit], self.ignored_files)


def find_videos(videos: str) -> Inputs:
    """The videos that --videos names. VideosError if it is missing, holds no video or has a bad line."""
    try:
        inputs = _find(videos, Location.parse(videos))
    except VideosError:
        raise
    except UserError as error:
        raise VideosError(f"--videos {error}") from error
    except OSError as error:
        raise VideosError(f"--videos {videos} cannot be read: {filesystem_error(error)}") from error
    if not inputs.sources and videos.lower().endswith(_MANIFESTS):
        raise VideosError(
            f"--videos {videos} lists no video ({counted(inputs.ignored_files, 'other file')} ignored); a manifest has "
            'one line for each video, such as {"uri": "a.mp4"}'
        )
    if not inputs.sources:
        raise VideosError(
            f"--videos {videos} holds no video ({counted(inputs.ignored_files, 'other file')} ignored); "
            f"videos are files that end with {', '.join(sorted(EXTENSIONS))}"
        )
    return inputs


def _find(videos: str, location: Location) -> Inputs:
    kind = location.kind()
    if kind == fs.FileType.Directory:
        return _of_folder(location, pattern="**")
    if kind == fs.FileType.File:
        return _of_file(videos, location)
    if kind == fs.FileType.Unknown:
        raise VideosError(f"--videos {videos} is a pipe, a socket or a device; give a folder, a glob, or a file")
    if MAGIC & set(location.path):
        return _of_folder(*split_glob(location))
    raise VideosError(f"--videos {videos} does not exist; give a folder, a glob, or a manifest.jsonl")


def _of_file(videos: str, location: Location) -> Inputs:
    name = location.path.rpartition("/")[2]
    if name.lower().endswith(_MANIFESTS):
        return _inputs([VideoSource(ref, place) for ref, place in read_manifest(location)])
    if name.lower().endswith(_OTHER_LISTS):
        raise VideosError(
            f"--videos {videos} is not a video; to list videos, give a manifest that ends with .jsonl and has one line "
            'for each video, such as {"uri": "a.mp4"}'
        )
    return Inputs((VideoSource(VideoRef(uri=name), location),), 0)


def _of_folder(base: Location, pattern: str) -> Inputs:
    matching = sorted(files_that_fit(base, pattern))
    sources = [_source(base, uri, path) for uri, path in matching if _is_named_as_video(uri)]
    return _inputs(sources, ignored_files=len(matching) - len(sources))


def _source(base: Location, uri: str, path: str) -> VideoSource:
    """A file of a folder; one whose name is not UTF-8 stands under its escaped name."""
    if is_utf8(uri):
        return VideoSource(VideoRef(uri=uri), Location(base.filesystem, path))
    return VideoSource(VideoRef(uri=printable(uri)), base / printable(uri), "its name is not UTF-8")


def _inputs(sources: Sequence[VideoSource], ignored_files: int = 0) -> Inputs:
    """The files that can be opened without waiting for ever; the others are counted as ignored."""
    taken = tuple(source for source in sources if not source.location.is_special)
    return Inputs(taken, ignored_files + len(sources) - len(taken))


def _is_named_as_video(path: str) -> bool:
    name = path.rpartition("/")[2]
    return not name.startswith(".") and name.rpartition(".")[2].lower() in EXTENSIONS
