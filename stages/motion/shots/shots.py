"""Divides a clip into shots.

A cut is asserted if a colour detector and a brightness detector agree and the picture changes; a fade if
`stages.motion.shots.fades` finds one. PySceneDetect counts frames: each score belongs to the later of two analysis
frames, and has that frame's container time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scenedetect import FrameTimecode, StatsManager
from scenedetect.detectors import AdaptiveDetector

from schemas.record import Record
from stages.motion.analysis_frames import AnalysisFrames
from stages.motion.shots.fades import FadeConfig, FoundFade, find_fades
from stages.motion.shots.thumbnails import unit_thumbs

_FLASH_FRAMES = 3  # what lasts no longer than this is a flash, not a shot
_WINDOW = 2  # frames on either side that PySceneDetect's adaptive detector compares with
_FPS = 10.0  # PySceneDetect needs a frame rate; it counts frames here, so that any rate will do
_GRADUAL_SECONDS = 1.0  # gradual transitions are looked for over this time
_LONGEST_STEP_SECONDS = 0.3  # if the frames are further apart, a cut looks like movement, and movement like a cut
_STRIDE, _BINS = 4, 32  # every fourth pixel, in brightness histograms of this many bins


class ShotConfig(Record):
    """When a new shot begins."""

    adaptive_ratio: float = Field(default=2.5, gt=1)
    """Least ratio of a change to the changes around it (PySceneDetect's adaptive threshold)."""
    min_colour_change: float = Field(default=8.0, gt=0)
    """Least mean change of hue, saturation and value, 0..255, for detector a. A grey picture changes in value alone, so
    that its mean is a third of that change."""
    doubtful_colour_change: float = Field(default=20.0, gt=0)
    """From this change on, detector a alone makes a moment doubtful, ..."""
    doubtful_picture_change: float = Field(default=0.08, gt=0)
    """... if the pixels also change by this share of the picture's brightness: the hue of grey pixels is mere noise."""
    min_luma_change: float = Field(default=12.0, gt=0)
    """Least mean change of brightness, 0..255, for detector b."""
    max_likeness: float = Field(default=0.6, gt=0, lt=1)
    """Largest correlation of the pictures on both sides of a cut; jump cuts within one picture are above it."""
    fade_change: float = Field(default=0.15, gt=0)
    """If the brightness histogram changes by this within about a second, a gradual transition is likely; 0..1."""
    fades: FadeConfig = FadeConfig()
    """When the picture fades to black and another one comes up."""


@dataclass(frozen=True)
class FoundCut:
    """A cut on which both detectors agree."""

    frame: int
    """Index of the first analysis frame after the cut."""
    score_a: float
    """Score of detector a (colour) divided by its threshold."""
    score_b: float
    """Score of detector b (brightness and picture) divided by its threshold."""


@dataclass(frozen=True)
class Shots:
    """A clip divided into shots."""

    cuts: tuple[FoundCut, ...]
    """In order of time."""
    fades: tuple[FoundFade, ...]
    """In order of time."""
    seams: tuple[int, ...]
    """The first frame after each moment that either detector calls a cut, and the first and end frame of each fade.
    Nothing is followed across these."""
    strongest_non_cut: float
    """Highest score divided by threshold of a moment that is in neither; gradual transitions are included. It is at
    least 1 if the frames are too far apart to tell."""
    num_frames: int
    """Number of analysis frames of the clip."""

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The parts between two cuts, as frames [first, end); they may contain fades."""
        return _between([cut.frame for cut in self.cuts], self.num_frames)

    @property
    def faded(self) -> list[tuple[int, int]]:
        """The pieces that are fades, as frames [first, end)."""
        return [fade.stretch for fade in self.fades]

    @property
    def pieces(self) -> list[tuple[int, int]]:
        """The parts between two seams, as frames [first, end); they certainly contain no cut."""
        return _between(self.seams, self.num_frames)


def find_shots(analysis: AnalysisFrames, config: ShotConfig) -> Shots:
    """Find the cuts and fades of a clip."""
    halves = [
        cv2.resize(f, (f.shape[1] // 2, f.shape[0] // 2), interpolation=cv2.INTER_AREA) for f in analysis.frames_NHWC
    ]
    colour = _adaptive_changes(halves, luma_only=False)
    luma = _adaptive_changes(halves, luma_only=True).scores(config.min_luma_change, config.adaptive_ratio)
    thumbs_ND = unit_thumbs(analysis.greys_NHW)
    picture = (1.0 - _likeness(thumbs_ND)) / (1.0 - config.max_likeness)
    score_a = colour.scores(config.min_colour_change, config.adaptive_ratio)
    score_b = np.minimum(luma, picture)
    is_cut = (score_a >= 1) & (score_b >= 1)
    coloured = colour.scores(config.doubtful_colour_change, config.adaptive_ratio)
    coloured[_picture_changes(halves) < config.doubtful_picture_change] = 0.0
    doubted = np.where(is_cut, 0.0, np.maximum(coloured, luma))
    cuts = [int(i) for i in np.flatnonzero(is_cut)]
    fades = find_fades(analysis, thumbs_ND, cuts, config.fades)
    stretches = [fade.stretch for fade in fades.found]
    for first, end in stretches:
        doubted[first:end] = 0.0
    faded = [edge for stretch in stretches for edge in stretch]
    plain = [span for span in _between(sorted([*cuts, *faded]), len(analysis)) if span not in stretches]
    gradual = max((_gradual_change(analysis, span) for span in plain), default=0.0) / config.fade_change
    return Shots(
        cuts=tuple(FoundCut(i, float(score_a[i]), float(score_b[i])) for i in cuts),
        fades=fades.found,
        seams=tuple(sorted({*cuts, *faded, *(int(i) for i in np.flatnonzero(doubted >= 1))})),
        strongest_non_cut=float(max(doubted.max(), gradual, fades.strongest_doubt, _is_sparse(analysis))),
        num_frames=len(analysis),
    )


def _is_sparse(analysis: AnalysisFrames) -> bool:
    """Whether the frames are too far apart to tell where a shot ends."""
    return len(analysis) > 1 and float(np.median(np.diff(analysis.pts_seconds))) > _LONGEST_STEP_SECONDS


def _between(borders: Sequence[int], num_frames: int) -> list[tuple[int, int]]:
    edges = [0, *borders, num_frames]
    return [(a, b) for a, b in pairwise(edges) if b > a]


@dataclass(frozen=True)
class _Changes:
    """What PySceneDetect's adaptive detector measures at each frame; 0 at the clip's ends."""

    changes_N: NDArray[np.float64]
    """Mean change from the frame before, 0..255."""
    ratios_N: NDArray[np.float64]
    """Ratio of the change to the changes around it."""

    def scores(self, min_change: float, ratio: float) -> NDArray[np.float64]:
        """Scores divided by their thresholds: the smaller one of change and ratio."""
        return np.minimum(self.changes_N / min_change, self.ratios_N / ratio)


class _WithoutEdges(AdaptiveDetector):  # type: ignore[misc]  # the library has no types
    """The detector without edges: if figures are kept it looks for them in each frame, though no score uses them."""

    def _detect_edges(self, lum: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return lum[:1, :1]


def _adaptive_changes(frames_HWC: Sequence[cv2.typing.MatLike], *, luma_only: bool) -> _Changes:
    detector = _WithoutEdges(window_width=_WINDOW, luma_only=luma_only)
    stats = StatsManager()
    detector.stats_manager = stats
    times = [FrameTimecode(i, fps=_FPS) for i in range(len(frames_HWC))]
    for time, frame in zip(times, frames_HWC, strict=True):
        detector.process_frame(time, cv2.cvtColor(frame, cv2.COLOR_RGB2BGR))
    ratio_key = next(key for key in detector.get_metrics() if key.startswith("adaptive_ratio"))
    measured = np.zeros((2, len(times)))
    for i, time in enumerate(times):
        change, ratio = stats.get_metrics(time, [AdaptiveDetector.FRAME_SCORE_KEY, ratio_key])
        if change is not None and ratio is not None:
            measured[:, i] = change, ratio
    return _Changes(*measured)


def _picture_changes(frames_HWC: Sequence[cv2.typing.MatLike]) -> NDArray[np.float64]:
    """Mean change of the pixels from the frame before, in the channel that changes most, as a share of the brightness.

    They are averaged over 2x2 pixels first, which takes most noise away.
    """
    small = [cv2.resize(frame, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA) for frame in frames_HWC]
    changes = [cv2.absdiff(a, b).max(axis=2).mean() / max(1.0, a.mean(), b.mean()) for a, b in pairwise(small)]
    return np.array([0.0, *changes], dtype=np.float64)


def _likeness(thumbs_ND: NDArray[np.float32]) -> NDArray[np.float64]:
    """How similar the pictures before and after each frame are, as correlation, -1..1; 1 for the first frame.

    If a picture comes back at once, there was no cut: the most similar of the next few, and of the last few, frames
    count.
    """
    likeness = np.ones(len(thumbs_ND))
    for i in range(1, len(thumbs_ND)):
        after, before = thumbs_ND[i : i + _FLASH_FRAMES], thumbs_ND[max(0, i - _FLASH_FRAMES) : i]
        likeness[i] = max(float((after @ thumbs_ND[i - 1]).max()), float((before @ thumbs_ND[i]).max()))
    return likeness


def _gradual_change(analysis: AnalysisFrames, span: tuple[int, int]) -> float:
    """Largest change of the brightness histogram over about a second within the frames [first, end), 0..1."""
    first, end = span
    histograms = np.stack(
        [
            np.bincount(grey[::_STRIDE, ::_STRIDE].ravel() // (256 // _BINS), minlength=_BINS)
            for grey in analysis.greys_NHW[first:end]
        ]
    )
    cumulated = np.cumsum(histograms / histograms[0].sum(), axis=1)
    times = analysis.pts_seconds[first:end]
    later = np.searchsorted(times, times + _GRADUAL_SECONDS).clip(max=len(times) - 1)
    return float(np.abs(cumulated[later] - cumulated).mean(axis=1).max())
