"""An evaluation report as tables for a terminal."""

from collections.abc import Iterator

from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.evaluation.observations import Metric
from pipeline.evaluation.report import EvaluationReport, MeanWithInterval, MetricLine
from schemas.counted import counted
from stages.models.video_llm.score import ScorePath
from trainer.policy.side_by_side import BASE, START

_TITLES = {
    Metric.PREFERENCE: "chosen over rejected",
    Metric.RANKED_FIRST: "chosen over all others",
    Metric.TWINS: "both twins right",
    Metric.ORDER: "chosen over rejected, where frames must be in order",
    Metric.GENERATED: "answers in own words",
    Metric.CHOICE: "multiple choice",
}
_PATHS = {
    ScorePath.SPLIT: "the answers to a question scored on one prompt",
    ScorePath.MASK: "the answers to a question scored on one prompt with a dense mask",
    ScorePath.UNSHARED: "each answer scored on its own prompt",
}
_PARTS = {"with_none": "none of the above", "only_none": "none of them is right"}


def report_tables(report: EvaluationReport) -> Iterator[Table | Text]:
    """The metrics, and the conditions under which they were measured; one table for each model to compare with."""
    yield _metrics(report, BASE)
    if report.start is not None:
        yield _metrics(report, START)
    yield Text(_closing(report))


def _metrics(report: EvaluationReport, beside: str) -> Table:
    """The policy beside its base model, or beside the adapter that its training went on from."""
    counts = f"{counted(report.pairs, 'pair')}, {counted(report.groups, 'question')}, {counted(report.videos, 'video')}"
    title = Text(f"{report.policy} on {report.dataset}\n{counts} ({report.split.value})", style="table.title")
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("", min_width=24, overflow="fold")
    for name in ("n", beside, "policy", "95 %", "gain", "95 %"):
        table.add_column(name, justify="right", no_wrap=True)
    for metric in Metric:
        lines = [line for line in report.lines if line.metric is metric]
        if lines:
            table.add_row(Text(_TITLES[metric], style="bold"))
        for line in lines:
            table.add_row(*_cells(line, beside), end_section=line is lines[-1])
    return table


def _cells(line: MetricLine, beside: str) -> tuple[str | Text, ...]:
    _, _, kind = line.part.rpartition(": ")
    name = _PARTS.get(line.part, kind.replace("_", " "))
    part = f"    {name}" if ": " in line.part else f"  {name}"
    mean, gain = (line.base, line.gain) if beside == BASE else (line.start, line.gain_over_start)
    other = "" if mean is None else f"{mean.value:.3f}"
    policy = f"{line.policy.value:.3f}"
    gained = ("", "") if gain is None else (_gain(gain), _interval(gain, "+.3f"))
    return part, str(line.count), other, policy, _interval(line.policy, ".3f"), *gained


def _interval(estimate: MeanWithInterval, form: str) -> str:
    return f"{estimate.low:{form}}…{estimate.high:{form}}"


def _gain(gain: MeanWithInterval) -> Text:
    """Green or red if the whole interval lies on one side of zero."""
    style = "green" if gain.low > 0 else "red" if gain.high < 0 else "default"
    return Text(f"{gain.value:+.3f}", style=style)


def _closing(report: EvaluationReport) -> str:
    base = f"Base model: {report.base}." if report.base else "No base model is known: give one with --base."
    sentences = [
        base,
        *([f"Start, the adapter that its training went on from: {report.start}."] if report.start else []),
        "The intervals come from a bootstrap over videos with 1,000 draws; the models share each draw.",
        f"At most {report.num_frames} frames per clip, {report.precision.value} on {report.device}, "
        f"{_PATHS[report.path]}.",
    ]
    if report.dropped_pairs:
        left_out = counted(report.dropped_pairs, "pair")
        sentences.append(f"Left out: {left_out} whose evidence is on none of the shown frames.")
    return " ".join(sentences)
