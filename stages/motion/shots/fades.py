"""Analysis frames to fades: the picture goes dark between two shots, and another one comes up.

A fade is asserted where two detectors agree: PySceneDetect's, which looks at the mean brightness alone, and one that
looks at the way there and back, at what is left to see, and at the pictures on both sides.
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

_LARGEST_SCORE = 10.0


class FadeConfig(Record):
    """When the picture is gone, and has gone gradually."""

    dark: int = Field(default=12, gt=0, le=255)
    """Mean of red, green and blue, 0..255, below which the picture may be gone: detector a."""
    max_detail: float = Field(default=4.0, gt=0)
    """Largest standard deviation of brightness, 0..255, of a picture on which nothing is seen: detector b."""
    ramp_frames: int = Field(default=3, ge=2)
    """Analysis frames that the picture takes at least to go, and to come: what is quicker is a cut to black."""
    max_ramp_frames: int = Field(default=30, ge=2)
    """Most frames that it may take: what is slower may be light that changes."""
    ramp_step: float = Field(default=0.5, gt=0)
    """By how much the mean brightness, 0..255, changes at least from frame to frame while it goes or comes."""
    max_likeness: float = Field(default=0.6, gt=0, lt=1)
    """Largest correlation of the pictures on both sides: where the same one comes back, no new shot began."""


@dataclass(frozen=True)
class FoundFade:
    """A fade that both detectors see."""

    first: int
    """First analysis frame on which the picture is going."""
    middle: int
    """Analysis frame in the middle of the dark ones."""
    end: int
    """Analysis frame on which the next picture is all there."""
    score_a: float
    """Detector a (brightness), score over threshold."""
    score_b: float
    """Detector b (way, detail and pictures), score over threshold."""

    @property
    def stretch(self) -> tuple[int, int]:
        """The frames [first, end) over which a picture goes, is gone, and another comes."""
        return self.first, self.end


@dataclass(frozen=True)
class Fades:
    """What goes dark in a clip."""

    found: tuple[FoundFade, ...]
    """In order of time."""
    strongest_doubt: float
    """Highest score of a dark moment between pictures that is none of these; 0 where there is none."""


def find_fades(
    analysis: AnalysisFrames, thumbs_ND: NDArray[np.float32], cuts: Sequence[int], config: FadeConfig
) -> Fades:
    """Fades between two shots of a clip; `thumbs_ND` as of `unit_thumbs`, `cuts` the first frames after its cuts."""
    seen = _Brightness(analysis, thumbs_ND, config)
    found, doubts = [], [0.0]
    for middle in _gone(analysis, config.dark):
        fade = seen.fade_around(middle, cuts)
        if fade is None:
            continue
        if fade.score_b >= 1:
            found.append(fade)
        else:
            doubts.append(fade.score_a)
    return Fades(tuple(found), max(doubts))


def _gone(analysis: AnalysisFrames, dark: int) -> list[int]:
    """The frames in the middle of each stretch that PySceneDetect calls dark, between two that it does not."""
    detector = ThresholdDetector(threshold=dark, min_scene_len=1)
    times = [FrameTimecode(number, fps=10.0) for number in range(len(analysis))]
    pairs = zip(times, analysis.frames_NHWC, strict=True)
    return [cut.frame_num for time, frame_HWC in pairs for cut in detector.process_frame(time, frame_HWC)]


class _Brightness:
    """How bright the frames are, and how much is to be seen on them."""

    def __init__(self, analysis: AnalysisFrames, thumbs_ND: NDArray[np.float32], config: FadeConfig) -> None:
        self._analysis, self._thumbs_ND, self._config = analysis, thumbs_ND, config

    @cached_property
    def means_N(self) -> NDArray[np.float64]:
        """Mean of red, green and blue."""
        return np.array([frame.mean() for frame in self._analysis.frames_NHWC])

    def fade_around(self, middle: int, cuts: Sequence[int]) -> FoundFade | None:
        """The fade whose dark stretch holds that frame; None where a clip begins or ends in it."""
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
        # where the clip begins or ends on the way, the picture may never have been there
        is_unclear = before == 0 or end == len(means_N) - 1 or any(before < cut <= end for cut in cuts)
        return FoundFade(before + 1, middle, end, score_a, 0.0 if is_unclear else min(scores))

    def _dark_around(self, middle: int) -> tuple[int, int]:
        """The dark frames [first, end) around one of them."""
        lit_N = np.flatnonzero(self.means_N >= self._config.dark)
        place = int(np.searchsorted(lit_N, middle))
        first = int(lit_N[place - 1]) + 1 if place > 0 else 0
        return first, int(lit_N[place]) if place < len(lit_N) else len(self.means_N)

    def _plain(self, frame: int, step: int) -> int:
        """The first frame on the way from a dark one at which the picture has stopped getting brighter."""
        while self._is_on_its_way(frame, frame + step) or (
            0 <= frame + step < len(self.means_N) and self.means_N[frame] < self._config.dark
        ):
            frame += step
        return frame

    def _detail(self, gone: int, back: int) -> float:
        """Most that is seen once the one picture has gone, and before the other one comes: a title, for example."""
        while gone + 1 < back and self._is_on_its_way(gone + 1, gone):
            gone += 1
        while back - 2 > gone and self._is_on_its_way(back - 2, back - 1):
            back -= 1
        return max(float(grey.std()) for grey in self._analysis.greys_NHW[gone:back])

    def _is_on_its_way(self, darker: int, brighter: int) -> bool:
        """Whether a frame is plainly brighter than the one next to it; not, where there is no such frame."""
        if not 0 <= min(darker, brighter) <= max(darker, brighter) < len(self.means_N):
            return False
        return bool(self.means_N[brighter] > self.means_N[darker] + self._config.ramp_step)
