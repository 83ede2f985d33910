"""Rectangles on a frame: with a border, moved, inside the frame, overlapping."""

Rect = tuple[float, float, float, float]
"""x0, y0, x1, y1 in 0..1 of the upright frame."""

_LEAST_BORDER = 0.012  # of the frame: a detector's box may be this much smaller than the object
_BORDER_SHARE = 0.1  # of the object's side


def bordered(box: Rect) -> Rect:
    """The box with a border, inside the frame: a detector's box may leave out an object's rim."""
    x0, y0, x1, y1 = box
    across, along = (max(_LEAST_BORDER, _BORDER_SHARE * side) for side in (x1 - x0, y1 - y0))
    return max(0.0, x0 - across), max(0.0, y0 - along), min(1.0, x1 + across), min(1.0, y1 + along)


def shifted(area: Rect, x: float, y: float) -> Rect:
    """The rectangle moved by shares of the frame's width and height."""
    return area[0] + x, area[1] + y, area[2] + x, area[3] + y


def is_inside(area: Rect) -> bool:
    """Whether the whole rectangle lies inside the frame."""
    return min(area) >= 0 and max(area) <= 1


def overlap(a: Rect, b: Rect) -> bool:
    """Whether two rectangles share more than an edge."""
    return min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])
