"""STAR: questions about a stretch of a Charades video, with four choices, and boxes in its key frames."""

from collections.abc import Iterator, Mapping

from pydantic import Field

from pipeline.importers.item import FoundBox, FoundQuestion, FrameNumber, Item, NamedVideo
from pipeline.importers.rows import SourceFile, SourceRow
from pipeline.importers.source import Source
from schemas.claim import QuestionType

_TYPES = {
    "Interaction": QuestionType.ACTION,
    "Sequence": QuestionType.SEQUENCE,
}
"""By the first part of the question's id. What will happen, and what could, is not in the video: of no type."""
_NOUNS = {
    "o000": "person",
    "o001": "broom",
    "o002": "picture",
    "o003": "closet/cabinet",
    "o004": "blanket",
    "o005": "window",
    "o006": "table",
    "o007": "paper/notebook",
    "o008": "refrigerator",
    "o009": "pillow",
    "o010": "cup/glass/bottle",
    "o011": "shelf",
    "o012": "shoe",
    "o013": "medicine",
    "o014": "phone/camera",
    "o015": "box",
    "o016": "sandwich",
    "o017": "book",
    "o018": "bed",
    "o019": "clothes",
    "o020": "mirror",
    "o021": "sofa",
    "o022": "floor",
    "o023": "bag",
    "o024": "dish",
    "o025": "laptop",
    "o026": "door",
    "o027": "towel",
    "o028": "food",
    "o029": "chair",
    "o030": "doorknob",
    "o031": "doorway",
    "o032": "groceries",
    "o033": "hands",
    "o034": "light",
    "o035": "vacuum",
    "o036": "television",
}
"""The classes of Action Genome; one with a slash is one of several things."""


class _Choice(SourceRow):
    choice: str


class _Situation(SourceRow):
    bbox: tuple[tuple[float, float, float, float], ...] = ()
    bbox_labels: tuple[str, ...] = ()


class _QuestionRow(SourceRow):
    question_id: str
    question: str
    video_id: str
    choices: tuple[_Choice, ...]
    answer: str | None = None
    situations: Mapping[str, _Situation] = Field(default_factory=dict)
    """By the number of the key frame; the first frame is 1."""


def _read(file: SourceFile) -> Iterator[Item]:
    for row in file.rows():
        asked = file.parsed(_QuestionRow, row)
        video = NamedVideo(asked.video_id, asked.video_id)
        question_type = _TYPES.get(asked.question_id.partition("_")[0])
        wrong = tuple(choice.choice for choice in asked.choices if choice.choice != asked.answer)
        found = FoundQuestion(asked.question, asked.answer, wrong, question_type, of_part=True)
        yield Item(row.line, video, found)
        for frame, situation in asked.situations.items():
            if not frame.isdecimal():
                raise file.problem(row.line, f"situations has the key {frame!r:.40}; expected are numbers of frames")
            for label, corners in zip(situation.bbox_labels, situation.bbox, strict=False):
                box = FoundBox(label, _NOUNS.get(label), FrameNumber(int(frame) - 1), corners)
                yield Item(row.line, video, box)


STAR = Source("star", "STAR", "STAR_train.json, STAR_val.json, STAR_test.json", _read)
