"""Courses of a thing that is moved by hand."""

import numpy as np

from stages.motion.objects.course import Course
from stages.motion.objects.events import EventConfig, ShotExtent

SPAN = ShotExtent(start_seconds=0.0, last_seconds=9.9, end_seconds=10.0, frame_seconds=0.1, width=320, height=240)
CONFIG = EventConfig()


def course_at(lefts: np.ndarray, times: np.ndarray, sides: np.ndarray | float = 40.0) -> Course:
    """A thing as wide as `sides` whose left edge is at `lefts`, rows 100 to 140; cut off at the frame's borders."""
    rights = lefts + sides
    edges = np.stack([lefts.clip(0, 320), np.full_like(lefts, 100), rights.clip(0, 320), np.full_like(lefts, 140)], 1)
    free = np.stack([lefts > 0, np.ones_like(lefts, bool), rights < 320, np.ones_like(lefts, bool)], 1)
    centres = np.stack([(lefts + rights) / 2, np.full_like(lefts, 120)], 1)
    return Course(times, edges, free, centres)
