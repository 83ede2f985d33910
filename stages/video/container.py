"""Opens a video file and chooses its stream: which containers are read, and which of their streams is the video.

Formats that name other files (playlists, concat scripts, SDP, DASH) are not in the list, so their text is never acted
on: FFmpeg recognises the format by its bytes and refuses it before it opens anything else.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias, cast

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Disposition
from av.video.stream import VideoStream

from schemas.drop import DropReason
from stages.video.unusable import UnusableVideo

VideoPacket: TypeAlias = "Packet[VideoStream]"

READ_FORMATS = (
    # containers of film
    *("mov", "matroska", "avi", "flv", "live_flv", "kux", "asf", "asf_o", "ogg", "rm", "mxf", "gxf", "lxf", "nut"),
    *("mpeg", "mpegts", "mpegtsraw", "wtv", "ty", "pva", "nsv", "nuv", "vivo", "ivf", "yuv4mpegpipe", "dv", "gif"),
    *("apng", "swf", "flic", "roq", "smk", "bink", "film_cpk", "dhav", "dxa"),
    # bare streams, without a container
    *("h261", "h263", "h264", "hevc", "vvc", "evc", "av1", "obu", "m4v", "mpegvideo", "vc1", "vc1test", "cavsvideo"),
    *("avs2", "avs3", "dirac", "dnxhd", "mjpeg", "mjpeg_2000", "apv"),
    # only sound: such a file is dropped for having no video stream
    *("mp3", "wav", "flac", "aac", "ac3", "aiff"),
)
"""FFmpeg's names of the formats that are read. All of them hold their pictures themselves."""

_OPTIONS = {
    "format_whitelist": ",".join(READ_FORMATS),
    "protocol_whitelist": "file",
    "enable_drefs": "0",  # a QuickTime file may refer to its pictures in another file
}
_NO_TIMESTAMPS, _TS_DISCONT = 0x80, 0x200
"""FFmpeg's AVFMT_NOTIMESTAMPS and AVFMT_TS_DISCONT."""
_PASSED_OVER = Disposition.attached_pic | Disposition.timed_thumbnails | Disposition.still_image | Disposition.dependent
"""Streams that are not a film: cover pictures, thumbnails, stills, and layers of another stream."""


def opened(path: Path) -> InputContainer:
    """The open file.

    Raises: UnusableVideo with UNREADABLE or UNDECODABLE.
    """
    try:
        return av.open(str(path.absolute()), options=_OPTIONS, metadata_errors="replace")
    except PermissionError as error:
        raise UnusableVideo(DropReason.UNREADABLE) from error
    except FFmpegError as error:
        raise UnusableVideo(DropReason.UNDECODABLE) from error


def video_streams(container: InputContainer) -> list[VideoStream]:
    """The streams that may be the video, best first: the first one that is marked as default, else the largest.

    A stream of a single picture comes last.

    Raises: UnusableVideo with NO_VIDEO_STREAM, or UNDECODABLE if FFmpeg has no decoder for any of them.
    """
    films = [stream for stream in container.streams.video if not stream.disposition & _PASSED_OVER]
    if not films:
        raise UnusableVideo(DropReason.NO_VIDEO_STREAM)
    # PyAV gives a stream that no decoder knows no context, whatever its types say
    known = [stream for stream in films if cast("object", stream.codec_context) is not None]
    if not known:
        raise UnusableVideo(DropReason.UNDECODABLE)
    return sorted(known, key=_rank)


def _rank(stream: VideoStream) -> tuple[bool, bool, int, int]:
    is_default = bool(stream.disposition & Disposition.default)
    # several may be marked as default: players take the first
    return stream.frames == 1, not is_default, 0 if is_default else -stream.width * stream.height, stream.index


def video_stream(container: InputContainer, index: int) -> VideoStream:
    """The video stream of this number among all streams of the file."""
    return next(stream for stream in container.streams.video if stream.index == index)


def on_one_thread(stream: VideoStream) -> VideoStream:
    """The stream, its decoder set to one thread."""
    stream.thread_type = "NONE"
    stream.codec_context.thread_count = 1
    return stream


def may_jump(container: InputContainer) -> bool:
    """Whether times of this format may start anew midway, as those of transport streams that were joined do."""
    return bool(container.format.flags & _TS_DISCONT)


def has_times(container: InputContainer) -> bool:
    """Whether the format stores times. A bare stream stores none; FFmpeg makes its times up."""
    return not container.format.flags & _NO_TIMESTAMPS


def data_packets(container: InputContainer, stream: VideoStream) -> Iterator["VideoPacket | None"]:
    """The packets of one stream that hold data; a last None if reading broke off."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except (FFmpegError, IndexError):  # IndexError: PyAV does not know a stream that damage made appear midway
            yield None
            return
        if packet is None:
            return
        if packet.size:
            yield packet
