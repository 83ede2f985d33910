"""A finished set becomes rows and media files, one video after the other, in the order of the set."""

import os
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TextIO

from pydantic import ValidationError

from pipeline.dataset.finished_set import FinishedSet
from pipeline.export.account import ExportAccount, UnmadeRows
from pipeline.export.format import ExportFormat, Finished
from pipeline.export.left_out import LeftOutPair, LeftOutReason
from pipeline.export.media import MediaSettings
from pipeline.export.row_sink import RowSink
from pipeline.export.selection import Selection
from pipeline.export.video_rows import VideoExporter, VideoRows
from schemas.arrow import from_table
from schemas.errors import DatasetError
from schemas.pair import Pair
from schemas.problems import one_line
from schemas.video import Split
from trainer.data.clip_cache import ClipCache
from trainer.data.shards import clip_places

_MOST_THREADS = 8
_AHEAD = 2
"""Videos that are made for each thread before their rows are written: memory does not grow with the set."""
LEFT_OUT = "left_out.jsonl"
ACCOUNT = "export.json"


@dataclass
class _Counts:
    pairs: int = 0
    exported: int = 0
    visuals: int = 0
    longest: int = 1
    frames: int = 0
    left_out: Counter[LeftOutReason] = field(default_factory=Counter)
    negatives: Counter[LeftOutReason | None] = field(default_factory=Counter)
    rows: Counter[Split] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    unmade: Counter[tuple[str, LeftOutReason]] = field(default_factory=Counter)


@dataclass(frozen=True)
class Export:
    """One export of one set into a folder that exists."""

    opened: FinishedSet
    target: ExportFormat
    selection: Selection
    media: MediaSettings

    def write(self, source: str, options: dict[str, str]) -> ExportAccount:
        """Write everything. DatasetError if the set is damaged, or if nothing is left of it; OSError if the folder
        cannot be written.

        Args:
            source: how the user calls the set.
            options: what was asked for, for the account.
        """
        counts, folder = _Counts(), self.media.folder
        sink = self.target.sink(folder)
        with (folder / LEFT_OUT).open("w", encoding="utf-8") as listed:
            try:
                for made in self._videos():
                    _add(made, counts, sink, listed)
            finally:
                sink.close()
        if not counts.exported:
            most = ", ".join(f"{reason.value} {count}" for reason, count in counts.left_out.most_common())
            raise DatasetError(f"{source}: nothing is left to export of {counts.pairs} pairs: {most or 'it is empty'}")
        finished = Finished(counts.rows, counts.longest, counts.frames, source)
        self.target.finish(folder, finished)
        account = self._account(counts, source, options, self.target.command(finished))
        Path(folder / ACCOUNT).write_text(account.model_dump_json(indent=1) + "\n", encoding="utf-8")
        return account

    def _videos(self) -> Iterator[VideoRows]:
        """What becomes of the pairs of each video, in order."""
        places = clip_places(self.opened)
        exporter = VideoExporter(ClipCache(self.opened, places), places, self.target, self.media)
        threads = min(_MOST_THREADS, len(os.sched_getaffinity(0)))

        def made(pairs: list[Pair]) -> VideoRows:
            kept, left_out = self.selection.split(pairs)
            found = exporter.export(kept)
            found.left_out += left_out
            return found

        with ThreadPoolExecutor(threads) as pool:
            waiting: deque[Future[VideoRows]] = deque()
            for pairs in self._pairs_by_video():
                waiting.append(pool.submit(made, pairs))
                if len(waiting) > _AHEAD * threads:
                    yield waiting.popleft().result()
            for one in waiting:
                yield one.result()

    def _pairs_by_video(self) -> Iterator[list[Pair]]:
        for _, pairs in groupby(self._pairs(), lambda pair: pair.video_id):
            yield list(pairs)

    def _pairs(self) -> Iterator[Pair]:
        for part in self.opened.tables("pairs"):
            try:
                yield from from_table(Pair, part)
            except ValidationError as error:
                raise DatasetError(f"pairs of {self.opened.location}: {one_line(error)}; see vidpref verify") from error

    def _account(self, counts: _Counts, source: str, options: dict[str, str], command: str) -> ExportAccount:
        by_reason = {reason: count for reason, count in counts.negatives.items() if reason is not None and count}
        return ExportAccount(
            format=self.target.name,
            media=self.target.medium.value,
            source=source,
            source_fingerprint=self.opened.manifest.fingerprint,
            options=options,
            pairs=counts.pairs,
            exported=counts.exported,
            left_out=dict(sorted(counts.left_out.items())),
            rows={split.value: counts.rows[split] for split in sorted(counts.rows)},
            kinds=dict(sorted(counts.kinds.items())),
            unmade=tuple(
                UnmadeRows(kind=kind, reason=reason, count=count)
                for (kind, reason), count in sorted(counts.unmade.items())
            ),
            visuals=counts.visuals,
            negatives=counts.negatives[None],
            negatives_left_out=dict(sorted(by_reason.items())),
            times=self.target.times_said(),
            longest_tokens=counts.longest,
            command=command,
        )


def _add(made: VideoRows, counts: _Counts, sink: RowSink, listed: TextIO) -> None:
    exported: set[str] = set()
    for row in made.rows:
        sink.write(row)
        counts.rows[row.split] += 1
        counts.kinds[row.kind] += 1
        counts.longest, counts.frames = max(counts.longest, row.tokens), max(counts.frames, row.frames)
        exported.update(row.pair_ids)
    _list(made.left_out, counts, listed)
    counts.exported += len(exported)
    counts.pairs += len(exported) + len(made.left_out)
    counts.visuals += made.visuals
    counts.negatives += made.negatives
    counts.unmade += made.unmade


def _list(left_out: Iterable[LeftOutPair], counts: _Counts, listed: TextIO) -> None:
    for one in left_out:
        counts.left_out[one.reason] += 1
        listed.write(one.model_dump_json() + "\n")
