"""Shows the habits of a set as tables on a terminal: lengths, words, repeats, coverage, and who agrees with whom."""

from collections.abc import Iterator

from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.audit.habits import Bias
from pipeline.audit.opinions import Opinions
from pipeline.audit.report import AuditReport
from schemas.counted import counted


def habit_tables(report: AuditReport) -> Iterator[Table]:
    """A table for each thing of which there is something to show."""
    yield _balance(report)
    if any(part.words for part in report.parts):
        yield _words(report)
    yield _differences(report)
    yield _repeats(report)
    if report.coverage:
        yield _coverage(report)
    if (said := report.opinions) is not None and (said.agreements or said.blind):
        yield _opinions(said)


def _table(title: str, *columns: str) -> Table:
    """The first column is text, the others are numbers."""
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for number, name in enumerate(columns):
        table.add_column(name, justify="right" if number else "left", no_wrap=number > 0)
    return table


def _row(table: Table, *cells: str, end_section: bool = False) -> None:
    """A row of plain texts: what models wrote is no markup."""
    table.add_row(*map(Text, cells), end_section=end_section)


def _balance(report: AuditReport) -> Table:
    table = _table("What chosen answers have more of", "mean of", "chosen", "rejected", "chosen has more in", "95 %")
    for part in report.parts:
        among = "" if part is report.whole else f", {part.part}"
        _row(table, f"characters{among}", *_bias(part.length))
    _row(table, "words of denial", *_bias(report.negation))
    _row(table, "words of the question", *_bias(report.echo))
    _row(table, "share of the others' words", *_bias(report.likeness))
    return table


def _bias(bias: Bias) -> tuple[str, ...]:
    interval = f"{bias.low:.3f}–{bias.high:.3f}"
    return f"{bias.chosen_mean:.2f}", f"{bias.rejected_mean:.2f}", f"{bias.chosen_more:.3f}", interval


def _words(report: AuditReport) -> Table:
    table = _table("Words that tell which answer is chosen", "word", "in chosen alone", "in rejected alone", "videos")
    for part in report.parts:
        for number, word in enumerate(part.words):
            among = "" if part is report.whole else f"  (pairs of {part.part})"
            row = f"{word.words}{among}", str(word.chosen), str(word.rejected), str(word.videos)
            _row(table, *row, end_section=number == len(part.words) - 1)
    return table


def _differences(report: AuditReport) -> Table:
    table = _table("Where two answers differ", "pairs", "of the words", "in the first third", "second", "last")
    for part in report.parts:
        where = part.difference
        shares = (f"{share:.0%}" for share in (where.share, where.start, where.middle, where.end))
        _row(table, f"{part.part.replace('_', ' ')} ({part.pairs})", *shares)
    return table


def _repeats(report: AuditReport) -> Table:
    found, videos = report.repeats, report.video_repeats
    table = _table("Repeats", "", "number")
    _row(table, "pairs repeated about a clip", str(found.repeated_pairs))
    _row(table, "questions repeated about a clip (nearly)", f"{found.repeated_questions} ({found.near_questions})")
    _row(table, "answers nearly the same: chosen and rejected", str(found.near_pairs))
    _row(table, "answers nearly the same: two rejected ones", str(found.near_rejected))
    _row(table, f"questions that are {found.commonest_question!r}", f"{found.commonest_question_share:.1%}")
    _row(table, f"chosen answers that are {found.commonest_answer!r}", f"{found.commonest_answer_share:.1%}")
    if videos is not None:
        _row(
            table,
            f"videos that look alike, of {videos.videos} (across splits)",
            f"{videos.alike} ({videos.across_splits})",
        )
    if (compared := report.contamination) is not None:
        against = f"{compared.ids} ids and {counted(compared.looked_at, 'video')}"
        _row(table, f"videos of benchmarks, of {against}", str(len(compared.found)))
    return table


def _coverage(report: AuditReport) -> Table:
    table = _table("What questions are about", "", "pairs", "share", "aim")
    for one in report.coverage:
        _row(table, f"{one.by.value}: {one.name.replace('_', ' ')}", str(one.pairs), f"{one.share:.0%}", one.aim)
    return table


def _opinions(said: Opinions) -> Table:
    table = _table("Who agrees on the labels", "", "pairs", "agree", "95 %")
    for one in said.agreements:
        share = f"{one.same} ({one.share:.0%})"
        _row(table, f"{one.first} and {one.second}", str(one.pairs), share, f"{one.low:.3f}–{one.high:.3f}")
    if said.blind is not None:
        _row(
            table,
            "blind judge: told by the texts",
            str(said.blind.pairs),
            f"{said.blind.told} ({said.blind.share:.0%})",
            "",
        )
    return table
