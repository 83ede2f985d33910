"""The packets of a video stream, and which of them must be decoded to see certain frames.

Legend: P = packets in the order of the file (decode order), F = frames in the order in which they are shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
from av.packet import Packet
from av.video.stream import VideoStream
from numpy.typing import NDArray

from stages.video.nal import PacketReader, PacketRole

ENTERED_CODECS = frozenset({"h264", "hevc", "mpeg4", "mpeg2video", "mjpeg", "av1", "vp8", "vp9"})
"""Codecs of which decoding from an entry gives exact frames, tested; any other starts at the first packet."""


VideoPacket: TypeAlias = "Packet[VideoStream]"


class PacketRow(NamedTuple):
    """What the index keeps of one packet."""

    pts: int | None
    duration: int
    is_discard: bool
    is_corrupt: bool
    role: PacketRole


def packet_row(packet: VideoPacket, read: PacketReader) -> PacketRow:
    """The row of one packet that holds data."""
    role = read(memoryview(packet), packet.is_keyframe)
    return PacketRow(packet.pts, packet.duration or 0, packet.is_discard, packet.is_corrupt, role)


@dataclass(frozen=True)
class Run:
    """Packets first..last (inclusive, decode order) that are decoded without a flush between them."""

    first: int
    last: int


@dataclass(frozen=True)
class PacketIndex:
    """The frames of a stream as its packets announce them, in the order in which they are shown."""

    pts_F: NDArray[np.int64]
    """Time of each frame in ticks of the stream, increasing."""
    mark_F: NDArray[np.int64]
    """The time that the decoder hands out with each frame: another one where the container has no times of showing
    (AVI) and the decoder's order of output tells them."""
    packet_F: NDArray[np.intp]
    """The packet that each frame comes from; empty where frames are found by decoding in order."""
    entry_F: NDArray[np.intp]
    """The packet at which decoding has to start to see each frame."""
    droppable_P: NDArray[np.bool_]
    """Packets that nothing is predicted from."""
    end_pts: int
    """The tick at which the last frame is over."""

    @property
    def is_planned(self) -> bool:
        """Whether frames can be decoded from entries; otherwise only in order from the first packet."""
        return len(self.packet_F) > 0

    def runs(self, numbers: Iterable[int]) -> list[Run]:
        """What to feed to see the frames of these numbers (ascending), in the order of the file."""
        runs: list[Run] = []
        for number in numbers:
            entry, packet = int(self.entry_F[number]), int(self.packet_F[number])
            if runs and entry <= runs[-1].last + 1:
                runs[-1] = Run(runs[-1].first, max(runs[-1].last, packet))
            else:
                runs.append(Run(entry, packet))
        return runs

    def fed_P(self, numbers: Sequence[int]) -> NDArray[np.bool_]:
        """Which packets have to be decoded to see the frames of these numbers (ascending), shape (P,)."""
        fed = np.zeros(len(self.droppable_P), np.bool_)
        for run in self.runs(numbers):
            fed[run.first : run.last + 1] = True
        fed &= ~self.droppable_P
        fed[self.packet_F[np.asarray(numbers, np.intp)]] = True
        return fed


def planned_index(codec: str, rows: Sequence[PacketRow]) -> PacketIndex | None:
    """The index of an undamaged stream whose packets tell the times of its frames; None for any other."""
    if not rows or not rows[0].role.is_entry:
        return None
    if any(row.pts is None or row.is_corrupt or row.role.is_several for row in rows):
        return None
    pts_P = np.array([row.pts for row in rows], np.int64)
    entries = np.flatnonzero([row.role.is_entry for row in rows]) if codec in ENTERED_CODECS else np.zeros(1, np.intp)
    packet_F = _shown(rows, pts_P, int(entries[1]) if len(entries) > 1 else len(rows))
    pts_F = pts_P[packet_F]
    entry_F = _entries_of(packet_F, pts_P, entries)
    if entry_F is None or not len(pts_F) or np.any(np.diff(pts_F) == 0):
        return None
    end_pts = end_of(pts_F, rows[packet_F[-1]].duration)
    return PacketIndex(pts_F, pts_F, packet_F, entry_F, _droppable(rows), end_pts)


def _shown(rows: Sequence[PacketRow], pts_P: NDArray[np.int64], second_entry: int) -> NDArray[np.intp]:
    """The packets whose frames are shown, in the order shown."""
    is_shown = np.array([not row.is_discard for row in rows])
    # pictures that lean on what came before the first entry never come out
    is_shown[:second_entry] &= ~np.array([row.role.skips_on_entry for row in rows[:second_entry]])
    packet_F = np.flatnonzero(is_shown)
    return packet_F[np.argsort(pts_P[packet_F], kind="stable")]


def _entries_of(
    packet_F: NDArray[np.intp], pts_P: NDArray[np.int64], entries: NDArray[np.intp]
) -> NDArray[np.intp] | None:
    """For each frame the last entry before its packet that is not shown after it; None where there is none."""
    place_F = np.searchsorted(entries, packet_F, side="right") - 1
    late = np.flatnonzero(pts_P[entries[place_F]] > pts_P[packet_F])
    for frame in late:
        while place_F[frame] >= 0 and pts_P[entries[place_F[frame]]] > pts_P[packet_F[frame]]:
            place_F[frame] -= 1
    return None if np.any(place_F < 0) else entries[place_F]


def _droppable(rows: Sequence[PacketRow]) -> NDArray[np.bool_]:
    top = max(row.role.layer for row in rows)
    return np.array([row.role.disposable_layer == top for row in rows])


def end_of(pts_F: NDArray[np.int64], last_duration: int) -> int:
    """The tick at which the last frame is over; without a duration it lasts as long as the one before it."""
    if last_duration <= 0 and len(pts_F) > 1:
        last_duration = int(pts_F[-1] - pts_F[-2])
    return int(pts_F[-1]) + max(last_duration, 0)


def in_order_index(frames: Sequence[tuple[int, int]]) -> PacketIndex | None:
    """The index of the (pts, duration) pairs that decoding in order gave, in its order; None where there are none.

    That order is the order of showing; where the times do not increase along it they are handed out anew in order. Of
    frames with one time the first counts.
    """
    duration_of: dict[int, int] = {}
    for pts, duration in frames:
        duration_of.setdefault(pts, duration)
    if not duration_of:
        return None
    mark_F = np.array(list(duration_of), np.int64)
    pts_F = np.sort(mark_F)
    none = np.zeros(0, np.intp)
    return PacketIndex(pts_F, mark_F, none, none, np.zeros(0, np.bool_), end_of(pts_F, duration_of[int(pts_F[-1])]))
