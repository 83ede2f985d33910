"""The content of each file by its SHA-256; hashes are cached, so that a resumed run does not read files again."""

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pipeline.inputs.hash_cache import HashCache
from pipeline.inputs.videos import VideoSource
from pipeline.storage.location import Location
from schemas.drop import Drop, DropCause, DropReason, ItemType
from schemas.errors import VideosError
from schemas.video import VideoRef

_THREADS = 8  # reading waits for the disk or the network; hashlib releases the interpreter
_SAVE_EVERY_SECONDS = 30.0
STAGE = "inputs"


@dataclass(frozen=True)
class Video:
    """One distinct file content; of several files with it, the one with most metadata, then the first by uri."""

    ref: VideoRef
    location: Location
    content_sha256: str
    """SHA-256 of the file, hex."""

    @property
    def video_id(self) -> str:
        """The id of the video in the set."""
        return self.ref.video_id(self.content_sha256)

    @property
    def unit_name(self) -> str:
        """Names what a unit is made of: the content hash, and 16 digits of the annotations' hash if there are any."""
        annotations = self.ref.annotations
        return f"{self.content_sha256}-{annotations.sha256[:16]}" if annotations else self.content_sha256


@dataclass(frozen=True)
class Contents:
    """The distinct videos, sorted by content hash, and the files that were dropped."""

    videos: tuple[Video, ...]
    drops: tuple[Drop, ...]


def read_contents(sources: Iterable[VideoSource], cache: HashCache) -> Contents:
    """Hash every file that is not in the cache. Raises VideosError if two contents would have one video id.

    Drops: UNREADABLE if a file cannot be opened or read, DUPLICATE if another file with the same content is used.
    """
    holders: dict[str, list[VideoSource]] = {}
    drops: list[Drop] = []
    with ThreadPoolExecutor(_THREADS) as pool:
        saved = time.monotonic()
        for source, result in pool.map(lambda s: (s, _hash(s, cache)), sources):
            if isinstance(result, Drop):
                drops.append(result)
            else:
                holders.setdefault(result, []).append(source)
            if time.monotonic() - saved > _SAVE_EVERY_SECONDS:
                cache.save()
                saved = time.monotonic()
    cache.save()
    videos = []
    for sha, same in sorted(holders.items()):
        used, *others = sorted(same, key=_most_metadata_first)
        videos.append(Video(used.ref, used.location, sha))
        drops += [_duplicate(other, sha, used) for other in others]
    _refuse_shared_ids(videos)
    return Contents(tuple(videos), tuple(drops))


def _hash(source: VideoSource, cache: HashCache) -> str | Drop:
    if source.problem is not None:
        return _drop(source, DropReason.UNREADABLE, source.ref.id, source.problem)
    try:
        entry = source.location.entry()
        known = cache.get(entry)
        return known or cache.put(entry, source.location.sha256())
    except FileNotFoundError:
        is_link = source.location.is_local and Path(source.location.path).is_symlink()
        return _drop(source, DropReason.UNREADABLE, source.ref.id, "a broken link" if is_link else "does not exist")
    except OSError:
        return _drop(source, DropReason.UNREADABLE, source.ref.id, "cannot be read")


def _most_metadata_first(source: VideoSource) -> tuple[int, str]:
    """A sort key by which metadata that the user gave for one of the files is never lost."""
    ref = source.ref
    return sum(value is None for value in (ref.id, ref.source, ref.split, ref.licence, ref.annotations)), ref.uri


def _refuse_shared_ids(videos: Iterable[Video]) -> None:
    """No id may belong to two videos, nor be the hash from which the ids of another video's clips are made."""
    holders: dict[str, Video] = {}
    for video in videos:
        for name in (video.video_id, video.content_sha256[:16]):
            other = holders.setdefault(name, video)
            if other is not video:
                raise VideosError(
                    f"{other.ref.uri} and {video.ref.uri} would both be {name!r} in the set: the id of one is the "
                    "start of the other's SHA-256; give it another id in the manifest"
                )


def _duplicate(source: VideoSource, content_sha256: str, used: VideoSource) -> Drop:
    own = source.ref.id or f"{content_sha256[:16]}@{source.ref.uri}"
    return _drop(source, DropReason.DUPLICATE, own, f"same content as {used.ref.uri}")


def _drop(source: VideoSource, reason: DropReason, video_id: str | None, detail: str) -> Drop:
    ref, cause = source.ref, DropCause(reason, detail)
    return cause.drop(video_id or ref.uri, ItemType.VIDEO, STAGE, video_id=ref.id, uri=ref.uri)
