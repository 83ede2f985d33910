"""RRPO: an answer, a model's wrong one, and both again with the phrases marked in which they differ."""

from collections.abc import Iterator

from pipeline.importers.item import FoundQuestion, Item, NamedVideo
from pipeline.importers.media import stem
from pipeline.importers.rows import SourceFile, SourceRow
from pipeline.importers.source import Source
from pipeline.importers.sources.conversations import without_marks


class _PairRow(SourceRow):
    video: str
    question: str
    answer: str
    pred: str


def _read(file: SourceFile) -> Iterator[Item]:
    for row in file.rows():
        pair = file.parsed(_PairRow, row)
        found = FoundQuestion(without_marks(pair.question), pair.answer, (pair.pred,))
        yield Item(row.line, NamedVideo(stem(pair.video), pair.video), found)


RRPO = Source("rrpo", "RRPO", "the JSON files of self-alignment", _read, is_by_model=True)
