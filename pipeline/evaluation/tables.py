"""An evaluation report as tables for a terminal."""

from collections.abc import Iterator

from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.evaluation.observations import Measure
from pipeline.evaluation.report import Estimate, EvaluationReport, Line
from schemas.counted import counted

_TITLES = {
    Measure.PREFERENCE: "chosen over rejected",
    Measure.RANKED_FIRST: "chosen over all others",
    Measure.TWINS: "twins won on both sides",
    Measure.GENERATED: "answers in its own words",
    Measure.CHOICE: "multiple choice",
}
_PARTS = {"with_none": "none of the above", "only_none": "none of them is right"}


def report_tables(report: EvaluationReport) -> Iterator[Table | Text]:
    """What was measured, and under which conditions."""
    yield _measures(report)
    yield Text(_closing(report))


def _measures(report: EvaluationReport) -> Table:
    counts = f"{counted(report.pairs, 'pair')}, {counted(report.groups, 'question')}, {counted(report.videos, 'video')}"
    title = Text(f"{report.policy} on {report.dataset}\n{counts} ({report.split.value})", style="table.title")
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("", min_width=24, overflow="fold")
    for name in ("n", "base", "policy", "95 %", "gain", "95 %"):
        table.add_column(name, justify="right", no_wrap=True)
    for measure in Measure:
        lines = [line for line in report.lines if line.measure is measure]
        if lines:
            table.add_row(Text(_TITLES[measure], style="bold"))
        for line in lines:
            table.add_row(*_cells(line), end_section=line is lines[-1])
    return table


def _cells(line: Line) -> tuple[str | Text, ...]:
    part = f"  {_PARTS.get(line.part, line.part.replace('_', ' '))}"
    base = "" if line.base is None else f"{line.base.value:.3f}"
    policy = f"{line.policy.value:.3f}"
    gain = ("", "") if line.gain is None else (_gain(line.gain), _interval(line.gain, "+.3f"))
    return part, str(line.count), base, policy, _interval(line.policy, ".3f"), *gain


def _interval(estimate: Estimate, form: str) -> str:
    return f"{estimate.low:{form}}…{estimate.high:{form}}"


def _gain(gain: Estimate) -> Text:
    """Coloured where the interval says that it is one, or a loss."""
    style = "green" if gain.low > 0 else "red" if gain.high < 0 else "default"
    return Text(f"{gain.value:+.3f}", style=style)


def _closing(report: EvaluationReport) -> str:
    left_out = f" Left out: {counted(report.dropped_pairs, 'pair')}, whose evidence lies between the frames shown."
    return (
        f"Base model: {report.base or 'none known; give --base PATH'}. Intervals are by bootstrap over videos, 1,000 "
        f"draws; a gain is of the same drawn videos. At most {report.num_frames} frames a clip, "
        f"{report.precision.value} on {report.device}, prompts {report.path.value}."
        f"{left_out if report.dropped_pairs else ''}"
    )
