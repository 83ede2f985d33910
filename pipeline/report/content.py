"""What a report says: counts, lengths and times, drops, audit, what people say, and pairs drawn at random."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from pipeline.audit.kept import kept_audit
from pipeline.audit.report import AuditReport
from pipeline.dataset.finished_set import FinishedSet
from pipeline.dataset.overview import Overview, overview
from pipeline.report.examples import Example, example
from pipeline.reviews.agreement import Agreement, agreement
from pipeline.viewer.session import ViewerSession
from schemas.record import Record

EXAMPLES = 20
_BINS = 20


class Histogram(Record):
    """How many values lie between edges; the last bin holds what lies on its upper edge."""

    edges: tuple[float, ...]
    counts: dict[str, tuple[int, ...]]
    """For each series one number for each bin."""


class ReportContent(Record):
    """All that a report says, but its pictures."""

    name: str
    """The name of its folder; not where that is, since a report is passed on."""
    overview: Overview
    """Its counts."""
    lengths: Histogram
    """Characters of chosen and of rejected answers."""
    times: Histogram
    """Where in their clips the events lie that pairs are about: 0 is the start, 1 the end."""
    drops: dict[str, dict[str, int]]
    """How many items each stage dropped, by reason."""
    audit: AuditReport | None
    """The last audit; null if the set was not audited as it is."""
    human: Agreement
    """What people say."""
    examples: tuple[Example, ...]
    """Pairs drawn at random with a seed."""


def report_content(session: ViewerSession) -> ReportContent:
    """Read a set; the session has drawn the examples. DatasetError if the set is damaged."""
    opened = session.opened
    verdicts = session.of_this_set(session.review.folder.all_verdicts())
    pairs = session.table.pairs(session.sampled)
    return ReportContent(
        name=opened.location.path.rstrip("/").rpartition("/")[2],
        overview=overview(opened),
        lengths=_lengths(opened),
        times=_times(opened),
        drops=session.drops.flow(),
        audit=kept_audit(opened),
        human=agreement(verdicts, session.grounds([one.pair_id for one in verdicts])),
        examples=tuple(example(pair, session.shelf.clip(pair.clip_id)) for pair in pairs),
    )


def _lengths(opened: FinishedSet) -> Histogram:
    found: dict[str, list[int]] = {"chosen": [], "rejected": []}
    for part in opened.tables("pairs", tuple(found)):
        for name, lengths in found.items():
            lengths += [len(text) for text in part.column(name).to_pylist()]
    every = [length for lengths in found.values() for length in lengths]
    longest = float(np.percentile(every, 99)) if every else 1.0  # a single long text would hide all others
    return _histogram(found, max(longest, 1.0))


def _times(opened: FinishedSet) -> Histogram:
    names = ("clip_id", "start_seconds", "end_seconds")
    clips = {row["clip_id"]: row for part in opened.tables("clips", names) for row in part.to_pylist()}
    return _histogram({"events": list(_middles(opened, clips))}, 1.0)


def _middles(opened: FinishedSet, clips: dict[str, dict[str, float]]) -> Iterator[float]:
    """Where in its clip the middle of each event lies."""
    for part in opened.tables("pairs", ("clip_id", "event_intervals")):
        for row in part.to_pylist():
            if (clip := clips.get(row["clip_id"])) is None:
                continue  # verify reports it
            for interval in row["event_intervals"]:
                middle = (interval["start_seconds"] + interval["end_seconds"]) / 2
                yield (middle - clip["start_seconds"]) / (clip["end_seconds"] - clip["start_seconds"])


def _histogram(series: Mapping[str, Sequence[float]], most: float) -> Histogram:
    edges = np.linspace(0.0, most, _BINS + 1)
    counted = {name: np.histogram(np.clip(values, 0, most), edges)[0].tolist() for name, values in series.items()}
    return Histogram(edges=tuple(float(edge) for edge in edges), counts={n: tuple(c) for n, c in counted.items()})
