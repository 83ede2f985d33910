"""FineVideo: what happens in each scene, with times, and questions; all of it by a model."""

import re
from collections.abc import Iterator

from pipeline.importers.item import FoundCaption, FoundEvent, FoundQuestion, Item, NamedVideo
from pipeline.importers.rows import Row, SourceFile, SourceRow
from pipeline.importers.source import Source

_TIME = re.compile(r"(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)")


class _Stretch(SourceRow):
    start_timestamp: str | None = None
    end_timestamp: str | None = None


class _Activity(SourceRow):
    description: str
    timestamp: _Stretch = _Stretch()


class _Scene(SourceRow):
    timestamps: _Stretch
    activities: tuple[_Activity, ...] = ()


class _Question(SourceRow):
    question: str
    answer: str


class _Content(SourceRow):
    scenes: tuple[_Scene, ...]
    description: str | None = None
    qAndA: tuple[_Question, ...] = ()


class _VideoRow(SourceRow):
    original_video_filename: str
    content_metadata: _Content


def _read(file: SourceFile) -> Iterator[Item]:
    rows = [file.whole()] if file.has("content_metadata") else file.rows()
    for row in rows:
        inner = row.value.get("json") if isinstance(row.value, dict) else None
        video = file.parsed(_VideoRow, Row(row.line, row.key, inner or row.value))
        name = video.original_video_filename
        named = NamedVideo(name.removesuffix(".mp4"), name)
        for found in _found(video.content_metadata):
            yield Item(row.line, named, found)


def _found(content: _Content) -> Iterator[FoundCaption | FoundEvent | FoundQuestion]:
    if content.description is not None:
        yield FoundCaption(content.description)
    for scene in content.scenes:
        for activity in scene.activities:
            when = activity.timestamp
            yield FoundEvent(activity.description, _seconds(when.start_timestamp), _seconds(when.end_timestamp))
    for asked in content.qAndA:
        yield FoundQuestion(asked.question, asked.answer)


def _seconds(time: str | None) -> float | None:
    """`00:01:02.500` in seconds; null for words such as "throughout"."""
    parts = _TIME.fullmatch(time or "")
    if parts is None:
        return None
    hours, minutes, seconds = parts.groups()
    return int(hours or 0) * 3600 + int(minutes) * 60 + float(seconds)


FINEVIDEO = Source(
    "finevideo",
    "FineVideo",
    "the JSON of its videos, or its Parquet files",
    _read,
    is_by_model=True,
    licence="Creative Commons",
    loose_seconds=1.0,
)
