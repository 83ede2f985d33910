"""`vidpref audit`: prints how well the answers of a finished set can be guessed without the videos."""

from dataclasses import dataclass

from rich.console import Console

from pipeline.audit.after_filter import warnings
from pipeline.audit.card import audit_section
from pipeline.audit.kept import keep_audit
from pipeline.audit.read import read_groups
from pipeline.audit.report import AuditReport, audit
from pipeline.audit.seams import read_seams
from pipeline.audit.tables import report_tables
from pipeline.audit.verdict import Outcome
from pipeline.dataset.card import data_card
from pipeline.dataset.finished_set import FinishedSet
from pipeline.reviews.folder import ReviewFolder
from pipeline.reviews.taken_out import taken_out
from pipeline.storage.location import filesystem_error
from schemas.errors import DatasetError, OutputError, UserError


@dataclass(frozen=True)
class AuditOptions:
    """What `vidpref audit` is asked for."""

    dataset: str
    as_json: bool = False
    strict: bool = False
    """Whether a set that does not pass is an error."""
    card: bool = False
    """Whether the report also goes into the set's README.md."""
    reviews: str | None = None
    """A folder of human verdicts: what people object to is left out first. The report is then not that of the set, so
    neither README.md nor audit.json may get it."""

    def __post_init__(self) -> None:
        if self.card and self.reviews is not None:
            raise UserError("--card and --reviews cannot be combined: the card is about the whole set")


def run_audit(console: Console, options: AuditOptions) -> AuditReport:
    """Audit a set and print the report.

    Raises DatasetError if the set holds no pairs, if a clip with planted edits cannot be read, or if it does not pass
    and `strict` is set.
    """
    opened = FinishedSet.open(options.dataset)
    groups = read_groups(opened)
    if not groups:
        raise DatasetError(f"{opened.location} holds no pairs: there is nothing to audit")
    left_out = _left_out(console, opened, options)
    groups = [group for group in groups if group.group_id not in left_out]
    if not groups:
        raise DatasetError(f"{opened.location}: people object to every question; there is nothing left to audit")
    seams = read_seams(opened, list(dict.fromkeys(group.video_id for group in groups)))
    report = audit(groups, seams=[one for one in seams if one.group.group_id not in left_out])
    unwritten = keep_audit(opened, report) if options.reviews is None else None
    if options.card:
        _write_card(opened, report)
    if options.as_json:
        console.print_json(report.model_dump_json())
    else:
        console.print(*report_tables(report), sep="\n")
        said = list(warnings(report.scores)) if options.reviews is not None else []
        if unwritten is not None:
            said.append(f"audit.json is not written to {opened.location}: {unwritten}")
        for line in said:
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    if options.strict and report.outcome is not Outcome.PASS:
        hint = "; a larger set gives narrower intervals" if report.outcome is Outcome.NOT_ENOUGH else ""
        raise DatasetError(f"{options.dataset} does not pass its audit: {report.outcome.value}{hint}")
    return report


def _left_out(console: Console, opened: FinishedSet, options: AuditOptions) -> frozenset[str]:
    """The groups that people object to, with their twins; none if nobody was asked."""
    if options.reviews is None:
        return frozenset()
    found = taken_out(opened, ReviewFolder.of(opened, options.reviews).all_verdicts())
    if not options.as_json:
        console.print(found.words, markup=False, highlight=False, soft_wrap=True)
    return frozenset(found.group_ids)


def _write_card(opened: FinishedSet, report: AuditReport) -> None:
    try:
        (opened.location / "README.md").write_bytes(data_card(opened, audit_section(report)).encode())
    except OSError as error:
        raise OutputError(f"the card of {opened.location} cannot be written: {filesystem_error(error)}") from error
