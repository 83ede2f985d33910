"""Times of frames whose container times cannot be taken as they are: they start anew, repeat, or are missing.

Legend: P = packets in the order of the file (decode order), F = frames in the order in which they are shown. Times are
in ticks of the stream.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stages.video.packets import PacketRow

_BACK_SECONDS = 0.1
_AHEAD_SECONDS = 10.0
"""As FFmpeg's command line has it: times that go back by more than the first, or ahead by more than the second in a
format whose times may jump, start anew."""
_MOST_REORDERED = 16
"""Most pictures that H.264 or H.265 hold back to show them in another order."""


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
    """The time at which the picture of each packet is shown."""

    pts_P: tuple[int | None, ...]
    """Without the jumps; None if unknown."""
    is_joined: bool
    """Whether there were jumps, so that these are not the container's times."""


def continuous_times(rows: Sequence[PacketRow], clock: Clock) -> PacketTimes:
    """The packets' times, with those after each jump moved so that they follow one frame after those before it.

    Decode times never decrease in one stream, so where they do, another one was joined to it.
    """
    offset, is_joined = 0, False
    last_dts: int | None = None
    step = clock.frame_ticks or 0.0
    pts_P: list[int | None] = []
    for row in rows:
        step = row.duration or step
        far = max(_AHEAD_SECONDS * clock.ticks_per_second, _MOST_REORDERED * step)
        if row.dts is not None:
            if last_dts is not None and _is_jump(row, row.dts + offset - last_dts, step, far, clock):
                offset += last_dts + max(round(step), 1) - (row.dts + offset)
                is_joined = True
            last_dts = row.dts + offset
        is_believed = row.pts is not None and (row.dts is None or abs(row.pts - row.dts) <= far)
        pts_P.append(row.pts + offset if row.pts is not None and is_believed else None)
    return PacketTimes(tuple(pts_P), is_joined)


def _is_jump(row: PacketRow, ticks: int, step: float, far: float, clock: Clock) -> bool:
    """Whether another stream begins with this packet, whose decode time is so many ticks after the one before."""
    if ticks < -_BACK_SECONDS * clock.ticks_per_second:
        # Matroska stores no decode times: FFmpeg derives them, and may be wrong by the pictures held back
        return clock.may_jump or ticks < -_MOST_REORDERED * step
    return clock.may_jump and ((ticks <= 0 and row.role.is_entry) or ticks > far)


def frame_times(known_F: Sequence[int | None], frame_ticks: float | None) -> NDArray[np.float64] | None:
    """Strictly increasing times of the frames that a decoder gave, in its order; None if neither is known.

    The decoder's order is the order of showing. Known times are handed out in increasing order, so that no frame loses
    its place to a wrong time; a repeated one counts once. Frames without a time lie evenly between their neighbours, or
    follow at the stream's rate. If most times are missing, all frames follow the first known one at that rate.
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
