"""The columns of a finished set that the trainer reads: which clips there are, and the rows of pairs."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import pyarrow as pa

from schemas.claim import Axis, QuestionType
from schemas.dataset import DatasetManifest
from schemas.errors import DatasetError
from schemas.pair import RejectedKind, normalise_text
from schemas.shown import Shown
from schemas.text_span import TextSpan
from schemas.video import Split
from schemas.visual_negative import VisualNegative

PAIR_COLUMNS = (
    "pair_id",
    "group_id",
    "twin_of",
    "shown",
    "clip_id",
    "video_id",
    "split",
    "question",
    "question_type",
    "axis",
    "chosen",
    "rejected",
    "chosen_spans",
    "rejected_spans",
    "rejected_kind",
    "adversary_axis",
    "evidence",
    "visual_negatives",
    "verdicts",
    "difficulty",
    "weight",
)
"""The columns that are read of a pair: the claims that prove it are not needed."""
_CLIP_COLUMNS = (
    "clip_id",
    "width",
    "height",
    "frames.list.element.pts_seconds",
    "segments.list.element.segment_id",
    "segments.list.element.frames.list.element.pts_seconds",
    "scene.cuts.list.element.pts_seconds",
    "scene.fades.list.element.pts_seconds",
)


class OpenSet(Protocol):
    """A finished set as the pipeline opens it, on disk or in an object store; it can be sent to another process."""

    @property
    def manifest(self) -> DatasetManifest:
        """What dataset.json holds."""

    def row_groups(self, table: str) -> Iterator[Any]:
        """Every row group of a table, in order, named in the set's own way."""

    def read(self, group: Any, columns: Sequence[str] | None = None) -> pa.Table:
        """A row group, or some of its columns."""

    def column_bytes(self, group: Any) -> Mapping[str, int]:
        """Bytes of each column of a row group, as they are stored."""


@dataclass(frozen=True)
class ClipPlace:
    """Where a clip is in the set, and what rows about it are checked against without reading its pixels."""

    row_group: Any
    row: int
    width: int
    """Width of the original frame; stored frames may be smaller."""
    height: int
    pts_seconds: tuple[float, ...]
    """Times of the stored frames."""
    segments: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """Times of the stored frames of each segment, by its id."""
    shot_starts: tuple[float, ...] = ()
    """Times at which one shot ends and the next begins, in order."""
    group_frame_bytes: int = 0
    """Stored bytes of the frames of all clips in its row group."""
    group_segment_bytes: int = 0
    """Stored bytes of the segments of all clips in its row group."""

    def times_of(self, shown: Shown) -> tuple[float, ...]:
        """Times of the stored frames of what is shown. KeyError if the clip lacks the segment that is."""
        return self.pts_seconds if shown.segment_id is None else self.segments[shown.segment_id]

    @property
    def shots(self) -> tuple[int, ...]:
        """The number of the shot that each stored frame belongs to."""
        return tuple(bisect_right(self.shot_starts, seconds) for seconds in self.pts_seconds)


@dataclass(frozen=True)
class PairRow:
    """One row of `pairs`, with the columns that the trainer reads."""

    pair_id: str
    group_id: str
    twin_of: str | None
    shown: Shown
    clip_id: str
    video_id: str
    split: Split
    question: str
    question_type: QuestionType
    axis: Axis
    chosen: str
    rejected: str
    chosen_spans: tuple[TextSpan, ...]
    """The words in which chosen differs from rejected."""
    rejected_spans: tuple[TextSpan, ...]
    rejected_kind: RejectedKind
    adversary_axis: Axis | None
    evidence_frames: tuple[int, ...]
    """Indices of the clip's stored frames on which the answer can be seen."""
    negatives: tuple[VisualNegative, ...]
    margin: float
    """Least margin of its proofs; 0 if it has none."""
    difficulty: float | None
    """0 (easiest to see) to 1; null if nothing was measured."""
    weight: float


def clip_places(opened: OpenSet) -> dict[str, ClipPlace]:
    """Where each clip is, by clip_id; no pixels are read."""
    places: dict[str, ClipPlace] = {}
    for group in opened.row_groups("clips"):
        stored = opened.column_bytes(group)
        for number, row in enumerate(opened.read(group, _CLIP_COLUMNS).to_pylist()):
            segments = {segment["segment_id"]: _times(segment) for segment in row["segments"]}
            borders = (*row["scene"]["cuts"], *row["scene"]["fades"])
            starts = tuple(sorted(border["pts_seconds"] for border in borders))
            sizes = (stored["frames"], stored["segments"])
            places[row["clip_id"]] = ClipPlace(
                group, number, row["width"], row["height"], _times(row), segments, starts, *sizes
            )
    return places


def _times(row: Mapping[str, Any]) -> tuple[float, ...]:
    return tuple(frame["pts_seconds"] for frame in row["frames"])


def pair_rows(opened: OpenSet, clips: Mapping[str, ClipPlace]) -> Iterator[PairRow]:
    """Every row of the set, in order. DatasetError if its answers are equal, or its clip or a frame is missing."""
    for group in opened.row_groups("pairs"):
        for raw in opened.read(group, PAIR_COLUMNS).to_pylist():
            row = _row(raw)
            _refuse_bad(row, clips)
            yield row


def _row(raw: Mapping[str, Any]) -> PairRow:
    axis, margins = raw["adversary_axis"], [verdict["margin"] for verdict in raw["verdicts"]]
    return PairRow(
        **{name: raw[name] for name in ("pair_id", "group_id", "twin_of", "clip_id", "video_id")},
        **{name: raw[name] for name in ("question", "chosen", "rejected", "difficulty", "weight")},
        chosen_spans=tuple(map(TextSpan.model_validate, raw["chosen_spans"])),
        rejected_spans=tuple(map(TextSpan.model_validate, raw["rejected_spans"])),
        shown=Shown.model_validate(raw["shown"]),
        split=Split(raw["split"]),
        question_type=QuestionType(raw["question_type"]),
        axis=Axis(raw["axis"]),
        rejected_kind=RejectedKind(raw["rejected_kind"]),
        adversary_axis=None if axis is None else Axis(axis),
        evidence_frames=tuple(raw["evidence"]["frame_indices"]),
        negatives=tuple(VisualNegative.model_validate(negative) for negative in raw["visual_negatives"]),
        margin=min((margin for margin in margins if margin is not None), default=0.0),
    )


def _refuse_bad(row: PairRow, clips: Mapping[str, ClipPlace]) -> None:
    if normalise_text(row.chosen) == normalise_text(row.rejected):
        raise DatasetError(f"pair {row.pair_id}: chosen and rejected are the same answer: {row.chosen!r}")
    named = [row.clip_id, *(negative.other_clip_id for negative in row.negatives)]
    named += [edit.other_clip_id for edit in row.shown.edits]
    for clip_id in named:
        if clip_id is not None and clip_id not in clips:
            raise DatasetError(f"pair {row.pair_id}: clip {clip_id} is not in the set; see vidpref verify")
    alone = row.shown.segment_id
    if alone is not None and alone not in clips[row.clip_id].segments:
        raise DatasetError(f"pair {row.pair_id}: clip {row.clip_id} has no segment {alone}; see vidpref verify")
    stored = len(clips[row.clip_id].pts_seconds)
    if any(not 0 <= index < stored for index in row.evidence_frames):
        raise DatasetError(f"pair {row.pair_id}: its evidence is outside the {stored} frames of clip {row.clip_id}")
