"""The background of a shot: the temporal median, without the things that only stood there for a while.

N H W C = frames, rows, columns, RGB.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas.record import Record
from stages.motion.objects.regions import opened

Image = NDArray[np.uint8]
Mask = NDArray[np.uint8]

_KERNEL = np.ones((3, 3), np.uint8)
_WIDE_KERNEL = np.ones((7, 7), np.uint8)
_LEAST_RING = 8  # pixels of a region's contour that are needed to judge it, ...
_CLEAR_RING = 0.5  # ... and share of the contour
_LEAST_GHOST = 12  # pixels: smaller still regions are ignored
_GHOST_MARGIN = 6  # pixels around a region that are looked at
_GREY_STRIDE = 6  # light is compared on every sixth row and column
_NOISE_FRAMES = 9  # enough to know the noise of a shot
_USABLE = 25, 230  # 0..255: darker and brighter pixels show no gain
_LEAST_USABLE = 50  # pixels that are needed to measure the light
_LEAST_GAIN_CHANGE = 0.03  # smaller changes of light are left alone
_LEAST_GAIN = 0.2  # a shot that gets darker than this share of its median cannot be levelled


class BackgroundConfig(Record):
    """How the background of a shot is made, and what counts as foreground."""

    median_frames: int = 61
    """The median is taken over at most this many frames, evenly spread over the shot."""
    difference: int = 16
    """A pixel is foreground if one channel differs by more than this from the background, 0..255, ..."""
    clear_of_noise: float = 4.0
    """... and by more than this many times what is usual in the shot, since strong noise differs as well."""
    still_seconds: float = 0.4
    """A foreground region that does not change for this long may be a ghost: what a thing left in the median."""
    still_difference: int = 12
    """Largest channel difference of a pixel that has not changed, 0..255."""
    ghost_ratio: float = 1.15
    """A region is a ghost if the background's gradient on its contour is more than this many times the frame's, ..."""
    ghost_contour: float = 8.0
    """... and larger by more than this, 0..255: inside a plain thing that moves slowly both gradients are near 0."""
    sweeps: int = 4
    """Most times that the shot is searched for ghosts."""


def smoothed(frame_HWC: Image) -> Image:
    """The frame after a 3x3 blur, which removes codec noise and keeps edges."""
    return cv2.blur(frame_HWC, (3, 3)).astype(np.uint8, copy=False)


def median_background(frames_NHWC: Image, median_frames: int) -> Image:
    """The smoothed per-pixel median over at most `median_frames` frames, evenly spread."""
    count = min(len(frames_NHWC), median_frames)
    chosen = np.linspace(0, len(frames_NHWC) - 1, count).round().astype(int)
    stack = frames_NHWC[chosen]
    stack.partition(count // 2, axis=0)
    return smoothed(stack[count // 2])


def largest_difference(left_HWC: Image, right_HWC: Image) -> Image:
    """Largest difference of any channel, per pixel, [H, W]."""
    channels = cv2.split(cv2.absdiff(left_HWC, right_HWC))
    return cv2.max(cv2.max(channels[0], channels[1]), channels[2]).astype(np.uint8, copy=False)


def foreground(smooth_HWC: Image, background_HWC: Image, difference: int) -> Mask:
    """1 where a smoothed frame differs from the background, without specks and pinholes; [H, W] uint8."""
    differs = (largest_difference(smooth_HWC, background_HWC) > difference).astype(np.uint8)
    mask = opened(differs)
    return cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _KERNEL).astype(np.uint8, copy=False)


def _gradient(image_HWC: Image) -> NDArray[np.float32]:
    """Range of the values within 3x3 pixels, in the channel in which it is largest; [H, W]."""
    ranges = cv2.morphologyEx(image_HWC, cv2.MORPH_GRADIENT, _KERNEL)
    return np.asarray(ranges.max(axis=2), np.float32)


def _is_ghost(region: Mask, others: Mask, frame_HWC: Image, background_HWC: Image, config: BackgroundConfig) -> bool:
    """Whether the contour of `region` is visible in the background and not in the frame: a thing has left this place.

    Contour pixels next to other foreground (`others`) are not used. A region that is mostly inside other foreground is
    the plain middle of a moving thing, not a ghost. All arrays are crops, [h, w].
    """
    inner = cv2.erode(region, _KERNEL, borderType=cv2.BORDER_REPLICATE)
    contour = cv2.dilate(region, _KERNEL) > inner
    ring = contour & (others == 0)
    if np.count_nonzero(ring) < max(_LEAST_RING, _CLEAR_RING * np.count_nonzero(contour)):
        return False
    shown_behind = float(_gradient(background_HWC)[ring].mean())
    shown_before = float(_gradient(frame_HWC)[ring].mean())
    return shown_behind > max(config.ghost_ratio * shown_before, config.ghost_contour + shown_before)


def _paste_ghosts(still: Mask, mask: Mask, frame_HWC: Image, background_HWC: Image, config: BackgroundConfig) -> bool:
    """Paste the frame into the background, in place, where a still region is a ghost. Returns whether there was one."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(still, connectivity=8)
    height, width = still.shape
    pasted = False
    for label in range(1, count):
        x, y, w, h, area = (int(value) for value in stats[label])
        if area < _LEAST_GHOST:
            continue
        rows = slice(max(0, y - _GHOST_MARGIN), min(height, y + h + _GHOST_MARGIN))
        columns = slice(max(0, x - _GHOST_MARGIN), min(width, x + w + _GHOST_MARGIN))
        crop = rows, columns
        region = (labels[crop] == label).astype(np.uint8)
        reach = cv2.dilate(region, _WIDE_KERNEL).astype(np.uint8, copy=False)
        others = cv2.dilate((mask[crop] > reach).astype(np.uint8), _WIDE_KERNEL).astype(np.uint8, copy=False)
        if _is_ghost(region, others, frame_HWC[crop], background_HWC[crop], config):
            where = (reach > 0) & (others == 0) | (region > 0)
            background_HWC[crop][where] = frame_HWC[crop][where]
            pasted = True
    return pasted


