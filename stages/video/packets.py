"""The packets of a video stream, and which of them must be decoded to see certain frames.

Legend: P = packets in the order of the file (decode order), F = frames in the order in which they are shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stages.video.container import VideoPacket
from stages.video.nal import PacketReader, PacketRole

ENTERED_CODECS = frozenset({"h264", "hevc", "mpeg4", "mpeg2video", "mjpeg", "av1", "vp8", "vp9"})
"""Codecs for which decoding from an entry gives exact frames, tested; any other starts at the first packet."""
_LIKELY_REORDERED = 8
"""If a stream has B-pictures, a stretch with more pictures than this between two entries most likely has one too."""


class PacketRow(NamedTuple):
    """What is remembered about one packet. Times are the container's, in ticks of the stream."""

    pts: int | None
    dts: int | None
    duration: int
    is_discard: bool
    """Its picture is not shown, though others may be predicted from it."""
    is_corrupt: bool
    has_header: bool
    """The container hands a new stream header over with it, which decoding from a later entry would miss."""
    role: PacketRole


def packet_row(packet: VideoPacket, read: PacketReader) -> PacketRow:
    """The row of one packet that holds data."""
    role = read(memoryview(packet), packet.is_keyframe)
    return PacketRow(
        pts=packet.pts,
        dts=packet.dts,
        duration=packet.duration or 0,
        is_discard=packet.is_discard,
        is_corrupt=packet.is_corrupt,
        has_header=packet.has_sidedata("new_extradata"),
        role=role,
    )


@dataclass(frozen=True)
class Run:
    """Packets first..last (inclusive, decode order) that are decoded without a flush between them."""

    first: int
    last: int


@dataclass(frozen=True)
class PacketIndex:
    """The frames of a stream as its packets announce them, in the order in which they are shown."""

    pts_F: NDArray[np.float64]
    """Time of each frame in ticks of the stream, increasing; whole ticks, unless times had to be filled in."""
    packet_F: NDArray[np.intp]
    """The packet that each frame comes from; empty if frames are found by decoding in order."""
    entry_F: NDArray[np.intp]
    """The packet at which decoding has to start to see each frame."""
    droppable_P: NDArray[np.bool_]
    """Packets that nothing is predicted from."""
    end_pts: float
    """The tick at which the last frame ends."""

    @property
    def is_planned(self) -> bool:
        """Whether frames can be decoded from entries. Otherwise all are decoded in order, the n-th being frame n."""
        return len(self.packet_F) > 0

    def runs(self, numbers: Iterable[int]) -> list[Run]:
        """The packets to feed for the frames of these numbers (ascending), in the order of the file."""
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


def planned_index(
    codec: str, rows: Sequence[PacketRow], times_P: Sequence[int | None], *, reorders: bool
) -> PacketIndex | None:
    """The index of an undamaged stream whose packets state the times of its frames; None for any other.

    `times_P`: time of each packet's picture. `reorders`: pictures may be shown in another order than that of the file.
    """
    if not rows or not rows[0].role.is_entry or None in times_P:
        return None
    if any(row.is_corrupt or row.role.is_several for row in rows) or any(row.has_header for row in rows[1:]):
        return None
    pts_P = np.array(times_P, np.int64)
    entries = np.flatnonzero([row.role.is_entry for row in rows]) if codec in ENTERED_CODECS else np.zeros(1, np.intp)
    if _hides_reordering(rows, pts_P, entries, reorders):
        return None
    packet_F = _shown(rows, pts_P, int(entries[1]) if len(entries) > 1 else len(rows))
    pts_F = pts_P[packet_F]
    entry_F = _entries_of(packet_F, pts_P, entries)
    if entry_F is None or not len(pts_F) or np.any(np.diff(pts_F) == 0):
        return None
    times_F = pts_F.astype(np.float64)
    end_pts = end_of(times_F, rows[packet_F[-1]].duration)
    return PacketIndex(times_F, packet_F, entry_F, _droppable(rows), end_pts)


def _hides_reordering(
    rows: Sequence[PacketRow], pts_P: NDArray[np.int64], entries: NDArray[np.intp], reorders: bool
) -> bool:
    """Whether the times follow the order of the file although the pictures are shown in another order.

    A B-picture follows a picture that is shown later. So if a stretch has B-pictures, its times must go back somewhere.
    """
    is_ahead_P = [row.role.is_bidirectional for row in rows]
    stretches = list(pairwise([*entries.tolist(), len(rows)]))
    if None not in is_ahead_P:
        return any(any(is_ahead_P[a:b]) and _rises(pts_P[a:b]) for a, b in stretches)
    # packets of this codec are not read: a whole stretch without a B-picture is rare, unless it is short
    return reorders and (_rises(pts_P) or any(b - a > _LIKELY_REORDERED and _rises(pts_P[a:b]) for a, b in stretches))


def _rises(pts_P: NDArray[np.int64]) -> bool:
    """Whether there are several times, each later than the one before."""
    return len(pts_P) > 1 and bool(np.all(np.diff(pts_P) > 0))


def _shown(rows: Sequence[PacketRow], pts_P: NDArray[np.int64], second_entry: int) -> NDArray[np.intp]:
    """The packets whose frames are shown, in the order shown."""
    is_shown = np.array([not row.is_discard for row in rows])
    # pictures that are predicted from before the first entry never come out
    is_shown[:second_entry] &= ~np.array([row.role.skips_on_entry for row in rows[:second_entry]])
    packet_F = np.flatnonzero(is_shown)
    return packet_F[np.argsort(pts_P[packet_F], kind="stable")]


def _entries_of(
    packet_F: NDArray[np.intp], pts_P: NDArray[np.int64], entries: NDArray[np.intp]
) -> NDArray[np.intp] | None:
    """For each frame the last entry before its packet that is not shown after it; None if a frame has none."""
    place_F = np.searchsorted(entries, packet_F, side="right") - 1
    late = np.flatnonzero(pts_P[entries[place_F]] > pts_P[packet_F])
    for frame in late:
        while place_F[frame] >= 0 and pts_P[entries[place_F[frame]]] > pts_P[packet_F[frame]]:
            place_F[frame] -= 1
    return None if np.any(place_F < 0) else entries[place_F]


def _droppable(rows: Sequence[PacketRow]) -> NDArray[np.bool_]:
    top = max(row.role.layer for row in rows)
    return np.array([row.role.disposable_layer == top for row in rows])


def end_of(pts_F: NDArray[np.float64], last_duration: float) -> float:
    """The tick at which the last frame ends; without a duration it lasts as long as the one before it."""
    if last_duration <= 0 and len(pts_F) > 1:
        last_duration = float(pts_F[-1] - pts_F[-2])
    return float(pts_F[-1]) + max(last_duration, 0)


def in_order_index(pts_F: NDArray[np.float64], last_duration: float) -> PacketIndex:
    """The index of frames that decoding in order gives, at these increasing times."""
    none = np.zeros(0, np.intp)
    return PacketIndex(pts_F, none, none, np.zeros(0, np.bool_), end_of(pts_F, last_duration))
