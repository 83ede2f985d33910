"""`vidpref view` on a large set: CPU time until the first list, of filters and searches, and memory."""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import psutil
import pyarrow as pa

from pipeline.dataset.finished_set import FinishedSet
from pipeline.dataset.row_writer import table_writers
from pipeline.reviews.folder import ReviewFolder
from pipeline.storage.location import Location
from pipeline.viewer.pair_table import GroupQuery
from pipeline.viewer.session import ViewerSession
from schemas.arrow import to_table
from schemas.pair import Pair
from schemas.video import Split
from tests.finished import write_set

T = TypeVar("T")
_PAIRS_OF_GROUP = 3
_CHUNK = 3_000
_WORDS = ("amber", "birch", "cedar", "dune", "ember", "fjord", "grove", "heath", "iris", "jade", "kelp", "larch")


def run(options: argparse.Namespace) -> None:
    """Write a set of that many pairs, open it as the viewer does, and measure what its pages ask for."""
    with tempfile.TemporaryDirectory() as folder:
        address = _large_set(Path(folder) / "ds", options.pairs)
        before = _memory_mib()
        opened, first = _timed(lambda: _opened(address, Path(folder)))
        asked = {
            "open the set": first,
            "the first list": _timed(lambda: opened.list_page(GroupQuery(), 0, 50))[1],
            "filter by axis": _best(opened, GroupQuery({"axis": frozenset(("temporal",))})),
            "search all texts": _best(opened, GroupQuery(text="dune ember")),
            "sort by question": _best(opened, GroupQuery(sort="question")),
            "the page of a group": _timed(lambda: opened.group(opened.table.group_ids[9], GroupQuery(), blind=False))[
                1
            ],
        }
        after = _memory_mib()
    found = {
        "pairs": opened.table.rows,
        "cpu_seconds": {name: round(seconds, 3) for name, seconds in asked.items()},
        "memory_mib": round(after - before),
    }
    options.out.write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))  # noqa: T201 what a benchmark is for


def _opened(address: str, folder: Path) -> ViewerSession:
    return ViewerSession(FinishedSet.open(address), ReviewFolder(Location.parse(str(folder / "reviews"))), "bench")


def _best(opened: ViewerSession, query: GroupQuery) -> float:
    return min(_timed(lambda: opened.list_page(query, 0, 50))[1] for _ in range(3))


def _timed(act: Callable[[], T]) -> tuple[T, float]:
    start = time.process_time()
    return act(), time.process_time() - start


def _memory_mib() -> float:
    return psutil.Process().memory_info().rss / 2**20


def _large_set(path: Path, count: int) -> str:
    """The rows of a small set again and again, with ids and sentences of their own."""
    whole = write_set(path, videos=8)
    rows = [pair.model_dump() for video in whole.finalised.videos for pair in video.pairs()]
    writer, _, _ = table_writers(Location.parse(str(path)), path)
    for start in range(0, count, _CHUNK):
        numbers = range(start, min(start + _CHUNK, count))
        made = [rows[number % len(rows)] | _own(number) for number in numbers]
        writer.add(pa.Table.from_pylist(made, schema=to_table(Pair, []).schema), Split.TRAIN)
    kept = [shard for shard in whole.manifest.shards if not shard.path.startswith("pairs/")]
    shards = tuple(sorted([*kept, *writer.finish()], key=lambda shard: shard.path))
    manifest = whole.manifest.model_copy(update={"shards": shards})
    (path / "dataset.json").write_text(manifest.model_dump_json())
    return str(path)


def _own(number: int) -> dict[str, object]:
    said = " ".join(_WORDS[(number // 12**place) % 12] for place in range(5))
    return {
        "pair_id": f"p{number:08d}",
        "group_id": f"g{number // _PAIRS_OF_GROUP:08d}",
        "question": f"What is said of {said}?",
        "chosen": f"The {said} is on the left side of the picture.",
        "rejected": f"The {said} is on the right side of the picture.",
        "chosen_spans": [{"start": len(said) + 15, "end": len(said) + 19}],
        "rejected_spans": [{"start": len(said) + 15, "end": len(said) + 20}],
    }
