"""Boxes of one's own in the format of MOTChallenge: gt.txt, with seqinfo.ini or labels.txt near it."""

import configparser
import csv
import math
from collections.abc import Iterator, Mapping

from pydantic import Field

from pipeline.importers.item import FoundBox, FrameNumber, Item, NamedVideo
from pipeline.importers.rows import Row, SourceFile, SourceRow
from pipeline.importers.source import Source

_COLUMNS = "frame, id, left, top, width, height, whether it counts, class, visibility"
_MOT17 = {1: "person", 2: "person", 3: "car", 4: "bicycle", 5: "motorbike", 7: "person"}
"""The classes of MOT16 to MOT20 that are things; the others are distractors, occluders and reflections."""


class _Sequence(SourceRow):
    name: str | None = None
    frameRate: float | None = Field(None, gt=0)
    imWidth: int | None = Field(None, gt=0)
    imHeight: int | None = Field(None, gt=0)


def _read(file: SourceFile) -> Iterator[Item]:
    """A class that has no noun, and a box that is marked as not to count or as hidden, are yielded without a noun."""
    about, nouns = _sequence(file), _nouns(file)
    name = about.name or _name(file)
    size = (about.imWidth, about.imHeight) if about.imWidth and about.imHeight else None
    video = NamedVideo(name, name, fps=about.frameRate)
    for number, line in file.lines():
        yield Item(number, video, _box(file, number, line, nouns, size))


def _name(file: SourceFile) -> str:
    """The folder of `walk/gt/gt.txt`, or the name of any other file."""
    parts = file.path.split("/")
    return parts[-3] if file.name == "gt.txt" and len(parts) > 2 else file.name.removesuffix(".txt")


def _box(file: SourceFile, number: int, line: str, nouns: Mapping[int, str], size: tuple[int, int] | None) -> FoundBox:
    try:
        values = [float(value) for value in next(csv.reader([line]))]
        frame, thing, left, top, width, height, counts, kind = filter(math.isfinite, values[:8])
    except ValueError as error:
        raise file.problem(number, f"expected are numbers with commas between: {_COLUMNS}") from error
    is_used = counts != 0 and (len(values) < 9 or values[8] != 0)
    noun = nouns.get(int(kind)) if is_used else None
    corners = left - 1, top - 1, left - 1 + width, top - 1 + height  # the first pixel is 1, as the first frame is
    return FoundBox(f"{int(thing)}", noun, FrameNumber(int(frame) - 1), corners, size)


def _sequence(file: SourceFile) -> _Sequence:
    """What seqinfo.ini says, which lies in the folder of gt.txt or above it; nothing if there is none."""
    found = file.beside("seqinfo.ini") or file.beside("../seqinfo.ini")
    if found is None:
        return _Sequence()
    parser = configparser.ConfigParser()
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # its keys have capitals
    try:
        parser.read_string(found.text)
        return found.parsed(_Sequence, Row(1, "", dict(parser["Sequence"])))
    except (configparser.Error, KeyError) as error:
        wanted = ", ".join(_Sequence.model_fields)
        raise found.problem(1, f"expected is a section [Sequence] with {wanted}") from error


def _nouns(file: SourceFile) -> Mapping[int, str]:
    labels = file.beside("labels.txt")
    if labels is None:
        return _MOT17
    return {place: label.strip() for place, (_, label) in enumerate(labels.lines(), start=1)}


MOT = Source("mot", "boxes", "boxes of one's own: gt.txt, beside labels.txt or below seqinfo.ini", _read)
