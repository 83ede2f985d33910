"""TRL's preference rows: prompt, chosen and rejected as texts or as messages, with images or videos beside them.

Without a prompt, chosen and rejected are whole conversations that begin alike (an implicit prompt).
"""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

from pipeline.importers.item import FoundQuestion, Item, NamedVideo
from pipeline.importers.media import stem
from pipeline.importers.rows import Row, SourceFile, SourceRow
from pipeline.importers.source import Source
from pipeline.importers.sources.conversations import without_marks

Said = str | list[dict[str, Any]]
"""A text, or messages with role and content."""


class _PreferenceRow(SourceRow):
    chosen: Said
    rejected: Said
    prompt: Said | None = None
    video: str | None = None
    videos: list[Any] | str | None = None
    images: list[Any] | None = None
    images_file_names: list[str] | None = None
    """The frames, if the rows are the metadata of an image folder of `datasets`."""


def _read(file: SourceFile) -> Iterator[Item]:
    for row in file.rows():
        found = file.parsed(_PreferenceRow, row)
        name = _video(found)
        question, chosen, rejected = _texts(file, row, found)
        yield Item(row.line, NamedVideo(stem(name), name), FoundQuestion(question, chosen, (rejected,)))


def _texts(file: SourceFile, row: Row, found: _PreferenceRow) -> tuple[str, str, str]:
    if found.prompt is not None:
        return without_marks(_text(found.prompt, "user")), _text(found.chosen), _text(found.rejected)
    if isinstance(found.chosen, str) or isinstance(found.rejected, str):
        raise file.problem(row.line, "has no prompt; without one, chosen and rejected must be lists of messages")
    asked = found.chosen[:-1]
    return without_marks(_text(asked, "user")), _text(found.chosen[-1:]), _text(found.rejected[-1:])


def _text(said: Said, role: str | None = None) -> str:
    """The text of a message, or of all messages of one role, one a line."""
    if isinstance(said, str):
        return said
    parts = [_content(message.get("content")) for message in said if role is None or message.get("role") == role]
    return "\n".join(part for part in parts if part)


def _content(content: Any) -> str:
    """The text of a message, which may be a list of parts that hold texts, images and videos."""
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        return "\n".join(text for text in parts if text)
    return content if isinstance(content, str) else ""


def _video(found: _PreferenceRow) -> str:
    """What the row says of its video: its file, or the folder of its frames; empty if it names nothing."""
    given: Sequence[Any] = [found.video] if found.video else []
    given = given or ([found.videos] if isinstance(found.videos, str) else found.videos or [])
    if given:
        return _path(given[0])
    frames = [_path(image) for image in found.images or found.images_file_names or ()]
    if not frames or not frames[0]:
        return ""
    folder = str(PurePosixPath(frames[0]).parent)
    return folder if folder != "." else frames[0]


def _path(media: Any) -> str:
    if isinstance(media, dict):
        media = media.get("path") or media.get("video") or media.get("image")
    return media if isinstance(media, str) else ""


TRL = Source("trl", "TRL", "preference rows as JSON, JSON Lines or Parquet", _read, is_by_model=True)
