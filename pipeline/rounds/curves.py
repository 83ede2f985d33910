"""Curves by round, as places in a chart of 100 by 100 that a template draws as SVG."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_ROOM = 0.08
"""Share of the height that is left above and below."""


@dataclass(frozen=True)
class CurvePoint:
    """One value of one round."""

    round: int
    value: float
    low: float | None = None
    """Lower end of its 95 % interval; null if it has none."""
    high: float | None = None
    """Upper end."""


@dataclass(frozen=True)
class Dot:
    """A point in the chart; places are percentages, from the upper left."""

    left: float
    top: float
    interval: tuple[float, float] | None
    """Tops of the upper and the lower end of its interval."""
    title: str


@dataclass(frozen=True)
class Line:
    """One series."""

    name: str
    dots: tuple[Dot, ...]

    @property
    def path(self) -> str:
        """The points of a polyline."""
        return " ".join(f"{dot.left:.2f},{dot.top:.2f}" for dot in self.dots)


@dataclass(frozen=True)
class CurveChart:
    """Some series over the same rounds."""

    title: str
    note: str
    """What is measured, in one sentence."""
    lines: tuple[Line, ...]
    marks: tuple[tuple[float, str], ...]
    """Top and text of the highest and of the lowest value."""
    level: float | None
    """Top of the value that a reader compares with; null if there is none in the chart."""


def curve_chart(
    title: str,
    note: str,
    series: Mapping[str, Sequence[CurvePoint]],
    rounds: int,
    *,
    form: str = ".3f",
    level: float | None = None,
) -> CurveChart | None:
    """The chart of some series; None if there is no point.

    Args:
        title: of the chart.
        note: what is measured.
        series: the points of each, in order of round; those without a point are left out.
        rounds: number of the last round, at the right edge.
        form: how a value is written.
        level: a value to compare with, such as chance; it is drawn, and the chart reaches it.
    """
    known = {name: points for name, points in series.items() if points}
    if not known:
        return None
    ends = [end for points in known.values() for point in points for end in (point.value, point.low, point.high)]
    values = [end for end in (*ends, level) if end is not None]
    least, most = min(values), max(values)
    room = (most - least or abs(most) or 1.0) * _ROOM
    scale = _Scale(least - room, most + room, max(rounds, 1), form)
    return CurveChart(
        title=title,
        note=note,
        lines=tuple(Line(name, tuple(scale.dot(name, point) for point in points)) for name, points in known.items()),
        marks=tuple((scale.top(value), format(value, form)) for value in (most, least)),
        level=None if level is None else scale.top(level),
    )


@dataclass(frozen=True)
class _Scale:
    least: float
    most: float
    rounds: int
    form: str

    def dot(self, name: str, point: CurvePoint) -> Dot:
        interval, told = None, ""
        if point.low is not None and point.high is not None:
            interval = (self.top(point.high), self.top(point.low))
            told = f" ({point.low:{self.form}} to {point.high:{self.form}})"
        title = f"{name}, round {point.round}: {point.value:{self.form}}{told}"
        return Dot(100 * point.round / self.rounds, self.top(point.value), interval, title)

    def top(self, value: float) -> float:
        return 100 * (self.most - value) / (self.most - self.least)
