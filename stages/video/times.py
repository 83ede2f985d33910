"""Times of frames if the container's times cannot be used as they are: they start anew, repeat, or are missing.

Legend: P = packets in the order of the file (decode order), F = frames in the order in which they are shown. Times are
in ticks of the stream.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from stages.video.packets import PacketRow

_BACK_SECONDS = 0.1
_AHEAD_SECONDS = 10.0
"""In a format whose times may jump, times start anew if they go back by more than the first of these, or ahead by more
than the second. FFmpeg's command line uses the same limits."""
_MOST_REORDERED = 16
"""Most pictures that an H.264 or H.265 decoder holds back to show them in another order."""


@dataclass(frozen=True)
class Clock:
    """How the container counts time."""

    ticks_per_second: float
    frame_ticks: float | None
    """Ticks from one frame to the next by the stream's own rate; None if it states no rate."""
    may_jump: bool
    """Whether times of the format may start anew midway."""


@dataclass(frozen=True)
class PacketTimes:
    """When the picture of each packet is shown."""

    pts_P: tuple[int | None, ...]
    """Times with all jumps removed; None if unknown."""
    is_joined: bool
    """Whether jumps were removed, so that these are not the container's times."""


def continuous_times(rows: Sequence[PacketRow], clock: Clock) -> PacketTimes:
    """The packets' times. Those after a jump are moved so that they follow one frame after those before it."""
    parts = _parts(rows, clock)
    pts_P: list[int | None] = []
    end: int | None = None
    for part in parts:
        times = [_believed(row, clock) for row in part]
        known = [time for time in times if time is not None]
        offset = end - min(known) if known and end is not None else 0
        pts_P += [None if time is None else time + offset for time in times]
        if known:
            end = max(known) + offset + max(1, round(_duration(part[-1], clock)))
    return PacketTimes(tuple(pts_P), len(parts) > 1)


def _parts(rows: Sequence[PacketRow], clock: Clock) -> list[Sequence[PacketRow]]:
    """The packets between the jumps. Decode times never decrease within a stream, so a decrease is a jump."""
    firsts = [0]
    before: PacketRow | None = None
    for number, row in enumerate(rows):
        if row.dts is None:
            continue
        if before is not None and before.dts is not None and _is_jump(row, row.dts - before.dts, clock):
            firsts.append(number)
        before = row
    return [rows[first:end] for first, end in pairwise([*firsts, len(rows)])]


def _is_jump(row: PacketRow, ticks: int, clock: Clock) -> bool:
    """Whether another stream begins with this packet. `ticks`: its decode time minus that of the packet before."""
    if ticks < -_BACK_SECONDS * clock.ticks_per_second:
        # Matroska stores no decode times; those that FFmpeg derives may be off by the pictures held back
        return clock.may_jump or ticks < -_MOST_REORDERED * _duration(row, clock)
    return clock.may_jump and ((ticks <= 0 and row.role.is_entry) or ticks > _far(row, clock))


def _believed(row: PacketRow, clock: Clock) -> int | None:
    """The packet's pts; None if it has none, or one that is too far from its decode time."""
    is_far = row.pts is not None and row.dts is not None and abs(row.pts - row.dts) > _far(row, clock)
    return None if is_far else row.pts


def _far(row: PacketRow, clock: Clock) -> float:
    """The longest believable difference between two times that belong together, ticks."""
    return max(_AHEAD_SECONDS * clock.ticks_per_second, _MOST_REORDERED * _duration(row, clock))


def _duration(row: PacketRow, clock: Clock) -> float:
    return row.duration or clock.frame_ticks or 0.0


def frame_times(known_F: Sequence[int | None], frame_ticks: float | None) -> NDArray[np.float64] | None:
    """Strictly increasing times of frames in the order of the decoder; None if neither times nor a rate are known.

    The decoder's order is the order of showing. Known times are sorted and handed out in that order; of equal times
    only the first is used. Frames without a time are spread evenly between their neighbours, or follow at the stream's
    rate. If most times are missing, all frames are placed at that rate, aligned to the first known time.
    """
    times_F = np.array([np.nan if time is None else time for time in known_F], np.float64)
    has_time = np.isfinite(times_F)
    times_F[has_time] = np.sort(times_F[has_time])
    numbers = np.flatnonzero(has_time)
    numbers = numbers[np.diff(times_F[numbers], prepend=-np.inf) > 0]
    if len(numbers) * 2 < len(times_F) or len(numbers) < 2:
        if frame_ticks is None:
            return times_F if len(numbers) == len(times_F) else None
        start = float(times_F[numbers[0]]) - int(numbers[0]) * frame_ticks if len(numbers) else 0.0
        return np.array([start + number * frame_ticks for number in range(len(times_F))], np.float64)
    known = times_F[numbers]
    step = frame_ticks or float(np.median(np.diff(known) / np.diff(numbers)))
    every_F = np.arange(len(times_F))
    outside_F = np.minimum(every_F - numbers[0], 0) + np.maximum(every_F - numbers[-1], 0)
    filled_F: NDArray[np.float64] = np.interp(every_F, numbers, known) + outside_F * step
    return filled_F
