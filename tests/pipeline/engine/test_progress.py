"""Progress in words and numbers."""

import io

from rich.console import Console

from pipeline.engine.progress import LineProgress, TerminalProgress, open_progress
from pipeline.engine.throughput import Throughput
from pipeline.engine.video_task import StepReport

STEPS = ("decode", "ground", "generate", "cut", "verify", "write")


def report(step: str, dropped: int = 0) -> StepReport:
    return StepReport(step, dropped, 0.0, None)


def test_throughput_counts_rate_and_time_left() -> None:
    """Of 10 videos 4 are done after 60 s: 4 a minute, and the 6 that are left take 90 s."""
    throughput = Throughput(STEPS, 10, now=100.0)
    for _ in range(4):
        throughput.add(report("write"))
    throughput.add(report("decode", dropped=2))
    assert throughput.cells("write", now=160.0) == ("4/10", "0", "4.0", "0:01:30")
    assert throughput.cells("decode", now=160.0)[1] == "2"
    assert throughput.cells("cut", now=160.0) == ("0/10", "0", "0.0", "")


def test_lines_end_with_where_the_run_ended() -> None:
    """A job's log gets plain lines: what was already done, and at the end what each step has done."""
    said: list[str] = []
    progress = LineProgress(said.append)
    with progress.of(STEPS, 2, already_done=3):
        for step in STEPS:
            progress.add(report(step))
    assert said[0] == "already done: 3 videos; to do: 2 videos"
    assert said[-1].startswith("decode 1 (0 dropped) | ground 1 (0 dropped)")
    assert " | of 2, " in said[-1]


def test_a_terminal_gets_a_table_and_a_log_gets_lines() -> None:
    """What is opened depends on where it is shown; the table has a row for every step."""
    terminal = Console(file=io.StringIO(), force_terminal=True, width=100)
    progress = open_progress(terminal)
    assert isinstance(progress, TerminalProgress)
    with progress.of(STEPS, 1, already_done=0):
        progress.add(report("ground", dropped=5))
    shown = terminal.file.getvalue()  # type: ignore[attr-defined]
    assert all(step in shown for step in STEPS)
    assert isinstance(open_progress(Console(file=io.StringIO())), LineProgress)


def test_news_in_brackets_is_no_markup() -> None:
    """A glob is printed as it was given, on a terminal and in a log."""
    news = "5 videos in clips/[ab]*.mp4 [/INST]"
    for console in (Console(file=io.StringIO(), force_terminal=True, color_system=None), Console(file=io.StringIO())):
        open_progress(console).print_line(news)
        assert console.file.getvalue() == f"{news}\n"  # type: ignore[attr-defined]
