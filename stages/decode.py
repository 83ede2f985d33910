"""A video file becomes its clips: sampled frames to keep, and an analysis stream to look for things in.

Legend: F = frames of the video in the order shown, N = chosen frames, H, W = height and width, C = red, green, blue.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from schemas.drop import Drop, DropReason
from stages.payloads import DecodedVideo, VideoFile
from stages.stage import PixelReader, Stage
from stages.video.clip_maker import ClipMaker, ClipSettings
from stages.video.frame_times import at_rate, middles, shown_at
from stages.video.open_video import OpenVideo, VideoFacts, open_video
from stages.video.pieces import SizeChanged, pieces_of_one_size, whole_video
from stages.video.pixels import PixelMaker, Room, blank, fitted, shape_of
from stages.video.unusable import UnusableVideo


@dataclass(frozen=True)
class DecodedFrames:
    """Frames of one video, upright."""

    frames_NHWC: NDArray[np.uint8]
    """Red, green, blue, 0..255."""
    pts_seconds: tuple[float, ...]
    """Time of each frame, as `OpenVideo.times_F`."""
    rotation_degrees: int
    """As `UnitClip.rotation_degrees`; the frames are turned already."""
    facts: VideoFacts
    """Header facts and measured facts."""


def decode_frames(
    path: Path | str,
    *,
    num_frames: int = 32,
    at_seconds: Sequence[float] | None = None,
    fps: float | None = None,
    short_side: int | None = None,
    start_seconds: float | None = None,
    end_seconds: float | None = None,
    room: Room = blank,
) -> DecodedFrames:
    """Return chosen frames of the video stream, bit-equal to decoding it in order with PyAV.

    By default these are the frames shown at the middles of `num_frames` equal stretches of the measured duration, or
    of [start_seconds, end_seconds). With `fps` they are those at the middles of stretches of 1 / fps seconds. With
    `at_seconds` they are those at these times, in this order. A frame shown at several moments is returned for each.

    Native pixels are those of `frame.to_ndarray(format="rgb24")`, turned upright; pixels that are not square are made
    square, and HDR becomes standard range. `short_side` scales frames down to it by area averaging, and never up. If
    the video changes its size midway, all frames are fitted into the size of the first one, with black borders.
    `room` makes the array that the frames are written to.

    Raises: UnusableVideo, with the reason; ValueError if at_seconds and fps are both given, or either is empty.
    """
    if at_seconds is not None and fps is not None:
        raise ValueError("at_seconds and fps exclude each other: give one of them")
    if num_frames < 1 or (fps is not None and fps <= 0) or (at_seconds is not None and not len(at_seconds)):
        raise ValueError(f"at least one frame: got num_frames={num_frames}, fps={fps}, at_seconds={at_seconds}")

    def decoded(video: OpenVideo) -> DecodedFrames:
        facts = video.facts
        start = facts.start_seconds if start_seconds is None else start_seconds
        end = facts.end_seconds if end_seconds is None else end_seconds
        if at_seconds is not None:
            moments = np.asarray(at_seconds, np.float64)
        else:
            moments = middles(start, end, num_frames) if fps is None else at_rate(start, end, fps)
        return _pixels_of(video, shown_at(video.times_F, moments), PixelMaker(short_side), room)

    with open_video(Path(path)) as video:
        return video.attempt(lambda: decoded(video))


def _pixels_of(video: OpenVideo, numbers_N: NDArray[np.intp], maker: PixelMaker, room: Room) -> DecodedFrames:
    """Return the frames with these numbers, which may repeat and be in any order."""
    frames_NHWC: NDArray[np.uint8] | None = None
    rotation_degrees = 0
    for number, frame in video.frames(np.unique(numbers_N).tolist()):
        pixels = maker.upright(frame, video.display(frame))
        if frames_NHWC is None:
            frames_NHWC = room((len(numbers_N), *pixels.shape))
            rotation_degrees = shape_of(frame, video.display(frame)).rotation_degrees
        height, width = frames_NHWC.shape[1:3]
        pixels = fitted(pixels, (width, height))
        for place in np.flatnonzero(numbers_N == number):
            frames_NHWC[place] = pixels
    if frames_NHWC is None:
        raise RuntimeError(f"no frame of numbers {numbers_N}")
    times = video.times_F[numbers_N]
    return DecodedFrames(frames_NHWC, tuple(times.tolist()), rotation_degrees, video.facts)


class DecodeVideo(ClipSettings, Stage[VideoFile, PixelReader, DecodedVideo]):
    """Decode a file once, into clips with sampled frames and an analysis stream.

    A video longer than `max_clip_seconds` becomes several clips, cut where its content changes most. A video is also
    cut where its pictures change their size.

    Drops: EMPTY_FILE, UNREADABLE, NO_VIDEO_STREAM, UNDECODABLE; NO_TIMES if the file has neither times nor a frame
    rate; TOO_SHORT below `min_duration_seconds`; TOO_FEW_FRAMES below `min_frames`; TOO_SMALL if the picture is less
    than 16 pixels wide or high. The last three also drop single clips. OVER_MAX_CLIPS drops, as one item, all that
    follows the first `max_clips` clips (measured: the fewest clips that the video can have).
    """

    def open(self, read: PixelReader, /) -> PixelReader:
        """The file is read through `read`."""
        return read

    def process(self, item: VideoFile, tools: PixelReader, _rng: Generator, /) -> Iterator[DecodedVideo | Drop]:
        """Yield the clips of the file and a drop for each clip that is left out, or the drop of the file."""
        try:
            yield from tools(self.clips_of, item)
        except UnusableVideo as unusable:
            yield unusable.drop(item.content_sha256, "decode")

    def clips_of(self, file: VideoFile) -> list[DecodedVideo | Drop]:
        """Return the clips of a file, and a drop for each clip that is left out. Raises: UnusableVideo."""
        with open_video(file.path) as video:
            maker = video.attempt(lambda: self._made(file.content_sha256, video))
        clips = DecodedVideo(file.content_sha256, tuple(maker.clips), file.annotations)
        return [clips, *self._left_out(file.content_sha256, maker)]

    def _left_out(self, sha256: str, maker: ClipMaker) -> Iterator[Drop]:
        for clip_id, left_out in maker.left_out:
            yield left_out.drop(sha256, "decode", clip_id)
        if maker.clips_in_all > self.max_clips:
            over = UnusableVideo(DropReason.OVER_MAX_CLIPS, maker.clips_in_all, self.max_clips)
            yield over.drop(sha256, "decode", f"{sha256[:16]}-{self.max_clips:03d}")

    def _made(self, content_sha256: str, video: OpenVideo) -> ClipMaker:
        facts = video.facts
        if facts.duration_seconds_measured < self.min_duration_seconds:
            raise UnusableVideo(DropReason.TOO_SHORT, facts.duration_seconds_measured, self.min_duration_seconds)
        if facts.frame_count_measured < self.min_frames:
            raise UnusableVideo(DropReason.TOO_FEW_FRAMES, facts.frame_count_measured, self.min_frames)
        maker = ClipMaker(content_sha256, video, [whole_video(video)], self)
        try:
            maker.make()
        except SizeChanged:
            maker = ClipMaker(content_sha256, video, pieces_of_one_size(video), self)
            maker.make()
        if not maker.clips:
            raise max((unusable for _, unusable in maker.left_out), key=lambda unusable: unusable.measured or 0)
        return maker
