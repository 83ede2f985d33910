"""Finds fades: the picture goes dark after one shot, and another picture comes up.

A fade is asserted if two detectors agree. PySceneDetect's detector uses the mean brightness alone. The other one uses
how the brightness changes before and after, what can be seen while it is dark, and the pictures on both sides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scenedetect import FrameTimecode
from scenedetect.detectors import ThresholdDetector

from schemas.record import Record
from stages.motion.analysis_frames import AnalysisFrames

_LARGEST_SCORE = 10.0  # of one criterion
_FPS = 10.0  # PySceneDetect needs a frame rate; it counts frames here, so that any rate will do


class FadeConfig(Record):
    """When the picture is dark, and has darkened gradually."""

    dark: int = Field(default=12, gt=0, le=255)
    """The picture is dark if the mean of red, green and blue, 0..255, is below this (detector a)."""
    max_detail: float = Field(default=4.0, gt=0)
    """Nothing can be seen if the standard deviation of brightness, 0..255, is at most this (detector b)."""
    ramp_frames: int = Field(default=3, ge=2)
    """Fewest analysis frames that darkening, or brightening, takes; anything faster is a cut to black."""
    max_ramp_frames: int = Field(default=30, ge=2)
    """Most analysis frames that it takes; anything slower may be a change of light."""
    ramp_step: float = Field(default=0.5, gt=0)
    """Least change of the mean brightness, 0..255, from frame to frame while the picture darkens or brightens."""
    max_likeness: float = Field(default=0.6, gt=0, lt=1)
    """Largest correlation of the pictures on both sides; if the same one comes back, no new shot has begun."""


@dataclass(frozen=True)
class FoundFade:
    """A fade on which both detectors agree."""

    first: int
    """First analysis frame that is darker than the picture before."""
    middle: int
    """The analysis frame in the middle of the dark ones."""
    end: int
    """The analysis frame on which the next picture has its full brightness."""
    score_a: float
    """Score of detector a (brightness) divided by its threshold."""
    score_b: float
    """Score of detector b (change, detail and pictures) divided by its threshold."""

    @property
    def stretch(self) -> tuple[int, int]:
        """The frames [first, end) from the beginning of darkening to the end of brightening."""
        return self.first, self.end


@dataclass(frozen=True)
class Fades:
    """The fades of a clip, and what might be one."""

    found: tuple[FoundFade, ...]
    """In order of time."""
    strongest_doubt: float
    """Highest score of a dark moment that was not accepted as a fade; 0 if there is none."""


def find_fades(
    analysis: AnalysisFrames, thumbs_ND: NDArray[np.float32], cuts: Sequence[int], config: FadeConfig
) -> Fades:
    """The fades of a clip.

    Args:
        analysis: the analysis frames of the clip.
        thumbs_ND: their small copies (`unit_thumbs`).
        cuts: the first frame after each cut.
        config: when the picture fades.
    """
    seen = _Brightness(analysis, thumbs_ND, config)
    found, doubts = [], [0.0]
    for middle in _dark_moments(analysis, config.dark):
        fade = seen.fade_around(middle, cuts)
        if fade is None:
            continue
        if fade.score_b >= 1:
            found.append(fade)
        else:
            doubts.append(fade.score_a)
    return Fades(tuple(found), max(doubts))


def _dark_moments(analysis: AnalysisFrames, dark: int) -> list[int]:
    """The middle frame of each dark part of the clip that has bright parts before and after it (PySceneDetect)."""
    detector = ThresholdDetector(threshold=dark, min_scene_len=1)
    times = [FrameTimecode(number, fps=_FPS) for number in range(len(analysis))]
    pairs = zip(times, analysis.frames_NHWC, strict=True)
    return [cut.frame_num for time, frame_HWC in pairs for cut in detector.process_frame(time, frame_HWC)]


class _Brightness:
    """How bright the frames are, and how much can be seen on them."""

    def __init__(self, analysis: AnalysisFrames, thumbs_ND: NDArray[np.float32], config: FadeConfig) -> None:
        self._analysis, self._thumbs_ND, self._config = analysis, thumbs_ND, config

    @cached_property
    def means_N(self) -> NDArray[np.float64]:
        """Mean of red, green and blue."""
        return np.array([frame.mean() for frame in self._analysis.frames_NHWC])

    def fade_around(self, middle: int, cuts: Sequence[int]) -> FoundFade | None:
        """The fade with that dark frame; None if the clip begins or ends while it is dark."""
        config, means_N = self._config, self.means_N
        gone, back = self._dark_around(middle)
        if gone == 0 or back == len(means_N):
            return None
        before, end = self._plain(gone, -1), self._plain(back - 1, 1)
        ramps = gone - before, end - back + 1
        scores = (
            min(ramps) / config.ramp_frames,
            config.max_ramp_frames / max(ramps),
            config.max_detail / max(self._detail(gone, back), config.max_detail / _LARGEST_SCORE),
            (1.0 - float(self._thumbs_ND[before] @ self._thumbs_ND[end])) / (1.0 - config.max_likeness),
        )
        darkest = float(means_N[gone:back].min())
        score_a = config.dark / max(darkest, config.dark / _LARGEST_SCORE)
        # if the clip begins or ends during the fade, the picture may never have had its full brightness
        is_unclear = before == 0 or end == len(means_N) - 1 or any(before < cut <= end for cut in cuts)
        return FoundFade(before + 1, middle, end, score_a, 0.0 if is_unclear else min(scores))

    def _dark_around(self, middle: int) -> tuple[int, int]:
        """The dark frames [first, end) around a dark frame."""
        lit_N = np.flatnonzero(self.means_N >= self._config.dark)
        place = int(np.searchsorted(lit_N, middle))
        first = int(lit_N[place - 1]) + 1 if place > 0 else 0
        return first, int(lit_N[place]) if place < len(lit_N) else len(self.means_N)

    def _plain(self, frame: int, step: int) -> int:
        """The first frame, going from a dark frame in direction `step`, at which the picture stops getting brighter."""
        while self._brightens(frame, frame + step) or (
            0 <= frame + step < len(self.means_N) and self.means_N[frame] < self._config.dark
        ):
            frame += step
        return frame

    def _detail(self, gone: int, back: int) -> float:
        """Most detail between the end of darkening and the beginning of brightening; a title has some."""
        while gone + 1 < back and self._brightens(gone + 1, gone):
            gone += 1
        while back - 2 > gone and self._brightens(back - 2, back - 1):
            back -= 1
        return max(float(grey.std()) for grey in self._analysis.greys_NHW[gone:back])

    def _brightens(self, darker: int, brighter: int) -> bool:
        """Whether a frame is clearly brighter than the one next to it; False if one of them does not exist."""
        if not 0 <= min(darker, brighter) <= max(darker, brighter) < len(self.means_N):
            return False
        return bool(self.means_N[brighter] > self.means_N[darker] + self._config.ramp_step)
