"""Frames in one pass become clips: JPEGs for keeping and JPEGs for analysis, long videos cut where content changes.

Of a video of at most `max_clip_seconds` the sampled frames are exactly those shown at the middles of equal stretches.
Where a longer one is cut is known only once a window of that length has passed by, and its frames with it: candidates
are kept at 8 times the density instead, and of these the ones nearest to the middles are sampled.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from schemas.clip import Frame
from stages.payloads import ClipHeader, DecodedClip
from stages.video.frame_times import at_least_rate, at_rate, middles, shown_at
from stages.video.open_video import OpenVideo
from stages.video.pixels import PixelMaker, Pixels, jpeg_of, quarter_turns

_CANDIDATES_PER_STRETCH = 8
_THUMBNAIL = (32, 18)
"""Width and height of the pictures whose difference is the change of content."""


@dataclass(frozen=True)
class ClipSettings:
    """The part of `DecodeVideo`'s configuration that clips are made by (fields as there)."""

    num_frames: int
    short_side: int
    jpeg_quality: int
    analysis_fps: float
    analysis_short_side: int
    analysis_jpeg_quality: int
    max_clip_seconds: float
    max_clips: int
    min_duration_seconds: float
    min_frames: int


@dataclass(frozen=True)
class _Seen:
    """One analysis frame of the window, with the change of content since the one before it."""

    frame: Frame
    change: float


