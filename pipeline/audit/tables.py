"""Shows an audit report as tables on a terminal."""

from collections.abc import Iterator

from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.audit.habit_tables import habit_tables
from pipeline.audit.report import AuditReport
from pipeline.audit.scores import SHUFFLED, WRITTEN, ReaderScore
from pipeline.audit.verdict import MODELS, SEAMS, SLICE, WHOLE, Outcome
from pipeline.blind_readers.readers import Reader
from schemas.counted import counted

_STYLES = {Outcome.PASS: "green", Outcome.FAIL: "bold red", Outcome.NOT_ENOUGH: "yellow"}
_READS = {
    Reader.ANSWER: "an answer alone",
    Reader.QUESTION: "question, answer",
    Reader.GROUP: "all its answers",
    Reader.SEAMS: "seams of edits",
}


def report_tables(report: AuditReport) -> Iterator[Table | Text]:
    """The scores, everything else that was measured, what can be done, and the verdict in words."""
    if report.scores:
        yield _scores(report)
    yield from habit_tables(report)
    if report.findings:
        yield _findings(report)
    yield _closing(report)


def _scores(report: AuditReport) -> Table:
    counts = f"{counted(report.pairs, 'pair')}, {counted(report.groups, 'question')}, {counted(report.videos, 'video')}"
    title = f"How often classifiers that see no video find the chosen answer\n{counts}"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name in ("reader sees", "in", "pairs", "videos", "right", "95 %", "verdict"):
        table.add_column(name, justify="right" if name in ("pairs", "videos", "right") else "left", no_wrap=True)
    for reader in Reader:
        scores = [score for score in report.scores if score.reader is reader]
        for number, score in enumerate(scores):
            sees = _READS[reader] if number == 0 else ""
            table.add_row(sees, *_score(score), end_section=number == len(scores) - 1)
    return table


def _score(score: ReaderScore) -> tuple[str | Text, ...]:
    interval = f"{score.low:.3f}–{score.high:.3f}"
    control = score.part == SHUFFLED
    verdict = Text("control", style="dim") if control else Text(score.outcome.value, style=_STYLES[score.outcome])
    part = "by models" if score.part == WRITTEN else score.part.replace("_", " ")
    return part, str(score.pairs), str(score.videos), f"{score.accuracy:.3f}", interval, verdict


def _findings(report: AuditReport) -> Table:
    table = Table(title="What to do", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, show_header=False)
    table.add_column("topic", no_wrap=True)
    table.add_column("finding", overflow="fold")
    for number, one in enumerate(report.findings, start=1):
        said = Text(f"{one.says}\n").append(f"-> {one.do}", style="dim")
        table.add_row(f"{number} {one.topic}", said, end_section=True)
    return table


def _closing(report: AuditReport) -> Text:
    verdict = Text(f"Verdict: {report.outcome.value}. ", style=_STYLES[report.outcome])
    rule = (
        f"A score passes if it is at most {WHOLE.point}, the upper end of its interval at most {WHOLE.high} and half "
        f"the interval's width at most {WHOLE.half_width} (for one axis or kind: {SLICE.point}, {SLICE.high}, "
        f"{SLICE.half_width}; for what models wrote: {MODELS.point}, {MODELS.high}, {MODELS.half_width}; for the "
        f"seams of planted edits: {SEAMS.point}, {SEAMS.high}, {SEAMS.half_width}). With "
        "too few videos the verdict is not enough, which does not pass. A score below 0.5 is not a leak. Twins have "
        "each pair with chosen and rejected exchanged too: every score there must be exactly 0.5."
    )
    return verdict.append(rule, style="default")
