"""M4-ViteVQA: questions about texts in videos."""

from collections.abc import Iterator

from pipeline.importers.item import FoundQuestion, Item, NamedVideo
from pipeline.importers.rows import SourceFile, SourceRow
from pipeline.importers.source import Source
from schemas.claim import QuestionType


class _QuestionRow(SourceRow):
    question: str
    video_id: str
    answers: tuple[str, ...] = ()
    """One or two, all of them right."""


def _read(file: SourceFile) -> Iterator[Item]:
    for row in file.rows("data"):
        asked = file.parsed(_QuestionRow, row)
        answer = asked.answers[0] if asked.answers else None
        found = FoundQuestion(asked.question, answer, (), QuestionType.OCR)
        yield Item(row.line, NamedVideo(asked.video_id, asked.video_id), found)


VITEVQA = Source("vitevqa", "M4-ViteVQA", "ViteVQA_0.0.2_t1s1train.json and its like", _read)
