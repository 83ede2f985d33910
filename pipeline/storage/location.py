"""A file or folder on a local disk or an object store, reached the same way on both."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import unquote

from pyarrow import fs

from pipeline.storage.disk_full import NO_ROOM, full_disk_told
from schemas.errors import UserError
from schemas.problems import one_line
from trainer.atomic_file import sync, write_whole

_COPY_BYTES = 4 << 20
_ADDRESS = re.compile("[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True)
class Entry:
    """One file found under a location."""

    path: str
    """Path on its filesystem."""
    size_bytes: int
    """Size in bytes."""
    mtime_ns: int
    """Time of the last change in nanoseconds; 0 where the store does not say."""

    @classmethod
    def of(cls, info: fs.FileInfo) -> "Entry":
        """What a filesystem says of a file."""
        return cls(info.path, info.size, info.mtime_ns or 0)


@dataclass(frozen=True)
class Location:
    """A path on a pyarrow filesystem. It can be pickled, so a worker on another machine can use it.

    UserError where no file can have that path.
    """

    filesystem: fs.FileSystem
    path: str

    def __post_init__(self) -> None:
        if "\0" in self.path:
            raise UserError(f"{self.path!r} holds a NUL character, which no path can; remove it")
        if "//" in self.path and not self.is_local:
            raise UserError(f"{str(self)!r} has an empty part between two slashes, which no store takes; remove it")

    @classmethod
    def parse(cls, text: str) -> "Location":
        """A local path, `file:///path`, `s3://bucket/key` or `gs://bucket/key`; UserError for any other address.

        AWS_ENDPOINT_URL names an S3 server of one's own.
        """
        if not is_address(text):
            return cls(fs.LocalFileSystem(), str(Path(text).absolute()))
        scheme, _, rest = text.partition("://")
        scheme = scheme.lower()
        if scheme == "file":
            return cls(fs.LocalFileSystem(), _path_of_file_address(text, rest))
        if scheme not in ("s3", "gs"):
            raise UserError(
                f"{text!r}: {scheme}:// cannot be used; allowed are local paths, file://, s3:// and gs://; "
                "copy what lies there to one of them"
            )
        if not rest.rstrip("/") or rest.startswith("/"):
            raise UserError(f"{text!r} names no bucket; give {scheme}://bucket/path")
        return cls(_s3() if scheme == "s3" else fs.GcsFileSystem(), rest.rstrip("/"))

    def __truediv__(self, name: str) -> "Location":
        return Location(self.filesystem, f"{self.path}/{name}")

    def __str__(self) -> str:
        return self.path if self.is_local else f"{self.filesystem.type_name}://{self.path}"

    @property
    def is_local(self) -> bool:
        """Whether it lies on a disk of this machine (or one mounted on it)."""
        return isinstance(self.filesystem, fs.LocalFileSystem)

    def kind(self) -> fs.FileType:
        """File, Directory or NotFound; PermissionError and other OSErrors where it cannot be told."""
        return self.filesystem.get_file_info(self.path).type

    def is_file(self) -> bool:
        """Whether a file lies there."""
        return bool(self.kind() == fs.FileType.File)

    def entry(self) -> Entry:
        """The file that lies there; FileNotFoundError where none does."""
        info = self.filesystem.get_file_info(self.path)
        if info.type != fs.FileType.File:
            raise FileNotFoundError(str(self))
        return Entry.of(info)

    def entries(self) -> Iterator[Entry]:
        """Every file below this folder, in order of path; nothing where the folder does not exist."""
        selector = fs.FileSelector(self.path, recursive=True, allow_not_found=True)
        found = (Entry.of(i) for i in self.filesystem.get_file_info(selector) if i.type == fs.FileType.File)
        return iter(sorted(found, key=lambda entry: entry.path))

    @contextmanager
    def open_read(self) -> Iterator[BinaryIO]:
        """A seekable stream of the file's bytes; OSError where it cannot be read."""
        with self.filesystem.open_input_file(self.path) as stream:
            yield cast("BinaryIO", stream)

    def read_bytes(self) -> bytes:
        """All bytes of the file."""
        with self.open_read() as stream:
            return stream.read()

    def copy_to(self, local: Path) -> None:
        """Copy the file to a path of this machine."""
        with self.open_read() as source, local.open("wb") as target:
            shutil.copyfileobj(source, target, _COPY_BYTES)

    def write_bytes(self, content: bytes) -> None:
        """Write the file so that it exists whole or not at all; OSError where it cannot be written."""
        if self.is_local:
            write_whole(Path(self.path), content)
            return
        with self.filesystem.open_output_stream(self.path) as stream:
            stream.write(content)

    def adopt(self, local: Path) -> None:
        """Make a finished local file this one, whole or not at all; the local file is gone afterwards."""
        if self.is_local:
            Path(self.path).parent.mkdir(parents=True, exist_ok=True)
            sync(local)
            local.replace(self.path)
            sync(Path(self.path).parent)
            return
        with local.open("rb") as source, self.filesystem.open_output_stream(self.path) as target:
            shutil.copyfileobj(source, target, _COPY_BYTES)
        local.unlink()

    def delete(self) -> None:
        """Delete the file; nothing where there is none."""
        if self.is_file():
            self.filesystem.delete_file(self.path)


class FetchError(Exception):
    """A file could not be fetched from its store; the store's own client has tried several times."""


@contextmanager
def local_copy(location: Location) -> Iterator[Path]:
    """The file as a path on this machine: itself where it is local, else a copy that lives as long as the context.

    Raises FetchError, or OutputError where the temporary disk has no room for the copy.
    """
    if location.is_local:
        yield Path(location.path)
        return
    with ExitStack() as stack:
        remedy = "make room or name another folder in TMPDIR"
        with full_disk_told(f"a copy of {location} in {tempfile.gettempdir()}", remedy):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="vidpref-"))
            copy = Path(folder) / Path(location.path).name
            _fetch(location, copy)
        yield copy


def _fetch(location: Location, copy: Path) -> None:
    try:
        location.copy_to(copy)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise
        raise FetchError(str(location)) from error


def is_address(text: str) -> bool:
    """Whether it starts with a scheme, as `s3://` does; anything else is a path."""
    return _ADDRESS.match(text) is not None


def _path_of_file_address(address: str, rest: str) -> str:
    host, slash, path = rest.partition("/")
    if host not in ("", "localhost") or not slash:
        raise UserError(f"{address!r} names no file of this machine; give file:///path with three slashes")
    return str(Path(unquote(slash + path)))


def _s3() -> fs.S3FileSystem:
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if endpoint is None:
        return fs.S3FileSystem()
    scheme, _, host = endpoint.rpartition("://")
    return fs.S3FileSystem(endpoint_override=host, scheme=scheme or "https", allow_bucket_creation=False)


def filesystem_error(error: OSError) -> str:
    """What went wrong, in one line."""
    return one_line(error.strerror or error)
