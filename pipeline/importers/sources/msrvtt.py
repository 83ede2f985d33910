"""MSR-VTT: twenty captions for each clip; and MSRVTT-QA: questions with one word as the answer."""

from collections.abc import Iterator

from pipeline.importers.item import FoundCaption, FoundQuestion, Item, NamedVideo
from pipeline.importers.rows import SourceFile, SourceRow
from pipeline.importers.source import Source
from schemas.video import Split

_SPLITS = {"train": Split.TRAIN, "validate": Split.VALIDATION, "test": Split.TEST}


class _VideoRow(SourceRow):
    video_id: str
    split: str


class _SentenceRow(SourceRow):
    video_id: str
    caption: str


class _QuestionRow(SourceRow):
    question: str
    video_id: str
    answer: str | None = None


def _read(file: SourceFile) -> Iterator[Item]:
    return _captions(file) if file.has("sentences") else _questions(file)


def _captions(file: SourceFile) -> Iterator[Item]:
    listed = [file.parsed(_VideoRow, row) for row in file.rows("videos")]
    splits = {video.video_id: _SPLITS.get(video.split) for video in listed}
    for row in file.rows("sentences"):
        said = file.parsed(_SentenceRow, row)
        video = NamedVideo(said.video_id, said.video_id, splits.get(said.video_id))
        yield Item(row.line, video, FoundCaption(said.caption))


def _questions(file: SourceFile) -> Iterator[Item]:
    for row in file.rows():
        asked = file.parsed(_QuestionRow, row)
        name = f"video{asked.video_id.removeprefix('video')}"
        yield Item(row.line, NamedVideo(name, name), FoundQuestion(asked.question, asked.answer))


MSRVTT = Source(
    "msrvtt", "MSR-VTT", "train_val_videodatainfo.json and its like; train_qa.json and its like of MSRVTT-QA", _read
)
