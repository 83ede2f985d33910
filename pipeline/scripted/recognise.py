"""Recognises by its pixels which frame of which known video a picture shows, mirrored or altered or not.

Legend: N = frames of all known videos, S = side of a thumbnail.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.scripted.known_clip import BoxInFrame, KnownClip
from schemas.errors import VideosError
from schemas.problems import one_line
from stages.decode import decode_frames
from stages.video.unusable import UnusableVideo

_SIDE, _COARSE = 32, 8
_SHORT_SIDE = 64  # pixels, before a frame becomes a thumbnail
_MOST_FRAMES, _MOST_FPS = 900, 30.0
_NEAREST = 48  # frames that are looked at closely
_PLAIN = 3.0
"""A picture whose brightness varies less than this (standard deviation, 0..255) shows nothing."""
_FAR = 28.0
"""A picture that is further from every known frame (root of the mean square, 0..255) shows something else."""
_PART_SIDE, _FINE = 4, 256  # pixels: of a part that is compared, and of the frame that it is cut out of
_PART_SECONDS = 0.3  # by which the time of a part of a frame may be off
_ALTERED_RMS, _ALTERED = 2.0, 14.0  # of a whole frame; of one cell


@dataclass(frozen=True)
class RecognisedFrame:
    """What a picture shows."""

    clip: KnownClip
    seconds: float
    is_mirrored: bool
    altered_SS: NDArray[np.bool_] | None = None
    """Cells of the picture, as it is shown, that are not as in the video; None if all of it is."""

    def hides(self, place: BoxInFrame) -> bool:
        """Whether much of what is at a place, in the picture as it is shown, was altered."""
        if self.altered_SS is None:
            return False
        cells = self.altered_SS[_cells(place.y0, place.y1, _SIDE), _cells(place.x0, place.x1, _SIDE)]
        return bool(cells.size) and float(cells.mean()) >= 0.4


class FrameIndex:
    """Thumbnails of the frames of all known videos, and what was recognised already."""

    def __init__(self, clips: Sequence[KnownClip]) -> None:
        """Reads every video."""
        self._clips = clips
        thumbs, times = zip(*(_thumbnails(clip) for clip in clips), strict=True) if clips else ((), ())
        self._owner_N = np.repeat(np.arange(len(clips)), [len(part) for part in times])
        self._seconds_N = np.concatenate(times) if clips else np.zeros(0)
        self._thumbs_NSS = np.concatenate(thumbs) if clips else np.zeros((0, _SIDE, _SIDE), np.uint8)
        self._coarse_NC = _coarse(self._thumbs_NSS)
        self._squares_N = (self._coarse_NC**2).sum(axis=1)
        self._known: dict[tuple[bytes, float | None], RecognisedFrame | None] = {}

    def recognise(self, jpeg: bytes, said_seconds: float | None) -> RecognisedFrame | None:
        """What the picture shows; None if it is none of the known videos.

        Of several frames that look alike it is the one whose time is written before the picture. What was recognised
        is kept for ever: requests show the same frames again and again.
        """
        key = (hashlib.sha256(jpeg).digest(), said_seconds)
        if key not in self._known:
            self._known[key] = self._recognised(jpeg, said_seconds)
        return self._known[key]

    def shows_part(self, jpeg: bytes, seconds: float, noun: str) -> bool:
        """Whether a picture is the part of a frame of about that time that shows a thing of that noun, in any video."""
        pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
        if pixels is None:
            return False
        part = _resized(np.asarray(pixels), _PART_SIDE).astype(np.float32)
        return any(
            float(np.sqrt(((_resized(known, _PART_SIDE) - part) ** 2).mean())) < _FAR
            for known in self._parts(seconds, noun.casefold())
        )

    def _parts(self, seconds: float, noun: str) -> Iterator[NDArray[np.uint8]]:
        """What thumbnails near a moment show of the things of that noun."""
        for frame in np.flatnonzero(abs(self._seconds_N - seconds) <= _PART_SECONDS):
            clip = self._clips[self._owner_N[frame]]
            for thing in clip.things:
                place = clip.place(thing, float(self._seconds_N[frame])) if thing.noun.casefold() == noun else None
                if place is not None:
                    large = _resized(self._thumbs_NSS[frame], _FINE, cv2.INTER_LINEAR)
                    part = large[_cells(place.y0, place.y1, _FINE), _cells(place.x0, place.x1, _FINE)]
                    if part.size:
                        yield part

    def _recognised(self, jpeg: bytes, said_seconds: float | None) -> RecognisedFrame | None:
        pixels = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_REDUCED_GRAYSCALE_2)
        if pixels is None or not len(self._seconds_N):
            return None
        thumb_SS = _thumb(np.asarray(pixels))
        if float(thumb_SS.std()) < _PLAIN:
            return None
        straight, mirrored = self._nearest(thumb_SS), self._nearest(thumb_SS[:, ::-1])
        is_mirrored = mirrored[1] < 0.6 * straight[1]
        seen_SS = thumb_SS[:, ::-1] if is_mirrored else thumb_SS
        frame, distance = mirrored if is_mirrored else straight
        if distance > _FAR:
            return None
        if said_seconds is not None:
            frame = self._as_said(seen_SS, frame, distance, said_seconds)
        altered_SS = self._altered(seen_SS, frame)
        if altered_SS is not None and is_mirrored:
            altered_SS = altered_SS[:, ::-1]
        return RecognisedFrame(
            self._clips[self._owner_N[frame]], self._time(frame, said_seconds), bool(is_mirrored), altered_SS
        )

    def _time(self, frame: int, said_seconds: float | None) -> float:
        """The time that is said, if this is the frame shown then; else that of the frame."""
        seconds = float(self._seconds_N[frame])
        return said_seconds if said_seconds is not None and abs(said_seconds - seconds) < 0.1 else seconds

    def _nearest(self, thumb_SS: NDArray[np.uint8]) -> tuple[int, float]:
        """The nearest frame, and how far it is."""
        coarse_C = _coarse(thumb_SS[None])[0]
        distances_N = self._squares_N - 2 * (self._coarse_NC @ coarse_C)
        count = min(_NEAREST, len(distances_N))
        near = np.argpartition(distances_N, count - 1)[:count]
        far = _distances(self._thumbs_NSS[near], thumb_SS)
        best = int(np.argmin(far))
        return int(near[best]), float(far[best])

    def _as_said(self, thumb_SS: NDArray[np.uint8], frame: int, distance: float, said_seconds: float) -> int:
        """The frame of the same video at the time that is said, if it looks as much like the picture."""
        own = np.flatnonzero(self._owner_N == self._owner_N[frame])
        around = own[np.argsort(abs(self._seconds_N[own] - said_seconds))[:3]]
        far = _distances(self._thumbs_NSS[around], thumb_SS)
        best = int(np.argmin(far))
        return int(around[best]) if far[best] <= 1.3 * distance + 0.7 else frame

    def _altered(self, thumb_SS: NDArray[np.uint8], frame: int) -> NDArray[np.bool_] | None:
        """Cells that look like none of the frames just before, at and after this one."""
        own = self._owner_N == self._owner_N[frame]
        around = [n for n in range(frame - 2, frame + 3) if 0 <= n < len(own) and own[n]]
        if float(_distances(self._thumbs_NSS[around], thumb_SS).min()) < _ALTERED_RMS:
            return None
        differences = abs(self._thumbs_NSS[around].astype(np.float32) - thumb_SS.astype(np.float32))
        altered_SS = np.asarray(differences.min(axis=0) > _ALTERED)
        return altered_SS if altered_SS.any() else None


def _thumbnails(clip: KnownClip) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Thumbnails of evenly spread frames, and their times. Raises VideosError if the video cannot be read."""
    try:
        facts = decode_frames(clip.path, num_frames=1, short_side=_SHORT_SIDE).facts
        fps = min(_MOST_FPS, _MOST_FRAMES / facts.duration_seconds_measured)
        decoded = decode_frames(clip.path, fps=fps, short_side=_SHORT_SIDE)
    except UnusableVideo as unusable:
        raise VideosError(f"{clip.path}: {one_line(unusable)}") from unusable
    grey = (cv2.cvtColor(frame_HWC, cv2.COLOR_RGB2GRAY) for frame_HWC in decoded.frames_NHWC)
    return np.stack([_thumb(np.asarray(frame)) for frame in grey]), np.asarray(decoded.pts_seconds)


def _cells(start: float, end: float, side: int) -> slice:
    """The rows or columns of a square picture between two places in 0..1, at least one."""
    return slice(int(start * side), max(int(start * side) + 1, int(np.ceil(end * side))))


def _thumb(grey_HW: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return _resized(grey_HW, _SIDE)


def _resized(grey_HW: NDArray[np.uint8], side: int, by: int = cv2.INTER_AREA) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(grey_HW, (side, side), interpolation=by), np.uint8)


def _coarse(thumbs_NSS: NDArray[np.uint8]) -> NDArray[np.float32]:
    step = _SIDE // _COARSE
    blocks = thumbs_NSS.reshape(-1, _COARSE, step, _COARSE, step).mean(axis=(2, 4), dtype=np.float32)
    return np.asarray(blocks.reshape(len(thumbs_NSS), _COARSE**2), np.float32)


def _distances(thumbs_NSS: NDArray[np.uint8], thumb_SS: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Root of the mean square difference to each."""
    differences = thumbs_NSS.astype(np.float32) - thumb_SS.astype(np.float32)
    return np.asarray(np.sqrt((differences**2).mean(axis=(1, 2))), np.float64)