def levelled(frames_NHWC: Image) -> Image:
    """The frames without changes of light over the whole picture: each is scaled to the brightness of their median."""
    grey_NP = frames_NHWC[:, ::_GREY_STRIDE, ::_GREY_STRIDE, 1].reshape(len(frames_NHWC), -1).astype(np.float32)
    reference_P = np.median(grey_NP, axis=0)
    usable = (reference_P > _USABLE[0]) & (reference_P < _USABLE[1])
    if np.count_nonzero(usable) < _LEAST_USABLE:
        return frames_NHWC
    gains = np.median(grey_NP[:, usable] / reference_P[usable], axis=1)
    if float(np.abs(gains - 1).max()) < _LEAST_GAIN_CHANGE or float(gains.min()) < _LEAST_GAIN:
        return frames_NHWC
    levels = np.empty_like(frames_NHWC)
    for index, gain in enumerate(gains):
        cv2.convertScaleAbs(frames_NHWC[index], dst=levels[index], alpha=1.0 / float(gain))
    return levels


def clear_difference(frames_NHWC: Image, background_HWC: Image, config: BackgroundConfig) -> int:
    """The difference from the background above which a pixel is foreground: larger where noise is strong, 0..255."""
    chosen = np.linspace(0, len(frames_NHWC) - 1, min(_NOISE_FRAMES, len(frames_NHWC))).astype(int)
    usual = [np.median(largest_difference(smoothed(frames_NHWC[i]), background_HWC)[::2, ::2]) for i in chosen]
    return max(config.difference, round(config.clear_of_noise * float(np.median(usual))))


def repaired_background(frames_NHWC: Image, fps: float, config: BackgroundConfig) -> tuple[Image, int]:
    """The median background without ghosts, and the difference from it above which a pixel is foreground.

    Where there is a ghost, the frame is pasted in, until nothing changes.
    """
    background = median_background(frames_NHWC, config.median_frames)
    difference = clear_difference(frames_NHWC, background, config)
    still_difference = config.still_difference * difference / config.difference
    lag = max(1, round(config.still_seconds * fps))
    steps = range(0, len(frames_NHWC) - lag, max(1, lag // 2))
    for _ in range(config.sweeps):
        changed = False
        for index in steps:
            frame = smoothed(frames_NHWC[index])
            mask = foreground(frame, background, difference)
            if not mask.any():
                continue
            later = smoothed(frames_NHWC[index + lag])
            still = mask & (largest_difference(frame, later) <= still_difference)
            changed |= _paste_ghosts(opened(still), mask, frame, background, config)
        if not changed:
            break
    return background, difference
