"""Boxes as four plain numbers, for what is computed of very many of them."""

Corners = tuple[float, float, float, float]
"""x0, y0, x1, y1 in 0..1 of the frame."""


def area(box: Corners) -> float:
    """Share of the frame that a box covers, 0..1."""
    return (box[2] - box[0]) * (box[3] - box[1])


def shared_area(left: Corners, right: Corners) -> float:
    """Share of the frame that both boxes cover, 0..1."""
    width = min(left[2], right[2]) - max(left[0], right[0])
    height = min(left[3], right[3]) - max(left[1], right[1])
    return max(0.0, width) * max(0.0, height)


def overlap(left: Corners, right: Corners) -> float:
    """Intersection over union of two boxes, 0..1."""
    shared = shared_area(left, right)
    return shared / (area(left) + area(right) - shared)


def contained(inner: Corners, outer: Corners) -> float:
    """The share of the inner box that lies in the outer one, 0..1."""
    return shared_area(inner, outer) / area(inner)
