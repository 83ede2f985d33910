"""YouCook2: the steps of recipes, each with its start and end."""

from collections.abc import Iterator

from pipeline.importers.item import FoundEvent, Item, NamedVideo
from pipeline.importers.rows import SourceFile, SourceRow
from pipeline.importers.source import Source
from schemas.video import Split

_SPLITS = {"training": Split.TRAIN, "validation": Split.VALIDATION, "testing": Split.TEST}


class _Step(SourceRow):
    segment: tuple[float, float]
    sentence: str


class _VideoRow(SourceRow):
    subset: str
    duration: float
    annotations: tuple[_Step, ...]


def _read(file: SourceFile) -> Iterator[Item]:
    for row in file.rows("database"):
        video = file.parsed(_VideoRow, row)
        for step in video.annotations:
            named = NamedVideo(row.key, row.key, _SPLITS.get(video.subset), video.duration)
            yield Item(row.line, named, FoundEvent(step.sentence, *step.segment))


YOUCOOK2 = Source("youcook2", "YouCook2", "youcookii_annotations_trainval.json", _read, loose_seconds=1.0)
