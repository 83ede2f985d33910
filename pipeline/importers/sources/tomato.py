"""TOMATO: questions about motion, each with its choices and the number of the right one."""

from collections.abc import Iterator

from pipeline.importers.item import FoundQuestion, Item, NamedVideo
from pipeline.importers.rows import SourceFile, SourceRow
from pipeline.importers.source import Source
from pipeline.importers.sources.choices import split_choices
from schemas.claim import QuestionType

_TYPES = {
    "count": QuestionType.NUMBER,
    "direction": QuestionType.ACTION,
    "rotation": QuestionType.ACTION,
    "velocity&frequency": QuestionType.DYNAMIC_ATTRIBUTE,
    "shape&trend": QuestionType.DYNAMIC_ATTRIBUTE,
}


class _QuestionRow(SourceRow):
    question: str
    options: tuple[str, ...]
    answer: int
    key: str
    demonstration_type: str
    motion_type: str = ""


def _read(file: SourceFile) -> Iterator[Item]:
    for row in file.rows():
        asked = file.parsed(_QuestionRow, row)
        if not 0 <= asked.answer < len(asked.options):
            raise file.problem(row.line, f"answer is {asked.answer}, but there are {len(asked.options)} options")
        answer, wrong = split_choices(asked.options, asked.answer)
        found = FoundQuestion(asked.question, answer, wrong, _TYPES.get(asked.motion_type))
        yield Item(row.line, NamedVideo(asked.key, f"{asked.demonstration_type}/{asked.key}"), found)


TOMATO = Source("tomato", "TOMATO", "count.json, direction.json and the others", _read, is_benchmark=True)
