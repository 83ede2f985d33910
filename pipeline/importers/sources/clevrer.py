"""CLEVRER: rendered collisions, with questions about them, or with the things and collisions themselves."""

import re
from collections.abc import Iterator

from pipeline.importers.item import FoundEvent, FoundQuestion, FrameNumber, Item, NamedVideo
from pipeline.importers.rows import SourceFile, SourceRow
from pipeline.importers.source import Source
from schemas.claim import QuestionType
from schemas.video import Split

_SHAPES = ("cube", "sphere", "cylinder")
_TYPES = {
    "exist": QuestionType.OBJECT,
    "count": QuestionType.NUMBER,
    "query_color": QuestionType.COLOR,
    "query_shape": QuestionType.OBJECT,
}
"""By kind of descriptive question. What caused something, what will happen, and what would, are of no type of ours."""
_VALIDATION, _TEST = 10_000, 15_000
"""Numbers of the first videos of two parts."""


class _Choice(SourceRow):
    choice: str
    answer: str | None = None
    """`correct` or `wrong`."""


class _Question(SourceRow):
    question: str
    question_type: str
    question_subtype: str = ""
    answer: str | None = None
    choices: tuple[_Choice, ...] = ()


class _QuestionsRow(SourceRow):
    video_filename: str
    questions: tuple[_Question, ...]


class _Thing(SourceRow):
    object_id: int
    color: str
    material: str
    shape: str


class _Collision(SourceRow):
    frame_id: int
    object_ids: tuple[int, int]


class _SceneRow(SourceRow):
    video_filename: str
    object_property: tuple[_Thing, ...]
    collision: tuple[_Collision, ...]


def _read(file: SourceFile) -> Iterator[Item]:
    if file.has("object_property"):
        yield from _collisions(file, file.parsed(_SceneRow, file.whole()))
        return
    for row in file.rows():
        video = file.parsed(_QuestionsRow, row)
        for question in video.questions:
            for found in _asked(question):
                yield Item(row.line, _named(video.video_filename), found)


def _asked(question: _Question) -> Iterator[FoundQuestion]:
    """The question; one for each right choice if it has choices, since several may be right."""
    question_type = _TYPES.get(question.question_subtype)
    if not question.choices:
        yield FoundQuestion(question.question, question.answer, (), question_type)
        return
    wrong = tuple(choice.choice for choice in question.choices if choice.answer == "wrong")
    for choice in question.choices:
        if choice.answer != "wrong":
            yield FoundQuestion(question.question, choice.choice if choice.answer == "correct" else None, wrong)


def _collisions(file: SourceFile, scene: _SceneRow) -> Iterator[Item]:
    """No two things of a video are alike in colour, material and shape, so that these name each."""
    names = {thing.object_id: f"the {thing.color} {thing.material} {thing.shape}" for thing in scene.object_property}
    shapes = {thing.shape for thing in scene.object_property}
    video = _named(scene.video_filename, tuple(shape for shape in _SHAPES if shape not in shapes))
    for collision in scene.collision:
        if not set(collision.object_ids) <= names.keys():
            raise file.problem(1, f"collision of {collision.object_ids}: no object_property has such an object_id")
        one, other = (names[number] for number in collision.object_ids)
        at = FrameNumber(collision.frame_id), FrameNumber(collision.frame_id + 1)
        yield Item(1, video, FoundEvent(f"{one} and {other} collide", *at))


def _named(filename: str, absent: tuple[str, ...] = ()) -> NamedVideo:
    name = filename.removesuffix(".mp4")
    number = int(re.sub(r"\D", "", name) or 0)
    split = Split.TEST if number >= _TEST else Split.VALIDATION if number >= _VALIDATION else Split.TRAIN
    return NamedVideo(name, name, split, absent=absent)


CLEVRER = Source(
    "clevrer", "CLEVRER", "train.json, validation.json; annotation_00000.json and its like", _read, licence="CC0"
)
