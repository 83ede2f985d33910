"""Reads what is audited: a finished set, or rows that others have published."""

import os
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.audit.contamination import Contamination, NamedPairs, contamination
from pipeline.audit.coverage import coverage
from pipeline.audit.foreign import read_foreign
from pipeline.audit.looks import MOST_VIDEOS, VideoLook, read_looks, video_repeats
from pipeline.audit.measure import BesideTexts, audit
from pipeline.audit.opinions import opinions
from pipeline.audit.options import AuditOptions
from pipeline.audit.read import read_groups
from pipeline.audit.report import AuditReport
from pipeline.audit.seams import read_seams
from pipeline.blind_readers.groups import BlindGroup
from pipeline.build.shortfalls import shortfalls
from pipeline.dataset.finished_set import FinishedSet
from pipeline.importers.exclusions import Exclusions
from pipeline.reviews.folder import ReviewFolder
from pipeline.reviews.taken_out import taken_out
from pipeline.storage.location import Location
from schemas.errors import DatasetError, UserError
from schemas.hash_order import hash_order

Say = Callable[[str], None]
"""Tells one line about what was read."""


@dataclass(frozen=True)
class Audited:
    """Something that was audited."""

    report: AuditReport
    groups: Sequence[BlindGroup]
    videos: dict[str, NamedPairs]
    """All its videos, by id."""
    opened: FinishedSet | None
    """The set; null if it is none of ours."""


def audited(address: str, options: AuditOptions, say: Say) -> Audited:
    """Read and measure one set, or one lot of rows.

    Raises UserError if it can be neither, holds no pairs, or a benchmark cannot be read.
    """
    if options.format is not None and not (Location.parse(address) / "dataset.json").is_file():
        return _audited_rows(address, options.format, options)
    if options.format is None and Location.parse(address).is_file():
        raise DatasetError(
            f"{address} is a file, and no finished set; audit rows of others with --format vistadpo, trl, ..."
        )
    opened = FinishedSet.open(address)
    groups = read_groups(opened)
    if not groups:
        raise DatasetError(f"{opened.location} holds no pairs: there is nothing to audit")
    left_out = _left_out(opened, options, say)
    groups = [group for group in groups if group.group_id not in left_out]
    if not groups:
        raise DatasetError(f"{opened.location}: people object to every question; there is nothing left to audit")
    return _audited_set(opened, groups, left_out, options)


def _audited_rows(address: str, format_name: str, options: AuditOptions) -> Audited:
    if options.card or options.reviews is not None:
        raise UserError(f"{address} is no set of vidpref: --card and --reviews are for sets of vidpref alone")
    rows = read_foreign(address, format_name)
    videos = rows.videos()
    beside = BesideTexts(contamination=_compared(options, videos, []), of_rows=tuple(rows.findings))
    return Audited(audit(rows.groups, beside=beside), rows.groups, videos, None)


def _audited_set(
    opened: FinishedSet, groups: Sequence[BlindGroup], left_out: Collection[str], options: AuditOptions
) -> Audited:
    videos = _videos(opened, left_out)
    by_looks = any(Path(place).is_dir() for place in options.benchmarks)
    looks = read_looks(opened, sorted(videos, key=hash_order)[: None if by_looks else MOST_VIDEOS])
    seams = read_seams(opened, list(dict.fromkeys(group.video_id for group in groups)))
    beside = BesideTexts(
        seams=[one for one in seams if one.group.group_id not in left_out],
        video_repeats=video_repeats(looks),
        contamination=_compared(options, videos, looks),
        coverage=coverage(opened),
        notes=tuple(shortfalls(opened)),
        opinions=opinions(opened, ReviewFolder.of(opened, options.reviews).all_verdicts()),
    )
    return Audited(audit(groups, beside=beside), groups, videos, opened)


def _left_out(opened: FinishedSet, options: AuditOptions, say: Say) -> frozenset[str]:
    """The groups that people object to, with their twins; none if nobody was asked."""
    if options.reviews is None:
        return frozenset()
    found = taken_out(opened, ReviewFolder.of(opened, options.reviews).all_verdicts())
    say(found.words)
    return frozenset(found.group_ids)


def _videos(opened: FinishedSet, left_out: Collection[str]) -> dict[str, NamedPairs]:
    """Every video of a set that pairs are about."""
    pairs: Counter[str] = Counter()
    for part in opened.tables("pairs", ("video_id", "group_id")):
        columns = (part.column(name).to_pylist() for name in ("video_id", "group_id"))
        pairs.update(video_id for video_id, group_id in zip(*columns, strict=True) if group_id not in left_out)
    uris = {
        row["video_id"]: row["uri"] for part in opened.tables("clips", ("video_id", "uri")) for row in part.to_pylist()
    }
    return {name: NamedPairs((uris.get(name, name).rpartition("/")[2], name), count) for name, count in pairs.items()}


def _compared(options: AuditOptions, videos: dict[str, NamedPairs], looks: Sequence[VideoLook]) -> Contamination | None:
    if not options.benchmarks:
        return None
    benchmarks = Exclusions.read(
        options.benchmarks, len(os.sched_getaffinity(0)), by_looks=bool(looks), option="--benchmark"
    )
    return contamination(options.benchmarks, benchmarks, videos, looks)
