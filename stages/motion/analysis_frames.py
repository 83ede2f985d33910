"""The decoded analysis frames of one clip, which all parts of the detector use.

N H W C = frames, rows, columns, channels (RGB).
"""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas.scene import MEASURE_SECONDS
from stages.payloads import DecodedClip
from stages.visuals.visual import decoded_jpeg


@dataclass(frozen=True)
class AnalysisFrames:
    """Analysis frames with their container times. ValueError if frames and times do not fit each other."""

    frames_NHWC: NDArray[np.uint8]
    """RGB, upright; at least one frame."""
    pts_seconds: NDArray[np.float64]
    """Container time of each frame, increasing; shape [N]."""
    start_seconds: float
    """Container time at which the clip starts."""
    end_seconds: float
    """Container time at which the clip ends."""

    def __post_init__(self) -> None:
        if len(self.frames_NHWC) != len(self.pts_seconds) or len(self.pts_seconds) == 0:
            raise ValueError(f"{len(self.frames_NHWC)} frames with {len(self.pts_seconds)} times; need one time each")
        if (np.diff(self.pts_seconds) <= 0).any():
            raise ValueError("times of analysis frames must increase")

    def __len__(self) -> int:
        return len(self.pts_seconds)

    @property
    def height(self) -> int:
        """Rows of a frame."""
        return int(self.frames_NHWC.shape[1])

    @property
    def width(self) -> int:
        """Columns of a frame."""
        return int(self.frames_NHWC.shape[2])

    @cached_property
    def greys_NHW(self) -> NDArray[np.uint8]:
        """Brightness (BT.601 luma) of each frame."""
        return np.stack([cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in self.frames_NHWC])

    def over_seconds(self, frame: int) -> float:
        """When a frame ends: the time of the next one, or the end of the clip."""
        return float(self.pts_seconds[frame + 1]) if frame + 1 < len(self) else self.end_seconds

    def seconds(self) -> list[tuple[float, int, int]]:
        """For each analysis second, its start and its frames [first, end). Seconds without a frame are left out."""
        starts = np.arange(self.start_seconds, self.end_seconds, MEASURE_SECONDS)
        first = np.searchsorted(self.pts_seconds, starts - 1e-6)
        end = np.append(first[1:], len(self))
        return [(float(t), int(a), int(b)) for t, a, b in zip(starts, first, end, strict=True) if b > a]


def analysis_frames_of(clip: DecodedClip) -> AnalysisFrames:
    """Decode the analysis JPEGs of a clip. ValueError if there are none or one cannot be read."""
    owner = f"clip {clip.header.clip_id}"
    if not clip.analysis:
        raise ValueError(f"{owner} has no analysis frames")
    return AnalysisFrames(
        frames_NHWC=np.stack([decoded_jpeg(frame, owner) for frame in clip.analysis]),
        pts_seconds=np.array([frame.pts_seconds for frame in clip.analysis], dtype=np.float64),
        start_seconds=clip.header.start_seconds,
        end_seconds=clip.header.end_seconds,
    )
