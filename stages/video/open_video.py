"""An open video: its facts, and its frames by number, decoded from as few packets as that takes.

The reference that every frame is bit-equal to is decoding the video stream in order. Frames come by the packet plan of
`stages.video.packets`. If a stream is damaged, if its times cannot be taken as they are, or if its codec cannot be
entered at keyframes, frames come by decoding in order; frames that the decoder marks as corrupt are not used.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import TypeVar

import av
import numpy as np
from av.error import FFmpegError
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from schemas.drop import DropReason
from stages.video.container import (
    VideoPacket,
    data_packets,
    has_times,
    may_jump,
    on_one_thread,
    opened,
    video_stream,
    video_streams,
)
from stages.video.nal import packet_reader
from stages.video.orientation import Display, Orientation, orientation_of
from stages.video.packets import PacketIndex, PacketRow, in_order_index, packet_row, planned_index
from stages.video.times import Clock, continuous_times, frame_times
from stages.video.unusable import UnusableVideo

T = TypeVar("T")
PacketOrEnd = TypeVar("PacketOrEnd", "VideoPacket", "VideoPacket | None")

KEPT_BYTES = 64 * 2**20
"""Packets of files up to this size stay in memory between finding and decoding them; larger files are read twice."""


class PlanBroken(Exception):  # noqa: N818  it says what happened; never leaves this folder's decoding
    """Decoding by the plan met an error or a corrupt frame, or did not give the frames in the order planned."""


@dataclass(frozen=True)
class VideoFacts:
    """What a file states about itself, and what its packets show."""

    codec: str
    """Name of the codec, as FFmpeg has it."""
    duration_seconds_from_header: float | None
    """Duration in the container's header; headers are often wrong."""
    start_seconds: float
    """Time of the first frame."""
    end_seconds: float
    """Time at which the last frame ends."""
    duration_seconds_measured: float
    """From the start of the first frame to the end of the last one."""
    frame_count_measured: int


