"""One pass over the frames makes the clips of a video: JPEGs to keep and JPEGs for analysis.

In a video of at most `max_clip_seconds` the sampled frames are exactly those shown at the middles of equal stretches.
A longer video is cut where its content changes. Where that is, is known only after the frames of a whole window were
decoded, so candidates are kept at 8 times the density, and those nearest to the middles are sampled. A video whose
pictures change their size is cut at each change, and each piece is treated as a video.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray
from pydantic import Field

from schemas.clip import Frame
from schemas.drop import DropReason
from schemas.record import Record
from stages.drawing.jpeg import jpeg_of
from stages.payloads import ClipHeader, DecodedClip
from stages.video.frame_times import at_least_rate, middles, shown_at, shown_at_rate
from stages.video.open_video import OpenVideo
from stages.video.pieces import Piece, SizeChanged
from stages.video.pixels import FrameShape, PixelMaker, Pixels, shape_of
from stages.video.unusable import UnusableVideo

MIN_SIDE = 16
"""Fewest pixels across a clip's picture."""
_CANDIDATES_PER_STRETCH = 8
_THUMBNAIL = (32, 18)
"""Width and height of the small pictures by whose difference a change of content is measured."""


class ClipSettings(Record):
    """How clips are made."""

    num_frames: int = Field(32, ge=1)
    """Sampled frames of a clip; if a clip has fewer, each is sampled once."""
    short_side: int = Field(448, ge=16)
    """Short side of the sampled frames in pixels; smaller videos keep their size, strips longer than 4 : 1 get the area
    of a picture of 4 : 1."""
    jpeg_quality: int = Field(90, ge=1, le=100)
    """JPEG quality of the sampled frames."""
    analysis_fps: float = Field(10.0, gt=0)
    """Lowest rate of the analysis stream, frames a second; a video with fewer gives all of them."""
    analysis_short_side: int = Field(240, ge=16)
    """Short side of the analysis frames in pixels."""
    analysis_jpeg_quality: int = Field(85, ge=1, le=100)
    """JPEG quality of the analysis frames."""
    max_clip_seconds: float = Field(120.0, gt=0)
    """Longest clip; a longer video becomes several."""
    max_clips: int = Field(16, ge=1)
    """Most clips of one video."""
    min_duration_seconds: float = Field(2.0, ge=0)
    """Shortest video, and shortest clip next to a change of size."""
    min_frames: int = Field(8, ge=1)
    """Fewest frames of a video, and of the analysis stream of a clip."""


@dataclass(frozen=True)
class _Seen:
    """One analysis frame, with the change of content since the one before it."""

    frame: Frame
    change: float


