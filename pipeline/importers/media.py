"""The files below a folder of videos, found by the names that sources give them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.importers.item import NamedVideo
from pipeline.importers.left_out import ImportReason
from pipeline.inputs.videos import EXTENSIONS, find_videos
from pipeline.storage.location import Location
from schemas.errors import VideosError


def stem(name: str) -> str:
    """A path without the extension of a video."""
    head, _, extension = name.rpartition(".")
    return head if extension.lower() in EXTENSIONS and head and not head.endswith("/") else name


@dataclass(frozen=True)
class MediaFolder:
    """A folder of this machine with videos in it."""

    path: Path
    files: tuple[str, ...]
    """The videos, relative to the folder, sorted."""

    @classmethod
    def open(cls, videos: str) -> "MediaFolder":
        """List a folder. Raises VideosError if it is not a folder of this machine, or holds no video."""
        location = Location.parse(videos)
        path = Path(location.path)
        if not location.is_local or not path.is_dir():
            raise VideosError(f"--videos {videos} is not a folder of this machine; copy the videos to one")
        return cls(path, tuple(source.ref.uri for source in find_videos(videos).sources))

    def found(self, videos: Iterable[NamedVideo]) -> dict[str, str | ImportReason]:
        """The file of each video by the video's id, or why there is none.

        A name may lack its extension, and folders may lie above it: `clip7` finds `part1/clip7.mp4`. A path that fits
        from the folder on goes before one that fits at its end alone.
        """
        by_end: dict[str, list[str]] = defaultdict(list)
        for file in self.files:
            parts = PurePosixPath(stem(file)).parts
            for start in range(len(parts)):
                by_end["/".join(parts[start:])].append(file)
        known = set(self.files)
        return {video.id: _file_of(video.file.lstrip("/"), known, by_end) for video in videos}


def _file_of(wanted: str, known: Set[str], by_end: Mapping[str, list[str]]) -> str | ImportReason:
    if wanted in known:
        return wanted
    name = stem(wanted)
    fitting = by_end.get(name) or by_end.get(PurePosixPath(name).name) or []
    whole = [file for file in fitting if stem(file) == name] or fitting
    if not whole:
        return ImportReason.NO_FILE
    return whole[0] if len(whole) == 1 else ImportReason.SEVERAL_FILES
