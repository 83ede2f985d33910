"""MSVD: English captions for each clip; and MSVD-QA: questions with one word as the answer."""

from collections.abc import Iterator

from pipeline.importers.item import FoundCaption, FoundQuestion, Item, NamedVideo
from pipeline.importers.rows import SourceFile, SourceRow
from pipeline.importers.source import Source

_NAMES = "youtube_mapping.txt"
"""Gives each clip's name and the number by which MSVD-QA knows it: `mv89psg6zh4_33_46 vid1`."""


class _QuestionRow(SourceRow):
    question: str
    video_id: str
    answer: str | None = None


def _read(file: SourceFile) -> Iterator[Item]:
    return _captions(file) if file.name.endswith(".txt") else _questions(file)


def _captions(file: SourceFile) -> Iterator[Item]:
    for number, line in file.lines():
        if line.startswith("#"):
            continue
        name, space, caption = line.strip().partition(" ")
        if not space or name.count("_") < 2:
            raise file.problem(number, "expected is the name of a clip, such as mv89psg6zh4_33_46, and its caption")
        yield Item(number, NamedVideo(name, name), FoundCaption(caption))


def _questions(file: SourceFile) -> Iterator[Item]:
    beside = file.beside(_NAMES)
    pairs = (line.split() for _, line in beside.lines()) if beside else ()
    names = {pair[1]: pair[0] for pair in pairs if len(pair) == 2}
    for row in file.rows():
        asked = file.parsed(_QuestionRow, row)
        number = f"vid{asked.video_id.removeprefix('vid')}"
        name = names.get(number, number)
        yield Item(row.line, NamedVideo(name, name), FoundQuestion(asked.question, asked.answer))


MSVD = Source("msvd", "MSVD", f"AllVideoDescriptions.txt; train_qa.json of MSVD-QA, beside {_NAMES}", _read)
