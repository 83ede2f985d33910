"""What is in the files: a SHA-256 of each, kept in a ledger so that a resume does not read everything again."""

import hashlib
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from pipeline.inputs.hash_cache import Ledger
from pipeline.inputs.videos import Source
from pipeline.storage.location import Location
from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.errors import VideosError
from schemas.video import VideoRef

_READ_BYTES = 4 << 20
_THREADS = 8  # reading waits for the disk or the network; hashlib releases the interpreter
_SAVE_EVERY_SECONDS = 30.0
STAGE = "inputs"


@dataclass(frozen=True)
class Video:
    """One distinct content, under that of its uris of which most is given, the least where several are."""

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
    """Hash every file that the ledger does not know; VideosError where two contents would have one video id.

    Drops: UNREADABLE where a file cannot be opened or read, DUPLICATE where another uri of the same content is taken.
    """
    holders: dict[str, list[Source]] = {}
    drops: list[Drop] = []
    with ThreadPoolExecutor(_THREADS) as pool:
        saved = time.monotonic()
        for source, result in pool.map(lambda s: (s, _hash(s, ledger)), sources):
            if isinstance(result, Drop):
                drops.append(result)
            else:
                holders.setdefault(result, []).append(source)
            if time.monotonic() - saved > _SAVE_EVERY_SECONDS:
                ledger.save()
                saved = time.monotonic()
    ledger.save()
    videos = []
    for sha, same in sorted(holders.items()):
        taken, *others = sorted(same, key=_least_given_last)
        videos.append(Video(taken.ref, taken.location, sha))
        drops += [_duplicate(other, sha, taken) for other in others]
    _refuse_shared_ids(videos)
    return Contents(tuple(videos), tuple(drops))


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


def _least_given_last(source: Source) -> tuple[int, str]:
    """Sorts the source of which the user says most to the front: what is given is never lost to a bare uri."""
    ref = source.ref
    return sum(value is None for value in (ref.id, ref.source, ref.split, ref.licence)), ref.uri


def _refuse_shared_ids(videos: Iterable[Video]) -> None:
    """An id of the user's own may be no other video's, nor the hash from which the ids of its clips are made."""
    holders: dict[str, Video] = {}
    for video in videos:
        for name in (video.video_id, video.content_sha256[:16]):
            other = holders.setdefault(name, video)
            if other is not video:
                raise VideosError(
                    f"{other.ref.uri} and {video.ref.uri} would both be {name!r} in the set: the id of one is the "
                    "start of the other's SHA-256; give it another id in the manifest"
                )


def _duplicate(source: Source, content_sha256: str, taken: Source) -> Drop:
    own = source.ref.id or f"{content_sha256[:16]}@{source.ref.uri}"
    return _drop(source, DropReason.DUPLICATE, own, f"same content as {taken.ref.uri}")


def _drop(source: Source, reason: DropReason, video_id: str | None, detail: str) -> Drop:
    ref, cause = source.ref, DropCause(reason, detail)
    return cause.drop(video_id or ref.uri, ItemType.VIDEO, STAGE, video_id=ref.id, uri=ref.uri)