class OpenVideo:
    """The video stream of an open file.

    Every packet goes to the decoder with its number in the file as pts. The decoder hands that number out with the
    picture that it makes of the packet, so each picture is known even if the container's times repeat or are missing.
    """

    def __init__(self, path: Path) -> None:
        """Read all packets once, without decoding.

        Raises: UnusableVideo with EMPTY_FILE, UNREADABLE, UNDECODABLE, NO_VIDEO_STREAM or NO_TIMES.
        """
        self._path = path
        if not _size(path):
            raise UnusableVideo(DropReason.EMPTY_FILE, measured=0)
        self._container = opened(path)
        try:
            self._choose_stream()
            self._find_frames()
        except UnusableVideo:
            self.close()
            raise

    def _choose_stream(self) -> None:
        """Read the packets of the best stream, or of the next one if it turns out to be a single picture."""
        ranked = [stream.index for stream in video_streams(self._container)]
        for index in ranked:
            self._stream = on_one_thread(video_stream(self._container, index))
            self._kept: list[VideoPacket] | None = [] if _size(self._path) <= KEPT_BYTES else None
            self._rows, self._is_whole = self._scan()
            if len(self._rows) > 1 or index == ranked[-1]:
                return
            self._container.close()
            self._container = opened(self._path)

    def _find_frames(self) -> None:
        context = self._stream.codec_context
        self.codec = context.codec.canonical_name
        stated, self._coded_aspect = self._stream.sample_aspect_ratio, context.sample_aspect_ratio
        self._container_aspect = stated if stated != self._coded_aspect else None
        self._changed_aspects: dict[int, Fraction] = {}
        self._orientations: dict[int, Orientation] = {}
        """By `frame.rotation`: a stream that mirrors its pictures mirrors all that are turned alike."""
        self._clock = self._measured_clock()
        self._times = continuous_times(self._rows, self._clock)
        is_plain = self._is_whole and has_times(self._container) and not self._times.is_joined
        reorders = bool(context.has_b_frames)
        planned = planned_index(self.codec, self._rows, self._times.pts_P, reorders=reorders) if is_plain else None
        self.index = planned or self._decoded_in_order()

    def close(self) -> None:
        """Close the file."""
        self._kept = None
        self._container.close()

    @property
    def times_F(self) -> NDArray[np.float64]:
        """Time of every frame in the order shown, seconds, shape (F,).

        It is the container's time, unless that starts anew, repeats or is missing.
        """
        return self._seconds(self.index.pts_F)

    @property
    def facts(self) -> VideoFacts:
        """What the header states, and what was measured."""
        header = self._container.duration
        start, end = (float(t) for t in self._seconds(np.array([self.index.pts_F[0], self.index.end_pts])))
        return VideoFacts(
            codec=self.codec,
            duration_seconds_from_header=None if header is None else header / av.time_base,
            start_seconds=start,
            end_seconds=end,
            duration_seconds_measured=end - start,
            frame_count_measured=len(self.index.pts_F),
        )

    def display(self, frame: VideoFrame) -> Display:
        """How a frame that `frames` gave is shown.

        The container's shape of pixels takes precedence over that of the stream, as in FFmpeg.
        """
        coded = self._coded_aspect if frame.pts is None else self._changed_aspects.get(frame.pts, self._coded_aspect)
        if frame.rotation not in self._orientations:
            self._orientations[frame.rotation] = orientation_of(frame)
        return Display(self._container_aspect or coded or Fraction(1), self._orientations[frame.rotation])

    def attempt(self, work: Callable[[], T]) -> T:
        """`work()`, and again with frames found by decoding in order if the plan breaks.

        Raises: UnusableVideo with UNDECODABLE if that fails too, and what `work` raises.
        """
        with suppress(PlanBroken, FFmpegError):
            return work()
        self.index = self._decoded_in_order()
        try:
            return work()
        except (PlanBroken, FFmpegError) as error:
            raise UnusableVideo(DropReason.UNDECODABLE) from error

    def frames(self, numbers: Sequence[int]) -> Iterator[tuple[int, VideoFrame]]:
        """Yield (number, frame) for frames of these numbers (ascending, distinct), in that order.

        Raises: PlanBroken if not all of them can be found.
        """
        waiting = set(numbers)
        for number, frame in self._planned(numbers) if self.index.is_planned else enumerate(self._in_order()):
            if number in waiting:
                waiting.discard(number)
                yield number, frame
                if not waiting:
                    return
        if waiting:
            raise PlanBroken

    def _planned(self, numbers: Sequence[int]) -> Iterator[tuple[int, VideoFrame]]:
        """Yield the frames of these numbers and no others, found by the packets that they come from."""
        number_of = {int(self.index.packet_F[number]): number for number in numbers}
        fed_P = self.index.fed_P(numbers)
        runs = iter(self.index.runs(numbers))
        run = next(runs, None)
        context = self._stream.codec_context
        context.flush_buffers()
        order = _Order(self._times.pts_P)
        try:
            for place, packet in enumerate(self._packets()):
                if run is None:
                    return
                frames = self._fed(context, packet) if fed_P[place] else []
                if place == run.last:
                    frames += self._fed(context, None)
                for frame in order.checked(frames):
                    if frame.pts in number_of:
                        yield number_of[frame.pts], frame
                if place == run.last:
                    context.flush_buffers()
                    run, order = next(runs, None), _Order(self._times.pts_P)
        except FFmpegError as error:
            raise PlanBroken from error

    def _in_order(self) -> Iterator[VideoFrame]:
        """Yield every frame that decodes, in order. Errors are passed over, and corrupt frames are left out."""
        # opened anew: after damage a flush may not bring a decoder back to its first state
        with opened(self._path) as again:
            stream = on_one_thread(video_stream(again, self._stream.index))
            for packet in chain(_numbered(data_packets(again, stream)), (None,)):
                with suppress(FFmpegError):
                    yield from (f for f in self._fed(stream.codec_context, packet) if not f.is_corrupt)

    def _fed(self, context: VideoCodecContext, packet: "VideoPacket | None") -> list[VideoFrame]:
        """The frames that the decoder gives when it is fed this packet; None for all that it still holds."""
        frames = context.decode(packet)
        if packet is not None and packet.pts is not None:
            # a stream header in the packet is read by now, and is that of the packet's own picture
            aspect = context.sample_aspect_ratio
            if aspect and aspect != self._coded_aspect:
                self._changed_aspects[packet.pts] = aspect
        return frames

    def _decoded_in_order(self) -> PacketIndex:
        """The index of the frames that decoding in order gives.

        Raises: UnusableVideo with UNDECODABLE, or with NO_TIMES if neither times nor a frame rate are known.
        """
        packet_F = [frame.pts for frame in self._in_order()]
        if not packet_F:
            raise UnusableVideo(DropReason.UNDECODABLE)
        is_timed = has_times(self._container)
        pts_F = frame_times([self._time_of(p) if is_timed else None for p in packet_F], self._clock.frame_ticks)
        if pts_F is None:
            raise UnusableVideo(DropReason.NO_TIMES)
        last = packet_F[-1]
        duration = self._rows[last].duration if is_timed and last is not None and last < len(self._rows) else 0
        return in_order_index(pts_F, duration or self._clock.frame_ticks or 0)

    def _time_of(self, packet: int | None) -> int | None:
        return self._times.pts_P[packet] if packet is not None and packet < len(self._rows) else None

    def _measured_clock(self) -> Clock:
        base = self._stream.time_base
        if not base:
            raise UnusableVideo(DropReason.UNDECODABLE)
        rate = self._stream.codec_context.framerate
        if has_times(self._container):
            rate = self._stream.average_rate or rate
        return Clock(float(1 / base), float(1 / (rate * base)) if rate else None, may_jump(self._container))

    def _scan(self) -> tuple[list[PacketRow], bool]:
        """One row per packet, and whether the file could be read to its end."""
        context = self._stream.codec_context
        read = packet_reader(context.name, context.extradata)
        rows: list[PacketRow] = []
        for packet in data_packets(self._container, self._stream):
            if packet is None:
                return rows, False
            rows.append(packet_row(packet, read))
            if self._kept is not None:
                self._kept.append(packet)
        return rows, True

    def _packets(self) -> Iterator[VideoPacket]:
        """Yield the packets of the file, from the first."""
        if self._kept is not None:
            yield from _numbered(self._kept)
            return
        with opened(self._path) as again:
            for packet in _numbered(data_packets(again, video_stream(again, self._stream.index))):
                if packet is None:
                    return
                yield packet

    def _seconds(self, ticks: NDArray[np.float64]) -> NDArray[np.float64]:
        # the same arithmetic as PyAV's frame.time, so that the two are equal and not only close
        base = self._stream.time_base or Fraction(1)
        return ticks * float(base.numerator) / float(base.denominator)


@contextmanager
def open_video(path: Path) -> Iterator[OpenVideo]:
    """Open a video and close it at the end; raises as `OpenVideo` does."""
    video = OpenVideo(path)
    try:
        yield video
    finally:
        video.close()


class _Order:
    """Checks that the frames that a decoder gives come in order of time, and that none of them is corrupt."""

    def __init__(self, pts_P: Sequence[int | None]) -> None:
        self._pts_P = pts_P
        self._last: int | None = None

    def checked(self, frames: Sequence[VideoFrame]) -> Sequence[VideoFrame]:
        """Return the same frames.

        Raises: PlanBroken if they fail the check.
        """
        for frame in frames:
            time = self._pts_P[frame.pts] if frame.pts is not None else None
            if frame.is_corrupt or time is None or (self._last is not None and time <= self._last):
                raise PlanBroken
            self._last = time
        return frames


def _numbered(packets: Iterable[PacketOrEnd]) -> Iterator[PacketOrEnd]:
    """The packets, each with its number in the file as pts."""
    for number, packet in enumerate(packets):
        if packet is not None:
            packet.pts = number
        yield packet


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise UnusableVideo(DropReason.UNREADABLE) from error
