"""`vidpref audit`: prints how well the answers of a finished set can be guessed without the videos."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from pipeline.audit.card import audit_section
from pipeline.audit.kept import keep_audit
from pipeline.audit.report import AuditReport, audit
from pipeline.audit.seams import read_seams
from pipeline.audit.tables import report_tables
from pipeline.audit.verdict import Outcome
from pipeline.blind_readers.groups import COLUMNS, BlindGroup, groups_from_rows
from pipeline.dataset.card import data_card
from pipeline.dataset.finished_set import FinishedSet
from pipeline.storage.location import filesystem_error
from schemas.errors import DatasetError, OutputError
from schemas.hash_order import hash_order

MAX_VIDEOS = 5_000
"""At most this many videos are read, chosen by a hash of their ids: more would hardly narrow the intervals."""


@dataclass(frozen=True)
class AuditOptions:
    """What `vidpref audit` is asked for."""

    dataset: str
    as_json: bool = False
    strict: bool = False
    """Whether a set that does not pass is an error."""
    card: bool = False
    """Whether the report also goes into the set's README.md."""


def run_audit(console: Console, options: AuditOptions) -> AuditReport:
    """Audit a set and print the report.

    Raises DatasetError if the set holds no pairs, if a clip with planted edits cannot be read, or if it does not pass
    and `strict` is set.
    """
    opened = FinishedSet.open(options.dataset)
    groups = read_groups(opened)
    report = audit(groups, seams=read_seams(opened, list(dict.fromkeys(group.video_id for group in groups))))
    unwritten = keep_audit(opened, report)
    if options.card:
        _write_card(opened, report)
    if options.as_json:
        console.print_json(report.model_dump_json())
    else:
        console.print(*report_tables(report), sep="\n")
        if unwritten is not None:
            line = f"audit.json is not written to {opened.location}: {unwritten}"
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    if options.strict and report.outcome is not Outcome.PASS:
        hint = "; a larger set gives narrower intervals" if report.outcome is Outcome.NOT_ENOUGH else ""
        raise DatasetError(f"{options.dataset} does not pass its audit: {report.outcome.value}{hint}")
    return report


def _write_card(opened: FinishedSet, report: AuditReport) -> None:
    try:
        (opened.location / "README.md").write_bytes(data_card(opened, audit_section(report)).encode())
    except OSError as error:
        raise OutputError(f"the card of {opened.location} cannot be written: {filesystem_error(error)}") from error


def read_groups(opened: FinishedSet, max_videos: int = MAX_VIDEOS) -> list[BlindGroup]:
    """What blind readers see of at most `max_videos` of a set's videos. Raises DatasetError if it holds no pairs."""
    videos = {video_id for rows in _columns(opened, ("video_id",)) for video_id in rows["video_id"]}
    if not videos:
        raise DatasetError(f"{opened.location} holds no pairs: there is nothing to audit")
    taken = set(sorted(videos, key=hash_order)[:max_videos])
    rows = (
        dict(zip(COLUMNS, row, strict=True))
        for part in _columns(opened, COLUMNS)
        for row in zip(*(part[name] for name in COLUMNS), strict=True)
    )
    return groups_from_rows(row for row in rows if row["video_id"] in taken)


def _columns(opened: FinishedSet, names: tuple[str, ...]) -> Iterator[dict[str, list[Any]]]:
    for part in opened.tables("pairs", names):
        yield part.to_pydict()
