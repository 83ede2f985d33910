"""Boxes: xyxy in 0..1 of the upright frame, left is the viewer's left; times are container seconds."""

from collections.abc import Sequence
from enum import StrEnum
from statistics import median
from typing import Self

from pydantic import Field, model_validator

from schemas.corners import Corners, area, overlap, shared_area
from schemas.record import Record

_SMALL, _LARGE = 0.01, 0.1
"""Shares of the frame that separate the size classes."""


class Rectangle(Record):
    """A box in 0..1 of the frame."""

    x0: float = Field(ge=0, le=1)
    """Left edge, 0..1 of the frame's width."""
    y0: float = Field(ge=0, le=1)
    """Top edge, 0..1 of the frame's height."""
    x1: float = Field(ge=0, le=1)
    """Right edge, 0..1 of the frame's width."""
    y1: float = Field(ge=0, le=1)
    """Bottom edge, 0..1 of the frame's height."""

    @model_validator(mode="after")
    def _has_area(self) -> Self:
        if not (self.x0 < self.x1 and self.y0 < self.y1):
            raise ValueError(f"box ({self.x0}, {self.y0}, {self.x1}, {self.y1}) must have x0 < x1 and y0 < y1")
        return self

    @property
    def centre(self) -> tuple[float, float]:
        """(x, y) of the box centre, 0..1."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    @property
    def area(self) -> float:
        """Share of the frame that the box covers, 0..1."""
        return area(self.corners)

    @property
    def corners(self) -> Corners:
        """Its edges as plain numbers."""
        return self.x0, self.y0, self.x1, self.y1

    def shared_area(self, other: "Rectangle") -> float:
        """Share of the frame that both boxes cover, 0..1."""
        return shared_area(self.corners, other.corners)

    def iou(self, other: "Rectangle") -> float:
        """Intersection over union with another box, 0..1."""
        return overlap(self.corners, other.corners)


class Box(Rectangle):
    """The visible part of a track on one sampled frame."""

    frame_index: int = Field(ge=0)
    """Index into the clip's sampled frames."""


class PathPoint(Rectangle):
    """The visible part of a track on one analysis frame."""

    pts_seconds: float
    """Container time of the analysis frame."""


class SizeClass(StrEnum):
    """How much of the picture a track covers, by the median area of its boxes."""

    SMALL = "small"
    """Less than 1 %."""
    MEDIUM = "medium"
    LARGE = "large"
    """10 % or more."""


def size_class(path: Sequence[PathPoint]) -> SizeClass:
    """How large a track with that path is. Raises statistics.StatisticsError if the path is empty."""
    area = median(point.area for point in path)
    if area < _SMALL:
        return SizeClass.SMALL
    return SizeClass.MEDIUM if area < _LARGE else SizeClass.LARGE
