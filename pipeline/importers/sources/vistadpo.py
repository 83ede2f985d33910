"""VistaDPO-7k: a question with a chosen and two rejected answers, and the box of the key object."""

import re
from collections.abc import Iterator

from pipeline.importers.item import FoundBox, FoundQuestion, Item, NamedVideo
from pipeline.importers.rows import SourceFile, SourceRow
from pipeline.importers.source import Source
from schemas.claim import QuestionType
from schemas.pair import RejectedKind

_NUMBER = re.compile(r"'(\w)': (-?[\d.]+(?:e-?\d+)?)")


_SET = "_set"
"""The files are named after the type of their questions: object_set.jsonl, static_relation_set.jsonl."""


class _PairRow(SourceRow):
    video: str
    prompt: str
    chosen: str
    rejected: str
    rejected_2: str = ""
    bbox: str = ""
    """As Python writes a dictionary, without its braces: 'x': 1.0, 'y': 2.0, 'w': 3.0, 'h': 4.0."""


def _read(file: SourceFile) -> Iterator[Item]:
    """The box has neither a time nor a noun, so it is yielded to be counted, and cannot be used."""
    question_type = _type_of(file.name)
    for number, row in enumerate(file.rows()):
        pair = file.parsed(_PairRow, row)
        video = NamedVideo(pair.video, pair.video)
        wrong = pair.rejected, pair.rejected_2
        yield Item(row.line, video, FoundQuestion(pair.prompt, pair.chosen, wrong, question_type))
        if pair.bbox:
            sides = {side: float(value) for side, value in _NUMBER.findall(pair.bbox)}
            if sides.keys() != {"x", "y", "w", "h"}:
                raise file.problem(
                    row.line, f"bbox is {pair.bbox!r:.80}; expected are 'x', 'y', 'w' and 'h' with numbers"
                )
            left, top = sides["x"], sides["y"]
            corners = left, top, left + sides["w"], top + sides["h"]
            yield Item(row.line, video, FoundBox(f"key object {number}", None, None, corners))


def _type_of(file_name: str) -> QuestionType | None:
    head = file_name.lower().partition(_SET)[0].replace("_", " ").rpartition("vistadpo ")[2]
    return next((one for one in QuestionType if one.value.lower() == head), None)


VISTADPO = Source(
    "vistadpo",
    "VistaDPO",
    "object_set.jsonl and its like",
    _read,
    is_by_model=True,
    wrong_kinds=(RejectedKind.RELEVANT, RejectedKind.IRRELEVANT),
)
