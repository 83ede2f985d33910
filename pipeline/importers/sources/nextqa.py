"""NExT-QA: questions about daily life with five answers to choose from, or with one short answer."""

from collections.abc import Iterator

from pipeline.importers.item import FoundQuestion, Item, NamedVideo
from pipeline.importers.rows import Row, SourceFile, SourceRow
from pipeline.importers.source import Source
from pipeline.importers.sources.choices import split_choices
from schemas.claim import QuestionType

_CHOICES = ("a0", "a1", "a2", "a3", "a4")
_TYPES = {
    "TN": QuestionType.SEQUENCE,
    "TC": QuestionType.SEQUENCE,
    "TP": QuestionType.SEQUENCE,
    "DC": QuestionType.NUMBER,
    "DL": QuestionType.LOCATION,
}
"""Its kinds of question: temporal (next, current, previous) and descriptive (count, location). Why and how, and other
descriptive ones, are of no type of ours."""


class _QuestionRow(SourceRow):
    video: str
    question: str
    answer: str
    """The number of the right choice, or the answer itself where there are no choices."""
    type: str
    a0: str | None = None
    a1: str | None = None
    a2: str | None = None
    a3: str | None = None
    a4: str | None = None


def _read(file: SourceFile) -> Iterator[Item]:
    for row in file.rows():
        asked = file.parsed(_QuestionRow, row)
        answer, wrong = _answers(file, row, asked)
        found = FoundQuestion(asked.question, answer, wrong, _TYPES.get(asked.type))
        yield Item(row.line, NamedVideo(asked.video, asked.video), found)


def _answers(file: SourceFile, row: Row, asked: _QuestionRow) -> tuple[str, tuple[str, ...]]:
    """The right answer, and the wrong ones."""
    choices = [choice for name in _CHOICES if (choice := getattr(asked, name)) is not None]
    if not choices:
        return asked.answer, ()
    if not asked.answer.isdecimal() or int(asked.answer) >= len(choices):
        raise file.problem(
            row.line, f"answer is {asked.answer!r:.40}; expected is the number of one of {len(choices)} choices"
        )
    return split_choices(choices, int(asked.answer))


NEXTQA = Source("nextqa", "NExT-QA", "train.csv, val.csv, test.csv", _read)
