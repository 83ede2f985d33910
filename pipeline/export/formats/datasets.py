"""A folder that `datasets` and the Hugging Face hub open: tables of pairs and of frames, and a card."""

import json
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.dataset.card import markdown_template, size_category
from pipeline.export.format import ExportFormat, Finished
from pipeline.export.question import ExportQuestion, Medium
from pipeline.export.row import ExportRow
from pipeline.export.row_sink import ROWS_AT_ONCE, RowSink
from schemas.pair import Pair
from schemas.text_span import TextSpan
from schemas.video import Split

_FOLDER, _SUFFIX = "frames/", ".jpg"
"""Around the id of a frame in the path of its file."""
_BYTES_AT_ONCE = 32 << 20
_SPANS = pa.list_(pa.struct([("start", pa.int64()), ("end", pa.int64())]))
PAIRS = pa.schema(
    [
        *(
            (name, pa.string())
            for name in ("pair_id", "group_id", "twin_of", "clip_id", "video_id", "source", "licence")
        ),
        *((name, pa.string()) for name in ("question", "question_type", "axis", "chosen", "rejected")),
        ("chosen_spans", _SPANS),
        ("rejected_spans", _SPANS),
        *((name, pa.string()) for name in ("rejected_kind", "adversary_axis", "edit", "grounds", "shown")),
        ("predicates", pa.list_(pa.string())),
        ("difficulty", pa.float64()),
        ("weight", pa.float64()),
        ("frame_ids", pa.list_(pa.string())),
        ("seconds", pa.list_(pa.float64())),
        ("duration_seconds", pa.float64()),
        ("width", pa.int64()),
        ("height", pa.int64()),
    ]
)
"""The columns of the table of pairs."""
_IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
FRAMES = pa.schema([("frame_id", pa.string()), ("image", _IMAGE)])
"""The columns of the table of frames."""
_TABLES = {"pairs": PAIRS, "frames": FRAMES}


class Datasets(ExportFormat):
    """Parquet: a row of `pairs` names its frames, and each frame is one row of `frames`, whoever shows it."""

    name = "datasets"
    consumer = "datasets"
    media = (Medium.FRAMES,)

    def rows(self, question: ExportQuestion) -> Iterator[ExportRow]:
        """One row for each pair."""
        visual = question.visual
        shown = {
            "frame_ids": [name.removeprefix(_FOLDER).removesuffix(_SUFFIX) for name in visual.frames],
            "seconds": [round(seconds, 4) for seconds in visual.seconds],
            "duration_seconds": round(visual.duration_seconds, 4),
            "width": visual.width,
            "height": visual.height,
        }
        for pair in question.pairs:
            yield self.pair_row(question, pair, _columns(pair) | shown)

    def believed_seconds(self, seconds: Sequence[float]) -> Sequence[float]:
        """The true ones, which the rows say."""
        return seconds

    def times_said(self) -> str:
        """The column says it."""
        return "the column `seconds` says when each frame is shown, counted from the first moment that is shown"

    def sink(self, folder: Path) -> RowSink:
        """Two tables for each split."""
        return _Tables(folder)

    def finish(self, folder: Path, finished: Finished) -> None:
        """Write the card, and remove the frames that the tables hold by now."""
        rmtree(folder / _FOLDER)
        features = {name: _yaml_features(schema) for name, schema in _TABLES.items()}
        template = markdown_template("pipeline.export.formats", "card.md.jinja")
        counts = {split.value: count for split, count in finished.rows.items()}
        size = size_category(sum(counts.values()))
        card = template.render(tables=features, splits=counts, size=size)
        (folder / "README.md").write_text(card, encoding="utf-8")

    def command(self, finished: Finished) -> str:
        """How Python opens it."""
        opened = f'datasets.load_dataset({json.dumps(str(self.out))}, "pairs", split="{finished.trained}")'
        return f"python -c {shlex.quote(f'import datasets; print({opened})')}"


