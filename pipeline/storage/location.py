"""A file or folder on a local disk or an object store, reached the same way on both."""

import hashlib
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import unquote

import pyarrow as pa
from pyarrow import fs

from schemas.errors import UserError
from schemas.problems import one_line
from trainer.atomic_file import sync, write_whole

_COPY_BYTES = 4 << 20
_ADDRESS = re.compile("[A-Za-z][A-Za-z0-9+.-]*://")
MAGIC = frozenset("*?[")
"""Characters that make a part of a path a pattern."""


@dataclass(frozen=True)
class Entry:
    """One file found under a location."""

    path: str
    """Its path on its filesystem."""
    size_bytes: int
    mtime_ns: int
    """Time of the last change in nanoseconds; 0 if the store does not report it."""

    @classmethod
    def of(cls, info: fs.FileInfo) -> "Entry":
        """The entry that pyarrow describes."""
        return cls(info.path, info.size, info.mtime_ns or 0)


def is_utf8(path: str) -> bool:
    """Whether a path is text: Python holds bytes that are not UTF-8 as lone surrogates."""
    return path.isascii() or path == path.encode(errors="ignore").decode()


@dataclass(frozen=True)
class Location:
    """A path on a pyarrow filesystem. It can be pickled, so a worker on another machine can use it.

    Raises UserError if no file can have that path.
    """

    filesystem: fs.FileSystem
    path: str

    def __post_init__(self) -> None:
        if not is_utf8(self.path):
            raise UserError(f"{self.path!r} is not UTF-8; rename it")
        if "\0" in self.path:
            raise UserError(f"{self.path!r} holds a NUL character, which no path may hold; remove it")
        if not self.is_local:
            _refuse_empty_part(str(self))

    @classmethod
    def parse(cls, text: str) -> "Location":
        """A local path, `file:///path`, `s3://bucket/key` or `gs://bucket/key`.

        The environment variable AWS_ENDPOINT_URL selects an S3 server other than Amazon's. Raises UserError for any
        other address, and for a bucket that does not exist or cannot be reached.
        """
        if not text.strip():
            raise UserError(f"{text!r} is not a path; give a path, or an s3:// or gs:// address")
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
            raise UserError(f"{text!r} does not name a bucket; give {scheme}://bucket/path")
        _refuse_empty_part(text)
        path = rest.rstrip("/")
        return cls(_store(text, scheme, path.partition("/")[0]), path)

    def __truediv__(self, name: str) -> "Location":
        return Location(self.filesystem, f"{self.path}/{name}")

    def __str__(self) -> str:
        """The path, or the address on a store; it parses to the same location."""
        return self.path if self.is_local else f"{self.filesystem.type_name}://{self.path}"

    @property
    def is_local(self) -> bool:
        """Whether it is on a disk of this machine, or on one mounted there."""
        return isinstance(self.filesystem, fs.LocalFileSystem)

    def kind(self) -> fs.FileType:
        """File, Directory, NotFound, or Unknown for a pipe, socket or device. OSError if it cannot be looked up."""
        return self.filesystem.get_file_info(self.path).type

    def is_file(self) -> bool:
        """Whether a regular file is there."""
        return bool(self.kind() == fs.FileType.File)

    @property
    def is_special(self) -> bool:
        """Whether a pipe, socket or device is there, or a link to one: opening it might wait for ever."""
        if not self.is_local:
            return False
        try:
            mode = os.stat(self.path).st_mode  # noqa: PTH116 a Path would be built for every file of a folder
        except OSError:  # reading it will show what is wrong
            return False
        return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))

    def entry(self) -> Entry:
        """The file that is there. FileNotFoundError if there is none, OSError if it is not a regular file."""
        info = self.filesystem.get_file_info(self.path)
        if info.type == fs.FileType.NotFound:
            raise FileNotFoundError(str(self))
        if info.type != fs.FileType.File:
            raise OSError(f"{self} is not a file")
        return Entry.of(info)

    def entries(self) -> Iterator[Entry]:
        """Every file below this folder, sorted by path; nothing if the folder does not exist."""
        selector = fs.FileSelector(self.path, recursive=True, allow_not_found=True)
        found = (Entry.of(i) for i in self.filesystem.get_file_info(selector) if i.type == fs.FileType.File)
        return iter(sorted(found, key=lambda entry: entry.path))

    @contextmanager
    def open_read(self) -> Iterator[BinaryIO]:
        """A seekable stream of the file's bytes. OSError if it cannot be read."""
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

    def sha256(self) -> str:
        """SHA-256 of the file's bytes, hex. OSError if it cannot be read."""
        with self.filesystem.open_input_stream(self.path, compression=None, buffer_size=_COPY_BYTES) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def write_bytes(self, content: bytes) -> None:
        """Write the file so that it exists whole or not at all. OSError if it cannot be written."""
        if self.is_local:
            write_whole(Path(self.path), content)
            return
        with self.filesystem.open_output_stream(self.path) as stream:
            stream.write(content)

    def adopt(self, local: Path) -> None:
        """Move a finished local file to this place, whole or not at all."""
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
        """Delete the file if it exists."""
        if self.is_file():
            self.filesystem.delete_file(self.path)


def is_address(text: str) -> bool:
    """Whether the text starts with a scheme such as `s3://`; any other text is a path."""
    return _ADDRESS.match(text) is not None


def _refuse_empty_part(address: str) -> None:
    if "//" in address.partition("://")[2]:
        raise UserError(f"{address!r} has an empty part between two slashes, which no store accepts; remove it")


def _path_of_file_address(address: str, rest: str) -> str:
    host, slash, path = rest.partition("/")
    if host not in ("", "localhost") or not slash:
        raise UserError(f"{address!r} does not name a file of this machine; give file:///path with three slashes")
    return str(Path(unquote(slash + path)))


def _store(address: str, scheme: str, bucket: str) -> fs.FileSystem:
    """The store that holds a bucket, in the bucket's own region; the default region if the bucket is a pattern."""
    known = "" if MAGIC & set(bucket) else bucket
    try:
        filesystem, _ = fs.FileSystem.from_uri(f"{scheme}://{known}")
    except (pa.ArrowInvalid, OSError) as error:
        raise UserError(f"{address!r} cannot be used: {one_line(error)}; check the bucket and the network") from error
    return filesystem


def filesystem_error(error: OSError) -> str:
    """What went wrong, in one line, without the path."""
    return one_line(error.strerror or error)
