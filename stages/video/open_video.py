"""An open video: its facts, and its frames by number, decoded from as few packets as that takes.

The reference that every frame is bit-equal to is decoding the first video stream in order. Frames come by the
packet plan of `stages.video.packets`; where a stream is damaged, or its codec cannot be entered at keyframes, by
decoding in order, and frames that the decoder marks as corrupt are not used.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TypeVar

import av
import numpy as np
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from schemas.drop import Drop, DropReason, ItemType
from stages.video.nal import packet_reader
from stages.video.packets import PacketIndex, PacketRow, VideoPacket, in_order_index, packet_row, planned_index

T = TypeVar("T")

KEPT_BYTES = 64 * 2**20
"""Packets of files up to this size stay in memory between finding and decoding them; larger files are read twice."""


class UnusableVideo(Exception):  # noqa: N818  it says what the video is, as the drops that it becomes do
    """The file, or a clip of it, yields no frames or too few, or is one too many: it becomes a Drop."""

    def __init__(self, reason: DropReason, measured: float | None = None, limit: float | None = None) -> None:
        super().__init__(reason, measured, limit)
        self.reason = reason
        self.measured = measured
        self.limit = limit

    def drop(self, content_sha256: str, stage: str, clip_id: str | None = None) -> Drop:
        """The drop of the video, or of one clip of it."""
        video_id = content_sha256[:16]
        return Drop(
            item_id=clip_id or video_id,
            item_type=ItemType.CLIP if clip_id else ItemType.VIDEO,
            video_id=video_id,
            uri=None,
            stage=stage,
            reason=self.reason,
            measured=self.measured,
            limit=self.limit,
        )


class PlanBroken(Exception):  # noqa: N818  it says what happened; never leaves this folder's decoding
    """Decoding by the plan met an error, a corrupt frame, or missed a frame: the stream is damaged."""


@dataclass(frozen=True)
class VideoFacts:
    """What a file says of itself, and what its packets show."""

    codec: str
    """Name of the codec, as FFmpeg has it."""
    duration_seconds_from_header: float | None
    """What the container's header says; headers lie."""
    start_seconds: float
    """Container time of the first frame."""
    end_seconds: float
    """Container time at which the last frame is over."""
    duration_seconds_measured: float
    """From the first frame's start to the last one's end."""
    frame_count_measured: int
    """Frames that the stream shows."""


