"""ActivityNet Captions and ActivityNet-QA: sentences with times, and questions whose answers lie in a second file."""

from collections.abc import Iterator

from pipeline.importers.item import FoundEvent, FoundQuestion, Item, NamedVideo
from pipeline.importers.rows import SourceFile, SourceRow
from pipeline.importers.source import Source
from schemas.claim import QuestionType

_YOUTUBE_ID = 11  # characters; questions name a video as YouTube does, captions and files put "v_" before it
_QUESTIONS, _ANSWERS = "_q.json", "_a.json"
_TYPES = {
    0: QuestionType.ACTION,
    1: QuestionType.STATIC_RELATION,
    2: QuestionType.SEQUENCE,
    4: QuestionType.COLOR,
    5: QuestionType.OBJECT,
    6: QuestionType.LOCATION,
    7: QuestionType.NUMBER,
}


class _SentencesRow(SourceRow):
    duration: float
    timestamps: tuple[tuple[float, float], ...]
    sentences: tuple[str, ...]


class _QuestionRow(SourceRow):
    video_name: str
    question: str
    question_id: str


class _AnswerRow(SourceRow):
    question_id: str
    answer: str
    type: int


def _read(file: SourceFile) -> Iterator[Item]:
    return _questions(file) if file.name.endswith(_QUESTIONS) else _sentences(file)


def _sentences(file: SourceFile) -> Iterator[Item]:
    for row in file.rows():
        video = file.parsed(_SentencesRow, row)
        if not row.key or len(video.timestamps) != len(video.sentences):
            raise file.problem(
                row.line, "expected is an object of videos by id, each with as many timestamps as it has sentences"
            )
        named = NamedVideo(row.key, row.key, duration_seconds=video.duration)
        for (start, end), sentence in zip(video.timestamps, video.sentences, strict=True):
            yield Item(row.line, named, FoundEvent(sentence, start, end))


def _questions(file: SourceFile) -> Iterator[Item]:
    name = file.name.removesuffix(_QUESTIONS) + _ANSWERS
    beside = file.beside(name)
    if beside is None:
        raise file.problem(1, f"the answers to these questions are in {name}; put it beside this file")
    given = (beside.parsed(_AnswerRow, row) for row in beside.rows())
    answers = {answer.question_id: answer for answer in given}
    for row in file.rows():
        asked = file.parsed(_QuestionRow, row)
        answer = answers.get(asked.question_id)
        question_type = _TYPES.get(answer.type) if answer else None
        found = FoundQuestion(asked.question, answer.answer if answer else None, (), question_type)
        name = asked.video_name if len(asked.video_name) > _YOUTUBE_ID else f"v_{asked.video_name}"
        yield Item(row.line, NamedVideo(name, name), found)


ACTIVITYNET = Source(
    "activitynet",
    "ActivityNet",
    "train.json, val_1.json of Captions; train_q.json beside train_a.json of QA",
    _read,
    loose_seconds=2.0,
)
