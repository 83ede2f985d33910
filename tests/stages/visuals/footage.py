"""Clips of 32 frames, 8 s long: a view that the camera pans over, a view that stands still, one shot after another."""

from collections.abc import Sequence

import cv2
import numpy as np

from schemas.clip import Frame, Segment, UnitClip
from schemas.interval import Interval
from stages.drawing.painting import Pixels
from tests.scenes import scene
from tests.stages.claims.groups import unit_clip

HEIGHT, WIDTH, FRAMES, SECONDS = 72, 128, 32, 8.0
STEP = SECONDS / FRAMES


def view(seed: int) -> Pixels:
    """A wide picture of coloured patches, brighter above, with no symmetry."""
    rng = np.random.default_rng(seed)
    patches = rng.integers(0, 255, (3, 6, 3), dtype=np.uint8)
    wide = cv2.resize(patches, (WIDTH * 2, HEIGHT), interpolation=cv2.INTER_CUBIC).astype(np.int16)
    return np.clip(wide + np.linspace(50, -40, HEIGHT, dtype=np.int16)[:, None, None], 0, 255).astype(np.uint8)


def stored(picture: Pixels, seconds: float) -> Frame:
    """A frame as PNG, which loses nothing."""
    return Frame(pts_seconds=seconds, jpeg=cv2.imencode(".png", picture[:, :, ::-1])[1].tobytes())


def clip_of(pictures: Sequence[Pixels], name: str = "clip") -> UnitClip:
    """The clip with these pictures as its frames."""
    frames = tuple(stored(one, (i + 0.5) * SECONDS / len(pictures)) for i, one in enumerate(pictures))
    return unit_clip(scene(seconds=SECONDS), name).model_copy(update={"frames": frames, "segments": ()})


def panned(moment: float) -> Pixels:
    """What the panning camera sees: it crosses 0.6 widths in the clip."""
    left = round(moment / SECONDS * 0.6 * WIDTH)
    return view(0)[:, left : left + WIDTH]


def pan() -> UnitClip:
    """The camera pans evenly."""
    return clip_of([panned((i + 0.5) * STEP) for i in range(FRAMES)])


def still() -> UnitClip:
    """Nothing moves."""
    return clip_of([view(0)[:, :WIDTH]] * FRAMES)


def shot_after_shot() -> UnitClip:
    """Every frame is of another view."""
    return clip_of([view(i)[:, :WIDTH] for i in range(FRAMES)])


def with_segment(clip: UnitClip, content: Interval) -> UnitClip:
    """The panned clip with eight stored frames of a stretch."""
    moments = [content.start_seconds + (i + 0.5) / 8 * content.duration_seconds for i in range(8)]
    segment = Segment(
        segment_id="dense",
        start_seconds=content.start_seconds,
        end_seconds=content.end_seconds,
        frames=tuple(stored(panned(moment), moment) for moment in moments),
    )
    return clip.model_copy(update={"segments": (segment,)})