class OpenVideo:
    """The first video stream of an open file."""

    def __init__(self, path: Path) -> None:
        """Read all packets once, without decoding.

        Raises: UnusableVideo with EMPTY_FILE, UNREADABLE, UNDECODABLE or NO_VIDEO_STREAM.
        """
        self._path = path
        if not _size(path):
            raise UnusableVideo(DropReason.EMPTY_FILE, measured=0)
        self._kept: list[VideoPacket] | None = [] if _size(path) <= KEPT_BYTES else None
        self._container = _opened(path)
        self._stream = _first_stream(self._container)
        self.codec = self._stream.codec_context.codec.canonical_name
        rows, is_whole = self._scan()
        planned = planned_index(self.codec, rows) if is_whole and not self._is_without_times() else None
        self.index = planned or self._decoded_in_order()

    def close(self) -> None:
        """Close the file."""
        self._kept = None
        self._container.close()

    @property
    def times_F(self) -> NDArray[np.float64]:
        """Container time of every frame in the order shown, seconds, shape (F,)."""
        return self._seconds(self.index.pts_F)

    @property
    def facts(self) -> VideoFacts:
        """Header facts and measured facts, apart."""
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

    def attempt(self, work: Callable[[], T]) -> T:
        """`work()`, and again with frames found by decoding in order where the plan breaks on damage.

        Raises: UnusableVideo with UNDECODABLE where that fails too, and what `work` raises.
        """
        with suppress(PlanBroken, FFmpegError):
            return work()
        self.index = self._decoded_in_order()
        try:
            return work()
        except (PlanBroken, FFmpegError) as error:
            raise UnusableVideo(DropReason.UNDECODABLE) from error

    def frames(self, numbers: Sequence[int]) -> Iterator[tuple[int, VideoFrame]]:
        """(number, frame) for frames of these numbers (ascending, distinct), in that order.

        Raises: PlanBroken where the plan cannot give them.
        """
        number_of = {int(self.index.mark_F[number]): number for number in numbers}
        decoded = self._planned(numbers) if self.index.is_planned else self._in_order()
        for frame in decoded:
            number = number_of.pop(frame.pts, None) if frame.pts is not None else None
            if number is not None:
                yield number, frame
                if not number_of:
                    return
        if number_of:
            raise PlanBroken

    def _planned(self, numbers: Sequence[int]) -> Iterator[VideoFrame]:
        fed_P = self.index.fed_P(numbers)
        runs = iter(self.index.runs(numbers))
        run = next(runs, None)
        context = self._stream.codec_context
        context.flush_buffers()
        try:
            for place, packet in enumerate(self._packets()):
                if run is None:
                    return
                if fed_P[place]:
                    yield from _unharmed(context.decode(packet))
                if place == run.last:
                    yield from _unharmed(context.decode(None))
                    context.flush_buffers()
                    run = next(runs, None)
        except FFmpegError as error:
            raise PlanBroken from error

    def _in_order(self) -> Iterator[VideoFrame]:
        """Every frame that decodes, in order; errors are passed over, corrupt frames left out."""
        # opened anew: a decoder that met damage need not be the same again after a flush
        with _opened(self._path) as again:
            stream = _first_stream(again)
            for packet in chain(_data_packets(again, stream), (None,)):
                with suppress(FFmpegError):
                    yield from (f for f in stream.codec_context.decode(packet) if not f.is_corrupt)

    def _decoded_in_order(self) -> PacketIndex:
        found = [(frame.pts, frame.duration or 0) for frame in self._in_order() if frame.pts is not None]
        index = in_order_index(found)
        if index is None:
            raise UnusableVideo(DropReason.UNDECODABLE)
        return index

    def _is_without_times(self) -> bool:
        """Whether the container numbers its packets, and the decoder shows their pictures in another order."""
        return (
            "avi" in self._container.format.name and self.codec != "mpeg4" and self._stream.codec_context.has_b_frames
        )

    def _scan(self) -> tuple[list[PacketRow], bool]:
        """One row per packet, and whether the file could be read to its end."""
        context = self._stream.codec_context
        read = packet_reader(context.name, context.extradata)
        rows: list[PacketRow] = []
        for packet in _data_packets(self._container, self._stream):
            if packet is None:
                return rows, False
            rows.append(packet_row(packet, read))
            if self._kept is not None:
                self._kept.append(packet)
        return rows, True

    def _packets(self) -> Iterator[VideoPacket]:
        """The packets of the file, from the first."""
        if self._kept is not None:
            yield from self._kept
            return
        with _opened(self._path) as again:
            for packet in _data_packets(again, again.streams.video[0]):
                if packet is None:
                    return
                yield packet

    def _seconds(self, ticks: NDArray[np.int64]) -> NDArray[np.float64]:
        # the same arithmetic as PyAV's frame.time, so that the two are equal and not only close
        base = self._stream.time_base
        if base is None:
            raise UnusableVideo(DropReason.UNDECODABLE)
        return ticks.astype(np.float64) * float(base.numerator) / float(base.denominator)


@contextmanager
def open_video(path: Path) -> Iterator[OpenVideo]:
    """An open video that is closed at the end; raises as `OpenVideo` does."""
    video = OpenVideo(path)
    try:
        yield video
    finally:
        video.close()


def _unharmed(frames: Sequence[VideoFrame]) -> Sequence[VideoFrame]:
    if any(frame.is_corrupt for frame in frames):
        raise PlanBroken
    return frames


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise UnusableVideo(DropReason.UNREADABLE) from error


def _opened(path: Path) -> av.container.InputContainer:
    try:
        # a text file may name other files or addresses (playlists): only what lies in this file is read
        return av.open(str(path.absolute()), options={"protocol_whitelist": "file"}, metadata_errors="replace")
    except PermissionError as error:
        raise UnusableVideo(DropReason.UNREADABLE) from error
    except FFmpegError as error:
        raise UnusableVideo(DropReason.UNDECODABLE) from error


def _first_stream(container: av.container.InputContainer) -> VideoStream:
    if not container.streams.video:
        container.close()
        raise UnusableVideo(DropReason.NO_VIDEO_STREAM)
    stream = container.streams.video[0]
    if stream.codec_context is None:  # no decoder knows the codec, whatever the types say
        container.close()
        raise UnusableVideo(DropReason.UNDECODABLE)
    stream.thread_type = "NONE"
    stream.codec_context.thread_count = 1
    return stream


def _data_packets(container: av.container.InputContainer, stream: VideoStream) -> Iterator["VideoPacket | None"]:
    """The packets of one stream that hold data; a last None where reading broke off."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except (FFmpegError, IndexError):  # PyAV looks in vain for a stream that damage made appear on the way
            yield None
            return
        if packet is None:
            return
        if packet.size:
            yield packet