class ClipMaker:
    """Makes the clips of one video. Beside the finished clips it holds the frames of one window at a time."""

    def __init__(self, content_sha256: str, video: OpenVideo, pieces: Sequence[Piece], settings: ClipSettings) -> None:
        """All frames of one piece must have one size."""
        self._sha256 = content_sha256
        self._video = video
        self._settings = settings
        self._facts = video.facts
        self._pieces = pieces
        self._keep = PixelMaker(settings.short_side)
        self._look = PixelMaker(settings.analysis_short_side)
        self._begin(0)
        self.clips: list[DecodedClip] = []
        """The finished clips, in order of time."""
        self.left_out: list[tuple[str, UnusableVideo]] = []
        """Clips that are too small, too short or have too few frames: id, and why."""
        self.clips_in_all = 0
        """The fewest clips that the video can have; those over `max_clips` are estimated from their duration."""

    def _begin(self, place: int) -> None:
        self._place = place
        self._piece = self._pieces[place]
        self._is_long = self._is_longer_than_a_clip(self._piece)
        self._start_seconds = self._piece.start_seconds
        self._candidates: list[Frame] = []
        self._seen: list[_Seen] = []
        self._thumbnail: NDArray[np.int16] | None = None
        self._shape: FrameShape | None = None

    def make(self) -> None:
        """Decode the video once and fill `clips`.

        Raises: SizeChanged if the frames of one piece have different sizes.
        """
        times_F = self._video.times_F
        kept = {number for piece in self._pieces for number in self._sampled(piece, times_F)}
        looked = {
            piece.first + number
            for piece in self._pieces
            for number in at_least_rate(times_F[piece.first : piece.end], self._settings.analysis_fps)
        }
        for number, frame in self._video.frames(sorted(kept | looked)):
            pts_seconds = float(times_F[number])
            while number >= self._piece.end or self._window_is_full(pts_seconds):
                if number >= self._piece.end:
                    self._cut(self._piece.end_seconds)
                    self._begin(self._place + 1)
                else:
                    self._cut(self._strongest_change())
                if self.clips_in_all == self._settings.max_clips:
                    self.clips_in_all += self._clips_left()
                    return
            self._take(frame, pts_seconds, number in kept, number in looked)
        self._cut(self._piece.end_seconds)

    def _clips_left(self) -> int:
        """The fewest clips that the rest of the video can be cut into."""
        rest = [self._piece.end_seconds - self._start_seconds]
        rest += [piece.end_seconds - piece.start_seconds for piece in self._pieces[self._place + 1 :]]
        return sum(int(np.ceil(seconds / self._settings.max_clip_seconds)) for seconds in rest)

    def _is_longer_than_a_clip(self, piece: Piece) -> bool:
        return piece.end_seconds - piece.start_seconds > self._settings.max_clip_seconds

    def _sampled(self, piece: Piece, times_F: NDArray[np.float64]) -> list[int]:
        settings, own_F = self._settings, times_F[piece.first : piece.end]
        if self._is_longer_than_a_clip(piece):
            fps = _CANDIDATES_PER_STRETCH * settings.num_frames / settings.max_clip_seconds
            numbers = shown_at_rate(own_F, piece.start_seconds, piece.end_seconds, fps)
        else:
            numbers = shown_at(own_F, middles(piece.start_seconds, piece.end_seconds, settings.num_frames))
        return [piece.first + int(number) for number in numbers]

    def _take(self, frame: VideoFrame, pts_seconds: float, is_kept: bool, is_looked_at: bool) -> None:
        display = self._video.display(frame)
        shape = shape_of(frame, display)
        if self._shape not in (None, shape):
            raise SizeChanged
        self._shape = shape
        kept = self._keep.upright(frame, display) if is_kept else None
        if kept is not None:
            jpeg = jpeg_of(kept, self._settings.jpeg_quality)
            self._candidates.append(Frame(pts_seconds=pts_seconds, jpeg=jpeg))
        if is_looked_at:
            # small videos: one picture serves both
            is_same_size = self._keep.size(frame, display) == self._look.size(frame, display)
            pixels = kept if kept is not None and is_same_size else self._look.upright(frame, display)
            jpeg = jpeg_of(pixels, self._settings.analysis_jpeg_quality)
            change = self._change(pixels) if self._is_long else 0.0
            self._seen.append(_Seen(Frame(pts_seconds=pts_seconds, jpeg=jpeg), change))

    def _change(self, pixels: Pixels) -> float:
        """Mean difference of colour from the analysis frame before, 0..255."""
        small = cv2.resize(pixels, _THUMBNAIL, interpolation=cv2.INTER_AREA).astype(np.int16)
        before, self._thumbnail = self._thumbnail, small
        return 0.0 if before is None else float(np.abs(small - before).mean())

    def _window_is_full(self, pts_seconds: float) -> bool:
        """Whether to cut before the frame at this time; a cut that leaves too short a rest is never due."""
        remaining = self._piece.end_seconds - self._start_seconds
        return (
            remaining > self._settings.max_clip_seconds
            and pts_seconds >= self._start_seconds + self._settings.max_clip_seconds
            and len(self._seen) > 1
        )

    def _strongest_change(self) -> float:
        """Where to cut the full window: at the strongest change in its second half; if several are equal, the last."""
        earliest = self._start_seconds + self._settings.max_clip_seconds / 2
        latest = self._piece.end_seconds - self._settings.min_duration_seconds
        choices = [seen for seen in self._seen[1:] if earliest <= seen.frame.pts_seconds <= latest]
        return max(choices or self._seen[-1:], key=lambda seen: (seen.change, seen.frame.pts_seconds)).frame.pts_seconds

    def _cut(self, end_seconds: float) -> None:
        """Finish the clip that ends here; later frames stay for the next one."""
        start_seconds, self._start_seconds = self._start_seconds, end_seconds
        inside = [frame for frame in self._candidates if frame.pts_seconds < end_seconds]
        analysis = tuple(seen.frame for seen in self._seen if seen.frame.pts_seconds < end_seconds)
        self._candidates = self._candidates[len(inside) :]
        self._seen = self._seen[len(analysis) :]
        header = self._header(start_seconds, end_seconds)
        self.clips_in_all += 1
        cause = self._unusable(header, len(analysis) if inside else 0)
        if cause is not None:
            self.left_out.append((header.clip_id, cause))
        else:
            self.clips.append(DecodedClip(header, self._nearest_to_middles(inside, header), analysis))

    def _unusable(self, header: ClipHeader, num_frames: int) -> UnusableVideo | None:
        """Why a clip with this number of analysis frames is left out; None if it is kept."""
        smaller_side = min(header.width, header.height)
        if smaller_side < MIN_SIDE:
            return UnusableVideo(DropReason.TOO_SMALL, smaller_side, MIN_SIDE)
        seconds = header.end_seconds - header.start_seconds
        if len(self._pieces) > 1 and seconds < self._settings.min_duration_seconds:
            return UnusableVideo(DropReason.TOO_SHORT, seconds, self._settings.min_duration_seconds)
        if num_frames < self._settings.min_frames:
            return UnusableVideo(DropReason.TOO_FEW_FRAMES, num_frames, self._settings.min_frames)
        return None

    def _nearest_to_middles(self, candidates: list[Frame], header: ClipHeader) -> tuple[Frame, ...]:
        if not self._is_long:
            return tuple(candidates)
        times = np.array([frame.pts_seconds for frame in candidates])
        moments = middles(header.start_seconds, header.end_seconds, self._settings.num_frames)
        chosen = sorted({int(np.abs(times - moment).argmin()) for moment in moments})
        return tuple(candidates[place] for place in chosen)

    def _header(self, start_seconds: float, end_seconds: float) -> ClipHeader:
        if self._shape is None:
            raise RuntimeError(f"no frame of [{start_seconds}, {end_seconds}) s was seen")
        return ClipHeader(
            clip_id=f"{self._sha256[:16]}-{self.clips_in_all:03d}",
            content_sha256=self._sha256,
            codec=self._facts.codec,
            width=self._shape.width,
            height=self._shape.height,
            rotation_degrees=self._shape.rotation_degrees,
            start_seconds=start_seconds,
            end_seconds=end_seconds,
            duration_seconds_from_header=self._facts.duration_seconds_from_header,
            duration_seconds_measured=self._facts.duration_seconds_measured,
        )
