"""Charts as SVG: bars, histograms, and a flow from stages to reasons. Texts are escaped by the template engine."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.report.content import Histogram

_FLOW_HEIGHT, _GAP, _LEAST = 340.0, 8.0, 3.0
_MOST_BARS = 14


@dataclass(frozen=True)
class Bar:
    """One row of a bar chart."""

    name: str
    count: int
    share: float
    """Of the largest row."""


@dataclass(frozen=True)
class HistogramBar:
    """One bin of one series of a histogram; places and sizes are percentages of the chart."""

    series: str
    left: float
    width: float
    height: float
    title: str


@dataclass(frozen=True)
class Node:
    """A stage or a reason of the flow."""

    name: str
    count: int
    top: float
    height: float


@dataclass(frozen=True)
class Band:
    """What one stage dropped for one reason: a band from the left to the right, given by its four corners."""

    title: str
    left_top: float
    right_top: float
    height: float


@dataclass(frozen=True)
class Flow:
    """Drops from stages to reasons."""

    height: float
    stages: tuple[Node, ...]
    reasons: tuple[Node, ...]
    bands: tuple[Band, ...]


def bars(counts: Mapping[str, int]) -> list[Bar]:
    """The most frequent values; the others are one row."""
    listed = list(counts.items())
    kept, others = listed[:_MOST_BARS], sum(count for _, count in listed[_MOST_BARS:])
    kept += [(f"{len(listed) - _MOST_BARS} others", others)] if others else []
    most = max((count for _, count in kept), default=1)
    return [Bar(name.replace("_", " "), count, count / most) for name, count in kept]


def columns(histogram: Histogram, unit: str) -> Iterator[HistogramBar]:
    """Each series of a histogram beside the others."""
    most = max((count for counts in histogram.counts.values() for count in counts), default=0) or 1
    bins, series = len(histogram.edges) - 1, len(histogram.counts)
    for place, (name, counts) in enumerate(histogram.counts.items()):
        for number, count in enumerate(counts):
            low, high = histogram.edges[number], histogram.edges[number + 1]
            yield HistogramBar(
                series=name,
                left=100 * (number + place / series) / bins,
                width=88 / (bins * series),
                height=100 * count / most,
                title=f"{name}: {count} of {low:.3g} to {high:.3g} {unit}",
            )


def flow(drops: Mapping[str, Mapping[str, int]]) -> Flow:
    """Stages on the left, reasons on the right, both as high as they are frequent, the largest first."""
    by_reason: dict[str, int] = {}
    for counts in drops.values():
        for reason, count in counts.items():
            by_reason[reason] = by_reason.get(reason, 0) + count
    by_stage = {stage: sum(counts.values()) for stage, counts in drops.items()}
    total = sum(by_stage.values()) or 1
    stages, reasons = _nodes(by_stage, total), _nodes(by_reason, total)
    bands = _bands(drops, stages, reasons, total)
    height = max((node.top + node.height for node in (*stages, *reasons)), default=0.0)
    return Flow(height, tuple(stages), tuple(reasons), tuple(bands))


def _nodes(counts: Mapping[str, int], total: int) -> list[Node]:
    nodes, top = [], 0.0
    for name, count in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])):
        height = max(_LEAST, _FLOW_HEIGHT * count / total)
        nodes.append(Node(name, count, top, height))
        top += max(height, 15.0) + _GAP  # a name needs some room
    return nodes


def _bands(
    drops: Mapping[str, Mapping[str, int]], stages: list[Node], reasons: list[Node], total: int
) -> Iterator[Band]:
    left_used, right_used = dict.fromkeys(drops, 0.0), {reason.name: 0.0 for reason in reasons}
    for stage in stages:
        for reason in reasons:
            if count := drops[stage.name].get(reason.name, 0):
                height = _FLOW_HEIGHT * count / total
                yield Band(
                    title=f"{stage.name}: {count} {reason.name.replace('_', ' ')}",
                    left_top=stage.top + left_used[stage.name],
                    right_top=reason.top + right_used[reason.name],
                    height=max(height, 0.8),
                )
                left_used[stage.name] += height
                right_used[reason.name] += height
