"""Finds breaks: steps at which much of the picture changes at once, though little changes around them.

Jump cuts, pictures and captions that pop up, and flashes do that. What moves changes the picture over several steps.
A step leads from one analysis frame to the next, and has the number of the later one.
"""

from collections.abc import Iterator
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from schemas.record import Record
from schemas.scene import Break
from stages.motion.analysis_frames import AnalysisFrames
from stages.motion.camera.camera import Camera
from stages.motion.picture.measures import MeasureConfig, of_any_channel, unexplained_change
from stages.motion.shots.shots import Shots

_LEAST_MEDIAN = 1e-3  # share of the pixels; if less changes around a step, the ratio is to this


class BreakConfig(Record):
    """When a step is a break."""

    min_share: float = Field(default=0.05, gt=0, lt=1)
    """Least share of the pixels that change beyond what the camera's motion explains, ..."""
    min_ratio: float = Field(default=4.0, ge=1)
    """... and least ratio of it to the median of the steps around."""
    steps_around: int = Field(default=5, ge=1)
    """The number of steps on each side, of the same shot, that it is compared with."""


def find_breaks(
    analysis: AnalysisFrames, shots: Shots, camera: Camera, measures: MeasureConfig, config: BreakConfig
) -> tuple[Break, ...]:
    """The breaks of a clip, in order of time. Cuts, and what happens during fades, are not among them.

    Args:
        analysis: the analysis frames of the clip.
        shots: its cuts and fades.
        camera: the camera's motion; where it is unknown, frames are compared as they are.
        measures: which change of a pixel is noise.
        config: when a step is a break.
    """
    changes = _Changes(analysis, camera, measures)
    found = []
    for steps in _steps_by_shot(shots):
        for place, step in enumerate(steps):
            if changes.most(step) < config.min_share or (share := changes.share(step)) < config.min_share:
                continue
            around = steps[max(0, place - config.steps_around) : place] + steps[place + 1 :][: config.steps_around]
            usual = max(_LEAST_MEDIAN, median(map(changes.share, around))) if around else share
            if share > config.min_ratio * usual:
                pts = float(analysis.pts_seconds[step])
                found.append(Break(pts_seconds=pts, share=share, ratio=share / usual))
    return tuple(found)


def _steps_by_shot(shots: Shots) -> Iterator[list[int]]:
    """The steps of each shot, without those of fades."""
    for first, end in shots.spans:
        yield [i for i in range(first + 1, end) if not any(a <= i <= b for a, b in shots.faded)]


class _Changes:
    """How many pixels change in a step; what has been measured is kept."""

    def __init__(self, analysis: AnalysisFrames, camera: Camera, config: MeasureConfig) -> None:
        self._analysis, self._camera, self._config = analysis, camera, config
        self._shares: dict[int, float] = {}

    def most(self, step: int) -> float:
        """The share of the pixels that change in a step at most, 0..1, without looking at the camera."""
        before_HWC, now_HWC = self._blurred(step - 1), self._blurred(step)
        return self._share_above_noise(of_any_channel(cv2.absdiff(now_HWC, before_HWC)), step)

    def share(self, step: int) -> float:
        """The share of the pixels that change in a step more than the camera's motion explains, 0..1."""
        if step not in self._shares:
            moved = self._camera.between(step - 1, step)
            change_HW = unexplained_change(self._blurred(step - 1), self._blurred(step), moved)
            self._shares[step] = self._share_above_noise(change_HW, step)
        return self._shares[step]

    def _blurred(self, frame: int) -> NDArray[np.uint8]:
        return np.asarray(cv2.blur(self._analysis.frames_NHWC[frame], (3, 3)), dtype=np.uint8)

    def _share_above_noise(self, change_HW: NDArray[np.uint8], step: int) -> float:
        noise = self._config.noise(self._analysis.greys_NHW[step])
        return float((change_HW > self._config.passage * noise).mean())
