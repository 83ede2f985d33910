"""TempCompass: questions about five aspects of time, with choices, captions to choose from, or yes and no."""

from collections.abc import Iterator

from pipeline.importers.item import FoundQuestion, Item, NamedVideo
from pipeline.importers.rows import Row, SourceFile, SourceRow
from pipeline.importers.source import Source
from pipeline.importers.sources.choices import lettered, without_choices
from schemas.claim import QuestionType

_TYPES = {
    "action": QuestionType.ACTION,
    "direction": QuestionType.ACTION,
    "speed": QuestionType.DYNAMIC_ATTRIBUTE,
    "attribute_change": QuestionType.DYNAMIC_ATTRIBUTE,
    "order": QuestionType.SEQUENCE,
}
_ASKS_FOR_CAPTION = "Generated Caption:"


class _Question(SourceRow):
    question: str
    answer: str


def _read(file: SourceFile) -> Iterator[Item]:
    for row in file.rows():
        if not row.key or not isinstance(row.value, dict):
            raise file.problem(
                row.line, "expected is an object of videos by id, each with lists of questions by aspect"
            )
        for aspect, questions in row.value.items():
            for question in questions if isinstance(questions, list) else [questions]:
                asked = file.parsed(_Question, Row(row.line, aspect, question))
                yield Item(row.line, NamedVideo(row.key, row.key), _found(file, row, aspect, asked))


def _found(file: SourceFile, row: Row, aspect: str, asked: _Question) -> FoundQuestion:
    if _ASKS_FOR_CAPTION in asked.question:
        raise file.problem(row.line, "asks for a caption, so it has no answer; give another of TempCompass's files")
    choices = lettered(asked.question)
    answer = next(iter(lettered(asked.answer).values()), asked.answer)
    wrong = tuple(choice for choice in choices.values() if choice != answer)
    return FoundQuestion(without_choices(asked.question), answer, wrong, _TYPES.get(aspect))


TEMPCOMPASS = Source(
    "tempcompass", "TempCompass", "multi-choice.json, caption_matching.json, yes_no.json", _read, is_benchmark=True
)
