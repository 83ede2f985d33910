"""`vidpref audit`: prints how well the answers of a finished set can be guessed without the videos."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from pipeline.audit.card import audit_section
from pipeline.audit.kept import keep_audit
from pipeline.audit.report import SHUFFLED, AuditReport, audit
from pipeline.audit.seams import read_seams
from pipeline.audit.tables import report_tables
from pipeline.audit.verdict import Outcome
from pipeline.blind_readers.groups import COLUMNS, BlindGroup, groups_from_rows
from pipeline.dataset.card import data_card
from pipeline.dataset.finished_set import FinishedSet
from pipeline.reviews.folder import ReviewFolder
from pipeline.reviews.taken_out import taken_out
from pipeline.storage.location import filesystem_error
from schemas.errors import DatasetError, OutputError, UserError
from schemas.hash_order import hash_order

_GUESSABLE = 0.60
"""Above this share of right guesses what is left of a set is warned of."""
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
        if options.reviews is not None:
            _warn(console, report)
        if unwritten is not None:
            line = f"audit.json is not written to {opened.location}: {unwritten}"
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    if options.strict and report.outcome is not Outcome.PASS:
        hint = "; a larger set gives narrower intervals" if report.outcome is Outcome.NOT_ENOUGH else ""
        raise DatasetError(f"{options.dataset} does not pass its audit: {report.outcome.value}{hint}")
    return report


def _left_out(console: Console, opened: FinishedSet, options: AuditOptions) -> frozenset[str]:
    """The groups that people object to, with their twins; none if nobody was asked."""
    if options.reviews is None:
        return frozenset()
    found = taken_out(opened, ReviewFolder.of(opened, options.reviews))
    if not options.as_json:
        console.print(found.words, markup=False, highlight=False, soft_wrap=True)
    return frozenset(found.group_ids)


def _warn(console: Console, report: AuditReport) -> None:
    """Say where the answers have become too guessable by what was left out."""
    high = [score for score in report.scores if score.part != SHUFFLED and score.accuracy > _GUESSABLE]
    for score in high:
        who = f"the reader of {score.reader.value.replace('_', ' ')}"
        line = f"warning: without them {who} is right in {score.accuracy:.3f} ({score.part})"
        console.print(line, markup=False, highlight=False, soft_wrap=True)


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
