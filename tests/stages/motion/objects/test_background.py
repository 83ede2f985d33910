"""The background of a shot: the median without ghosts, and frames without changes of light."""

import numpy as np

from stages.motion.objects.background import (
    BackgroundConfig,
    _is_ghost,
    clear_difference,
    foreground,
    levelled,
    median_background,
    repaired_background,
    smoothed,
)
from tests.stages.motion.scenes import FPS, GREEN, RED, Rectangle, clip

CONFIG = BackgroundConfig()


def test_the_median_holds_what_stood_there_longer_and_repair_takes_it_out() -> None:
    """A green square stands for 4 of 6 s: its pixel is green in the median, grey (channels equal) after repair."""
    frames, _, _ = clip(6, [Rectangle(GREEN, lambda t: (30 + 60 * max(0.0, t - 4.0), 60))])
    median = median_background(frames, CONFIG.median_frames)
    repaired, _ = repaired_background(frames, FPS, CONFIG)
    assert np.abs(median[70, 40].astype(int) - GREEN).max() < 12
    assert np.ptp(repaired[70, 40].astype(int)) < 12


def test_repair_keeps_a_thing_that_came_to_stay_in_the_foreground() -> None:
    """A red square stands at x = 70 for the last 4 of 6 s: it is foreground there, and background before that."""
    frames, _, _ = clip(6, [Rectangle(RED, lambda t: (-30 + 50 * min(t, 2.0), 60))])
    background, _ = repaired_background(frames, FPS, CONFIG)
    before, after = (foreground(smoothed(frames[i]), background, CONFIG.difference) for i in (5, 50))
    assert not before[62:78, 72:88].any()
    assert after[62:78, 72:88].all()


def test_a_thing_that_never_moves_stays_in_the_background() -> None:
    """Nothing is pasted over it: no frame has any foreground."""
    frames, _, _ = clip(3, [Rectangle(RED, lambda _: (60, 60))])
    background, _ = repaired_background(frames, FPS, CONFIG)
    assert not any(foreground(smoothed(frame), background, CONFIG.difference).any() for frame in frames)


def test_repair_leaves_the_median_of_what_only_passes() -> None:
    """A square with a plain middle passes over lines and hides no pixel for half of the time: the median stays."""
    lined, _, _ = clip(6, [])
    lined[:, ::8] //= 2
    lined[:, 1::8] //= 2
    for index, frame in enumerate(lined):
        top = 100 - int(1.5 * index)
        frame[max(0, top) : max(0, top + 40), 40:80] = RED
    median = median_background(lined, CONFIG.median_frames)
    assert (repaired_background(lined, FPS, CONFIG)[0] == median).all()


def test_strong_noise_is_no_foreground() -> None:
    """Noise of 3 levels stays far below the set difference. Of noise of 25 levels a blur over 9 pixels leaves 8, of
    which the largest of three channels is typically above 10: only 4 times as much, over 40, is foreground.
    """
    noise = np.random.default_rng(5).normal(size=(9, 60, 80, 3))
    plain = np.full((60, 80, 3), 120, np.uint8)
    quiet, loud = ((plain + strength * noise).clip(0, 255).astype(np.uint8) for strength in (3, 25))
    assert clear_difference(quiet, plain, CONFIG) == CONFIG.difference
    difference = clear_difference(loud, plain, CONFIG)
    assert 40 <= difference <= 60
    assert not any(foreground(smoothed(frame), plain, difference).any() for frame in loud)


def test_levelled_frames_are_equally_bright() -> None:
    """Gains from 1 to 0.6 are brought to that of the median: mean luma then varies by less than 2 %."""
    frames, _, _ = clip(2, [])
    dimmed = (frames * np.linspace(1, 0.6, len(frames))[:, None, None, None]).astype(np.uint8)
    means = levelled(dimmed).mean(axis=(1, 2, 3))
    assert float(np.ptp(means) / means.mean()) < 0.02


def test_a_faint_contour_behind_a_plain_thing_is_no_ghost() -> None:
    """Inside a plain thing that moves slowly, any texture behind it has more contour than its middle."""
    region = np.zeros((40, 40), np.uint8)
    region[10:30, 10:30] = 1
    plain = np.full((40, 40, 3), RED, np.uint8)
    for step, is_ghost in ((5, False), (40, True)):
        behind = np.full((40, 40, 3), 100, np.uint8)
        behind[10:30, 10:30] += np.uint8(step)
        assert _is_ghost(region, np.zeros_like(region), plain, smoothed(behind), CONFIG) is is_ghost