def _columns(pair: Pair) -> dict[str, Any]:
    same = ("pair_id", "group_id", "twin_of", "clip_id", "video_id", "source", "licence", "question")
    more = ("question_type", "axis", "chosen", "rejected", "rejected_kind", "adversary_axis", "difficulty", "weight")
    return {name: getattr(pair, name) for name in (*same, *more)} | {
        "chosen_spans": _spans(pair.chosen_spans),
        "rejected_spans": _spans(pair.rejected_spans),
        "edit": pair.corruption.edit.value,
        "grounds": pair.grounds.value,
        "shown": pair.shown.name,
        "predicates": [claim.predicate.value for claim in pair.chosen_claims],
    }


def _spans(spans: Sequence[TextSpan]) -> list[dict[str, int]]:
    return [span.model_dump() for span in spans]


@dataclass
class _Table:
    """One Parquet file that grows by row groups."""

    writer: pq.ParquetWriter
    waiting: list[dict[str, Any]] = field(default_factory=list)
    waiting_bytes: int = 0

    def add(self, row: dict[str, Any], size: int) -> None:
        self.waiting.append(row)
        self.waiting_bytes += size
        if len(self.waiting) >= ROWS_AT_ONCE or self.waiting_bytes >= _BYTES_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        if self.waiting:
            self.writer.write_table(pa.Table.from_pylist(self.waiting, schema=self.writer.schema))
        self.waiting, self.waiting_bytes = [], 0


@dataclass
class _Tables(RowSink):
    """`pairs/SPLIT.parquet` and `frames/SPLIT.parquet` below the folder `data`."""

    folder: Path
    _tables: dict[tuple[str, Split], _Table] = field(default_factory=dict)
    _frames: set[str] = field(default_factory=set)
    """Frames that are in a table."""

    def write(self, row: ExportRow) -> None:
        """Add a row, and the frames that no row before it named."""
        self._table("pairs", row.split).add(dict(row.values), 0)
        for name in row.values["frame_ids"]:
            if name not in self._frames:
                self._frames.add(name)
                jpeg = (self.folder / f"{_FOLDER}{name}{_SUFFIX}").read_bytes()
                image = {"bytes": jpeg, "path": f"{name.rpartition('/')[2]}{_SUFFIX}"}
                self._table("frames", row.split).add({"frame_id": name, "image": image}, len(jpeg))

    def close(self) -> None:
        """Finish all tables."""
        for table in self._tables.values():
            table.flush()
            table.writer.close()

    def _table(self, name: str, split: Split) -> _Table:
        if (name, split) not in self._tables:
            place = self.folder / "data" / name / f"{split.value}.parquet"
            place.parent.mkdir(parents=True, exist_ok=True)
            features = {column.name: _feature(column.type) for column in _TABLES[name]}
            schema = _TABLES[name].with_metadata({"huggingface": json.dumps({"info": {"features": features}})})
            self._tables[name, split] = _Table(pq.ParquetWriter(place, schema, compression="zstd"))
        return self._tables[name, split]


def _feature(kind: pa.DataType) -> Any:
    """A column's type, as `datasets` writes it into a table."""
    if kind == _IMAGE:
        return {"_type": "Image"}
    if pa.types.is_list(kind):
        inner = _feature(kind.value_type)
        return [inner] if pa.types.is_struct(kind.value_type) else {"feature": inner, "_type": "Sequence"}
    if pa.types.is_struct(kind):
        return {part.name: _feature(part.type) for part in kind}
    return {"dtype": _dtype(kind), "_type": "Value"}


def _yaml_features(schema: Sequence[pa.Field]) -> list[dict[str, Any]]:
    """Columns, as a card says them."""
    found: list[dict[str, Any]] = []
    for column in schema:
        kind = column.type
        if kind == _IMAGE:
            said: dict[str, Any] = {"dtype": "image"}
        elif pa.types.is_list(kind) and pa.types.is_struct(kind.value_type):
            said = {"list": _yaml_features(list(kind.value_type))}
        elif pa.types.is_list(kind):
            said = {"sequence": _dtype(kind.value_type)}
        else:
            said = {"dtype": _dtype(kind)}
        found.append({"name": column.name, **said})
    return found


def _dtype(kind: pa.DataType) -> str:
    return "float64" if pa.types.is_floating(kind) else str(kind)
