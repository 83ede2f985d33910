"""What is in the files: a SHA-256 of each, kept in a ledger so that a resume does not read everything again."""

import hashlib
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from pipeline.inputs.ledger import Ledger
from pipeline.inputs.videos import Source
from pipeline.location import Location
from schemas.drop import Drop, DropReason, ItemType
from schemas.video import VideoRef

_READ_BYTES = 4 << 20
_THREADS = 8  # reading waits for the disk or the network; hashlib releases the interpreter
_SAVE_EVERY_SECONDS = 30.0
STAGE = "inputs"


@dataclass(frozen=True)
class Video:
    """One distinct content, under the least of the uris that hold it."""

    ref: VideoRef
    location: Location
    content_sha256: str
    """SHA-256 of the file, hex."""

    @property
    def video_id(self) -> str:
        """The id of the video in the set."""
        return self.ref.video_id(self.content_sha256)


@dataclass(frozen=True)
class Contents:
    """The distinct videos, in order of content hash, and the files that are not taken."""

    videos: tuple[Video, ...]
    drops: tuple[Drop, ...]


def read_contents(sources: Iterable[Source], ledger: Ledger) -> Contents:
    """Hash every file that the ledger does not know.

    Drops: UNREADABLE where a file cannot be opened or read, DUPLICATE where a lesser uri has the same content.
    """
    first: dict[str, Video] = {}
    drops: list[Drop] = []
    with ThreadPoolExecutor(_THREADS) as pool:
        saved = time.monotonic()
        for source, result in pool.map(lambda s: (s, _hash(s, ledger)), sources):
            if isinstance(result, Drop):
                drops.append(result)
            elif result in first:
                drops.append(_duplicate(source, result, first[result]))
            else:
                first[result] = Video(source.ref, source.location, result)
            if time.monotonic() - saved > _SAVE_EVERY_SECONDS:
                ledger.save()
                saved = time.monotonic()
    ledger.save()
    return Contents(tuple(first[sha] for sha in sorted(first)), tuple(drops))


def hash_file(location: Location) -> str:
    """SHA-256 of a file, hex; OSError where it cannot be read."""
    digest = hashlib.sha256()
    with location.open_read() as stream:
        while chunk := stream.read(_READ_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _hash(source: Source, ledger: Ledger) -> str | Drop:
    try:
        entry = source.location.entry()
        known = ledger.get(entry)
        return known or ledger.put(entry, hash_file(source.location))
    except OSError as error:
        phrase = "does not exist" if isinstance(error, FileNotFoundError) else "cannot be read"
        return _drop(source, DropReason.UNREADABLE, source.ref.id, phrase)


def _duplicate(source: Source, content_sha256: str, first: Video) -> Drop:
    own = source.ref.id or f"{content_sha256[:16]}@{source.ref.uri}"
    return _drop(source, DropReason.DUPLICATE, own, f"same content as {first.ref.uri}")


def _drop(source: Source, reason: DropReason, video_id: str | None, detail: str) -> Drop:
    return Drop(
        item_id=video_id or source.ref.uri,
        item_type=ItemType.VIDEO,
        video_id=source.ref.id,
        uri=source.ref.uri,
        stage=STAGE,
        reason=reason,
        detail=detail,
    )