class ClipMaker:
    """Makes the clips of one video, holding the frames of one window at a time beside the finished clips."""

    def __init__(self, content_sha256: str, video: OpenVideo, settings: ClipSettings) -> None:
        """A maker for a video whose packets are known."""
        self._sha256 = content_sha256
        self._video = video
        self._settings = settings
        self._facts = video.facts
        self._keep = PixelMaker(settings.short_side)
        self._look = PixelMaker(settings.analysis_short_side)
        self._is_long = self._facts.duration_seconds_measured > settings.max_clip_seconds
        self._start_seconds = self._facts.start_seconds
        self._candidates: list[Frame] = []
        self._seen: list[_Seen] = []
        self._thumbnail: NDArray[np.int16] | None = None
        self._upright_size = (0, 0)
        self._rotation_degrees = 0
        self.clips: list[DecodedClip] = []
        """The finished clips, in order of time."""
        self.thin: list[tuple[str, int]] = []
        """Clips of too few frames, left out: id, and how many frames."""
        self.clips_in_all = 0
        """How many clips the video has at least, those over `max_clips` counted by their duration."""

    def make(self) -> None:
        """Decode the video once and fill `clips`."""
        times_F = self._video.times_F
        kept = set(self._sampled(times_F))
        looked = set(at_least_rate(times_F, self._settings.analysis_fps))
        for number, frame in self._video.frames(sorted(kept | looked)):
            pts_seconds = float(times_F[number])
            while self._window_is_full(pts_seconds):
                self._cut(self._strongest_change())
                if self.clips_in_all == self._settings.max_clips:
                    rest_seconds = self._facts.end_seconds - self._start_seconds
                    self.clips_in_all += int(np.ceil(rest_seconds / self._settings.max_clip_seconds))
                    return
            self._take(frame, pts_seconds, number in kept, number in looked)
        self._cut(self._facts.end_seconds)

    def _sampled(self, times_F: NDArray[np.float64]) -> list[int]:
        settings, facts = self._settings, self._facts
        if self._is_long:
            fps = _CANDIDATES_PER_STRETCH * settings.num_frames / settings.max_clip_seconds
            moments = at_rate(facts.start_seconds, facts.end_seconds, fps)
        else:
            moments = middles(facts.start_seconds, facts.end_seconds, settings.num_frames)
        return [int(number) for number in shown_at(times_F, moments)]

    def _take(self, frame: VideoFrame, pts_seconds: float, is_kept: bool, is_looked_at: bool) -> None:
        if not self._rotation_degrees and not self._upright_size[0]:
            turns = quarter_turns(frame)
            self._rotation_degrees = 90 * turns
            self._upright_size = (frame.height, frame.width) if turns % 2 else (frame.width, frame.height)
        kept = self._keep.upright(frame) if is_kept else None
        if kept is not None:
            jpeg = jpeg_of(kept, self._settings.jpeg_quality)
            self._candidates.append(Frame(pts_seconds=pts_seconds, jpeg=jpeg))
        if is_looked_at:
            is_same_size = self._keep.size(frame) == self._look.size(frame)  # small videos: one picture serves both
            pixels = kept if kept is not None and is_same_size else self._look.upright(frame)
            jpeg = jpeg_of(pixels, self._settings.analysis_jpeg_quality)
            change = self._change(pixels) if self._is_long else 0.0
            self._seen.append(_Seen(Frame(pts_seconds=pts_seconds, jpeg=jpeg), change))

    def _change(self, pixels: Pixels) -> float:
        """Mean difference of colour from the analysis frame before, 0..255."""
        small = cv2.resize(pixels, _THUMBNAIL, interpolation=cv2.INTER_AREA).astype(np.int16)
        before, self._thumbnail = self._thumbnail, small
        return 0.0 if before is None else float(np.abs(small - before).mean())

    def _window_is_full(self, pts_seconds: float) -> bool:
        """Whether a cut is due before the frame at this time; never one that leaves too little at the end."""
        remaining = self._facts.end_seconds - self._start_seconds
        return (
            remaining > self._settings.max_clip_seconds
            and pts_seconds >= self._start_seconds + self._settings.max_clip_seconds
            and len(self._seen) > 1
        )

    def _strongest_change(self) -> float:
        """Where to cut the full window: at the strongest change in its second half, the latest of equals."""
        earliest = self._start_seconds + self._settings.max_clip_seconds / 2
        latest = self._facts.end_seconds - self._settings.min_duration_seconds
        choices = [seen for seen in self._seen[1:] if earliest <= seen.frame.pts_seconds <= latest]
        return max(choices or self._seen[-1:], key=lambda seen: (seen.change, seen.frame.pts_seconds)).frame.pts_seconds

    def _cut(self, end_seconds: float) -> None:
        """Finish the clip that ends here; what lies after it stays for the next one."""
        start_seconds, self._start_seconds = self._start_seconds, end_seconds
        inside = [frame for frame in self._candidates if frame.pts_seconds < end_seconds]
        analysis = tuple(seen.frame for seen in self._seen if seen.frame.pts_seconds < end_seconds)
        self._candidates = self._candidates[len(inside) :]
        self._seen = self._seen[len(analysis) :]
        header = self._header(start_seconds, end_seconds)
        self.clips_in_all += 1
        if len(analysis) < self._settings.min_frames or not inside:
            self.thin.append((header.clip_id, len(analysis)))
        else:
            self.clips.append(DecodedClip(header, self._nearest_to_middles(inside, header), analysis))

    def _nearest_to_middles(self, candidates: list[Frame], header: ClipHeader) -> tuple[Frame, ...]:
        if not self._is_long:
            return tuple(candidates)
        times = np.array([frame.pts_seconds for frame in candidates])
        moments = middles(header.start_seconds, header.end_seconds, self._settings.num_frames)
        chosen = sorted({int(np.abs(times - moment).argmin()) for moment in moments})
        return tuple(candidates[place] for place in chosen)

    def _header(self, start_seconds: float, end_seconds: float) -> ClipHeader:
        width, height = self._upright_size
        return ClipHeader(
            clip_id=f"{self._sha256[:16]}-{self.clips_in_all:03d}",
            content_sha256=self._sha256,
            codec=self._facts.codec,
            width=width,
            height=height,
            rotation_degrees=self._rotation_degrees,
            start_seconds=start_seconds,
            end_seconds=end_seconds,
            duration_seconds_from_header=self._facts.duration_seconds_from_header,
            duration_seconds_measured=self._facts.duration_seconds_measured,
        )
