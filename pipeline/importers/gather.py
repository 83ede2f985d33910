"""The files of a source become a list of videos, each with all that is said of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pipeline.importers.item import Found, FoundBox, FoundCaption, FoundEvent, FoundQuestion, NamedVideo
from pipeline.importers.left_out import ImportKind
from pipeline.importers.rows import SourceFile
from pipeline.importers.source import Source
from schemas.video import Split

_KINDS: dict[type[Found], ImportKind] = {
    FoundQuestion: ImportKind.QUESTION,
    FoundCaption: ImportKind.CAPTION,
    FoundEvent: ImportKind.EVENT,
    FoundBox: ImportKind.BOX,
}
_SPLITS = {"train": Split.TRAIN, "val": Split.VALIDATION, "valid": Split.VALIDATION, "validation": Split.VALIDATION}
_SPLITS |= {"training": Split.TRAIN, "dev": Split.VALIDATION, "test": Split.TEST, "testing": Split.TEST}
_STRICTEST_LAST = (Split.TRAIN, Split.VALIDATION, Split.TEST)


@dataclass(frozen=True)
class Said:
    """One thing that is said of a video, and where."""

    file: str
    line: int
    found: Found

    @property
    def kind(self) -> ImportKind:
        """What it is."""
        return _KINDS[type(self.found)]


@dataclass
class Gathered:
    """A video, and all that is said of it, in the order of the files."""

    video: NamedVideo
    said: list[Said] = field(default_factory=list)


def gather(source: Source, paths: Iterable[str]) -> list[Gathered]:
    """The videos of all files, sorted by id. Raises SourceError with the line of what is not of the source's format.

    A video that is in files of two splits belongs to the stricter one: test before validation before train.
    """
    videos: dict[str, Gathered] = {}
    for path in paths:
        file = SourceFile(path)
        split = split_of(file.name)
        for item in source.read(file):
            if not item.video.id.strip():
                raise file.problem(item.line, "names no video")
            named = replace(item.video, split=item.video.split or split)
            gathered = videos.setdefault(named.id, Gathered(named))
            gathered.video = _merged(gathered.video, named)
            gathered.said.append(Said(path, item.line, item.found))
    return [videos[name] for name in sorted(videos)]


def split_of(file_name: str) -> Split | None:
    """The split that a file's name gives, as `STAR_train.json` and `val_1.json` do."""
    words = re.split(r"[^a-z]+", file_name.lower())
    return next((_SPLITS[word] for word in words if word in _SPLITS), None)


def _merged(one: NamedVideo, other: NamedVideo) -> NamedVideo:
    """What both together say; where they differ, what was said first, but the stricter split."""
    splits = sorted((s for s in (one.split, other.split) if s), key=_STRICTEST_LAST.index)
    return NamedVideo(
        id=one.id,
        file=one.file,
        split=splits[-1] if splits else None,
        duration_seconds=one.duration_seconds or other.duration_seconds,
        fps=one.fps or other.fps,
        licence=one.licence or other.licence,
        absent=one.absent or other.absent,
    )
