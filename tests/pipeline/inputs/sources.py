"""What the tests of the inputs share."""

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
from pyarrow import fs

from pipeline.inputs.hash_cache import HashCache
from pipeline.inputs.videos import VideoSource
from pipeline.storage.location import Location


def uris(sources: Iterable[VideoSource]) -> list[str]:
    """Their uris, in order."""
    return [source.ref.uri for source in sources]


def cache(folder: Path) -> HashCache:
    """The hash cache of a folder."""
    return HashCache(Location.parse(str(folder / "hashes.json")))


class LockedFiles(fs.FileSystemHandler):
    """A local filesystem on which no file can be opened: tests may run as root, who may open all."""

    def get_type_name(self) -> str:
        """Name of the filesystem."""
        return "locked"

    def get_file_info(self, paths: list[str]) -> list[fs.FileInfo]:
        """What the disk holds there."""
        return list(fs.LocalFileSystem().get_file_info(paths))

    def open_input_file(self, path: str) -> pa.NativeFile:
        """Refuse to open."""
        raise PermissionError(13, "Permission denied", path)

    open_input_stream = open_output_stream = open_append_stream = open_input_file

    def _refuse(self, *arguments: object) -> None:
        raise NotImplementedError(arguments)

    copy_file = create_dir = delete_dir = delete_dir_contents = delete_file = delete_root_dir_contents = _refuse
    get_file_info_selector = move = normalize_path = _refuse
