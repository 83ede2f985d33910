"""RoadTextVQA: questions about the signs and texts that a car passes."""

from collections.abc import Iterator

from pipeline.importers.item import FoundQuestion, Item, NamedVideo
from pipeline.importers.rows import SourceFile, SourceRow
from pipeline.importers.source import Source
from schemas.claim import QuestionType


class _QuestionRow(SourceRow):
    question: str
    videoId: str
    video: str | None = None
    answer: str | tuple[str, ...] | None = None


def _read(file: SourceFile) -> Iterator[Item]:
    for row in file.rows("data"):
        asked = file.parsed(_QuestionRow, row)
        given = (asked.answer,) if isinstance(asked.answer, str) else asked.answer or ()
        found = FoundQuestion(asked.question, given[0] if given else None, (), QuestionType.OCR)
        yield Item(row.line, NamedVideo(asked.videoId, asked.video or asked.videoId), found)


ROADTEXTVQA = Source("roadtextvqa", "RoadTextVQA", "train.json, val.json, test.json", _read)
