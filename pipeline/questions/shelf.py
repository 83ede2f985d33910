"""The questions, clips and contexts of finished sets, by video: each is read where it is needed."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.dataset.finished_set import FinishedSet, RowGroup
from pipeline.inputs.contents import Contents, Video
from schemas.arrow import from_table
from schemas.clip import Clip, UnitClip
from schemas.context import ClipContext
from schemas.errors import RecipeError
from schemas.pair import Pair
from schemas.video import Split, VideoRef
from stages.retrospection.settings import Retrospect

_TABLES_KEPT = 2
"""Videos come in the order in which they are stored: few row groups are needed at a time."""
_REF_COLUMNS = ("video_id", "source", "split", "licence")


def opened_sets(retrospect: Retrospect) -> tuple[FinishedSet, FinishedSet | None]:
    """The set of questions of a round, and that of the round before if there is one.

    Raises RecipeError if no set of questions is named, and DatasetError if one is missing or damaged.
    """
    if retrospect.questions is None:
        raise RecipeError(
            "retrospect.questions is not set: name a finished set, whose questions are asked, "
            "with --set retrospect.questions=SET"
        )
    previous = FinishedSet.open(retrospect.previous) if retrospect.previous else None
    return FinishedSet.open(retrospect.questions), previous


def contents_of(opened: FinishedSet) -> Contents:
    """The videos of a set that have pairs, as a build counts them; they keep their ids, splits and licences.

    None of their files is read: their location is that of the set. Raises DatasetError if the set is damaged.
    """
    refs = {row["video_id"]: row for part in opened.tables("pairs", _REF_COLUMNS) for row in _distinct(part)}
    found: dict[str, Video] = {}
    for part in opened.tables("clips", ("content_sha256", "video_id", "uri")):
        for row in _distinct(part):
            if (ref := refs.get(row["video_id"])) is not None:
                given = VideoRef(
                    uri=row["uri"],
                    id=row["video_id"],
                    source=ref["source"],
                    split=Split(ref["split"]),
                    licence=ref["licence"],
                )
                found[row["content_sha256"]] = Video(given, opened.location, row["content_sha256"])
    return Contents(tuple(found[content] for content in sorted(found)), ())


def question_count(opened: FinishedSet) -> int:
    """How many questions a set holds, twins counted by themselves."""
    return len({group for part in opened.tables("pairs", ("group_id",)) for group in part.column(0).to_pylist()})


def _distinct(part: pa.Table) -> Sequence[Mapping[str, str]]:
    """The distinct rows of a table."""
    rows: Sequence[Mapping[str, str]] = part.group_by(part.column_names).aggregate([]).to_pylist()
    return rows


class QuestionShelf:
    """The set of questions, and the set of the round before if there is one, opened for the life of a worker."""

    def __init__(self, questions: FinishedSet, previous: FinishedSet | None) -> None:
        """Reads where each video's rows lie."""
        self._questions = questions
        self._earlier = _by_clip(previous)
        self._clip_groups = _places(questions, "clips", "content_sha256")
        self._video_of = {
            row["content_sha256"]: row["video_id"]
            for part in questions.tables("clips", ("content_sha256", "video_id"))
            for row in _distinct(part)
        }
        self._pair_groups = _places(questions, "pairs", "video_id")
        self._table = lru_cache(maxsize=_TABLES_KEPT)(questions.read)

    def clips(self, content_sha256: str) -> tuple[UnitClip, ...]:
        """The clips of a video, in order of id."""
        rows = self._rows(self._clip_groups, "content_sha256", content_sha256)
        clips = [clip for part in rows for clip in from_table(Clip, part)]
        fields = UnitClip.model_fields.keys()
        return tuple(
            UnitClip.model_validate({name: getattr(clip, name) for name in fields})
            for clip in sorted(clips, key=lambda clip: clip.clip_id)
        )

    def groups(self, content_sha256: str) -> list[tuple[Pair, ...]]:
        """The pairs of each question about a video, in order of group id."""
        found: dict[str, list[Pair]] = defaultdict(list)
        for part in self._rows(self._pair_groups, "video_id", self._video_of[content_sha256]):
            for pair in from_table(Pair, part):
                found[pair.group_id].append(pair)
        return [tuple(sorted(found[group_id], key=lambda pair: pair.pair_id)) for group_id in sorted(found)]

    def earlier(self, clip_id: str) -> ClipContext | None:
        """What the round before knew of a clip; None if it knew nothing, or there was none."""
        return self._earlier.get(clip_id)

    def _rows(self, places: Mapping[str, Sequence[RowGroup]], column: str, value: str) -> Iterator[pa.Table]:
        for group in places.get(value, ()):
            table = self._table(group)
            yield table.filter(pc.equal(table.column(column), value))


def _by_clip(previous: FinishedSet | None) -> Mapping[str, ClipContext]:
    found = previous.records(ClipContext, "contexts") if previous else ()
    return {context.clip_id: context for context in found}


def _places(opened: FinishedSet, table: str, column: str) -> Mapping[str, Sequence[RowGroup]]:
    """The row groups that hold each value of a column."""
    found: dict[str, list[RowGroup]] = defaultdict(list)
    for group in opened.row_groups(table):
        for value in opened.read(group, [column]).column(column).unique().to_pylist():
            found[value].append(group)
    return found


def manifest_sha256(opened: FinishedSet) -> str:
    """SHA-256 of a set's dataset.json, hex: it lists the hashes of all shards, so it stands for the set."""
    return hashlib.sha256((opened.location / "dataset.json").read_bytes()).hexdigest()
