"""Rectangles on a frame: moved, inside the frame, overlapping."""

from stages.visuals import Rect


def shifted(area: Rect, x: float, y: float) -> Rect:
    """The rectangle moved by shares of the frame's width and height."""
    return area[0] + x, area[1] + y, area[2] + x, area[3] + y


def is_inside(area: Rect) -> bool:
    """Whether the whole rectangle lies inside the frame."""
    return min(area) >= 0 and max(area) <= 1


def overlap(a: Rect, b: Rect) -> bool:
    """Whether two rectangles share more than an edge."""
    return min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])
