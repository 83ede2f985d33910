"""`vidpref audit`: prints how well answers can be guessed without the videos, what else is wrong, and what to do."""

from rich.console import Console

from pipeline.audit.after_filter import warnings
from pipeline.audit.card import card_with_audit
from pipeline.audit.comparison import SetComparison, compared, comparison_table
from pipeline.audit.kept import keep_audit
from pipeline.audit.material import Say, audited
from pipeline.audit.options import AuditOptions
from pipeline.audit.report import AuditReport
from pipeline.audit.tables import report_tables
from pipeline.audit.verdict import Outcome
from pipeline.dataset.finished_set import FinishedSet
from pipeline.storage.location import filesystem_error
from schemas.errors import DatasetError, OutputError


def run_audit(console: Console, options: AuditOptions) -> AuditReport:
    """Audit a set, or rows of others, and print the report.

    Raises UserError if it cannot be read or holds no pairs, or if it does not pass and `strict` is set.
    """
    say = _say(console, options)
    found = audited(options.dataset, options, say)
    report, unwritten = found.report, None
    if found.opened is not None:
        unwritten = keep_audit(found.opened, report) if options.reviews is None else None
        if options.card:
            _write_card(found.opened)
    if options.as_json:
        console.print_json(report.model_dump_json())
    else:
        console.print(*report_tables(report), sep="\n")
    for line in warnings(report.scores) if options.reviews is not None else ():
        say(line)
    if unwritten is not None:
        say(f"audit.json is not written to {options.dataset}: {unwritten}")
    if options.strict and report.outcome is not Outcome.PASS:
        hint = "; a larger set gives narrower intervals" if report.outcome is Outcome.NOT_ENOUGH else ""
        raise DatasetError(f"{options.dataset} does not pass its audit: {report.outcome.value}{hint}")
    return report


def run_comparison(console: Console, options: AuditOptions) -> SetComparison:
    """Audit two sets and print what they have in common, and each number beside the other's.

    Raises UserError if one cannot be read, and ValueError if the options name no other set.
    """
    if options.other is None:
        raise ValueError("a comparison needs another set")
    say, names = _say(console, options), (options.dataset, options.other)
    sets = []
    for name in names:
        sets.append(audited(name, options, say))
        if (opened := sets[-1].opened) is not None:
            keep_audit(opened, sets[-1].report)
    found = compared(names, *sets)
    if options.as_json:
        console.print_json(found.model_dump_json())
    else:
        console.print(comparison_table(found))
    return found


def _say(console: Console, options: AuditOptions) -> Say:
    def say(line: str) -> None:
        if not options.as_json:
            console.print(line, markup=False, highlight=False, soft_wrap=True)

    return say


def _write_card(opened: FinishedSet) -> None:
    try:
        (opened.location / "README.md").write_bytes(card_with_audit(opened).encode())
    except OSError as error:
        raise OutputError(f"the card of {opened.location} cannot be written: {filesystem_error(error)}") from error
