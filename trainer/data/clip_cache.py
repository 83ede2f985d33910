"""Clips by id, read on demand from their row groups; those used last are held as JPEG, pixels only while in use."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from pydantic import ValidationError

from schemas.clip import Clip, Frame, Segment
from schemas.errors import DamagedClipError
from schemas.problems import one_line
from trainer.data.shards import ClipPlace, OpenSet

_HELD_BYTES = 512 << 20
_SEGMENTS = ("clip_id", "segments")
_ALL_ELSE = tuple(name for name in Clip.model_fields if name != "segments")
"""Frames and scene: all that most groups need. Segments are mostly four fifths of a clip."""

Columns = tuple[str, ...]
Part = Clip | tuple[Segment, ...] | DamagedClipError
"""What some columns say of a clip: all but its segments, or these; or why they cannot be used."""


@dataclass
class ClipCache:
    """Clips by id, up to `held_bytes` of JPEG; threads may share it.

    A row group is read whole, and all of its clips are held: whoever asks for neighbours one after the other reads
    each row group once.
    """

    opened: OpenSet
    places: Mapping[str, ClipPlace]
    held_bytes: int = _HELD_BYTES
    _held: OrderedDict[tuple[str, Columns], tuple[Part, int]] = field(default_factory=OrderedDict)
    """With its bytes, the one used last at the end."""
    _bytes: int = 0
    _lock: Lock = field(default_factory=Lock)
    _readers: defaultdict[Any, Lock] = field(default_factory=lambda: defaultdict(Lock))
    """One for each row group that was ever read."""

    def clip(self, clip_id: str, *, with_segments: bool = True) -> Clip:
        """The clip. KeyError if the set has none with that id, DatasetError if it cannot be read.

        DamagedClipError if the clip breaks an invariant; other clips may be read all the same.
        """
        clip = self._part(clip_id, _ALL_ELSE)
        if not isinstance(clip, Clip):
            raise TypeError(f"clip {clip_id}: frames expected, got {type(clip)}")
        return clip.model_copy(update={"segments": self._part(clip_id, _SEGMENTS)}) if with_segments else clip

    def _part(self, clip_id: str, columns: Columns) -> Clip | tuple[Segment, ...]:
        key, group = (clip_id, columns), self.places[clip_id].row_group
        if (found := self._looked_up(key)) is None:
            with self._lock:
                reader = self._readers[group]
            with reader:  # whoever needs the same row group waits for it
                if (found := self._looked_up(key)) is None:
                    found = self._read(group, key)
        if isinstance(found, DamagedClipError):
            raise DamagedClipError(str(found))
        return found

    def _looked_up(self, key: tuple[str, Columns]) -> Part | None:
        with self._lock:
            if key not in self._held:
                return None
            self._held.move_to_end(key)
            return self._held[key][0]

    def _read(self, group: Any, wanted: tuple[str, Columns]) -> Part:
        """Hold some columns of all clips of a row group, the wanted one last."""
        columns = wanted[1]
        parts = {row["clip_id"]: _made(row) for row in self.opened.read(group, columns).to_pylist()}
        with self._lock:
            for clip_id, part in parts.items():
                self._bytes -= self._held.pop((clip_id, columns), (part, 0))[1]
                self._held[clip_id, columns] = (part, _jpeg_bytes(part))
                self._bytes += self._held[clip_id, columns][1]
            self._held.move_to_end(wanted)
            while len(self._held) > 1 and self._bytes > self.held_bytes:
                self._bytes -= self._held.popitem(last=False)[1][1]
        return parts[wanted[0]]


def _made(row: Mapping[str, Any]) -> Part:
    try:
        if "segments" in row:
            return tuple(Segment.model_validate(segment) for segment in row["segments"])
        return Clip.model_validate({**row, "segments": ()})
    except ValidationError as error:
        return DamagedClipError(f"clip {row['clip_id']}: {one_line(error)}; see vidpref verify")


def _jpeg_bytes(part: Part) -> int:
    return sum(len(frame.jpeg) for frame in _frames(part))


def _frames(part: Part) -> Iterator[Frame]:
    if isinstance(part, Clip):
        yield from part.frames
    elif not isinstance(part, DamagedClipError):
        for segment in part:
            yield from segment.frames
