"""Boxes of one's own in COCO's format: images are frames of videos, and a track id says which boxes are one thing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pydantic import Field

from pipeline.importers.item import FoundBox, FrameNumber, Item, Moment, NamedVideo
from pipeline.importers.rows import SourceFile, SourceRow
from pipeline.importers.source import Source

_FRAME_FILE = re.compile(r"(?P<video>.+?)[/_-](?:frame[_-]?)?(?P<frame>\d+)\.\w+")


class _Category(SourceRow):
    id: str
    name: str


class _Video(SourceRow):
    id: str
    name: str | None = None
    file_name: str | None = None
    fps: float | None = Field(None, gt=0)


class _Licence(SourceRow):
    id: str
    name: str


class _Image(SourceRow):
    id: str
    width: int = Field(gt=0)
    height: int = Field(gt=0)
    file_name: str
    """`street/000012.jpg` is frame 12 of the video street, unless video_id and frame_id say otherwise."""
    video_id: str | None = None
    frame_id: int | None = None
    """The number of the frame; the first is 0."""
    seconds: float | None = None
    """Its container time; goes before the number."""
    license: str | None = None


class _Box(SourceRow):
    image_id: str
    category_id: str
    bbox: tuple[float, float, float, float]
    """Left, top, width, height in pixels."""
    track_id: str | None = None
    instance_id: str | None = None


@dataclass(frozen=True)
class _Frame:
    video: NamedVideo
    moment: Moment
    size: tuple[int, int]


def _read(file: SourceFile) -> Iterator[Item]:
    nouns = {category.id: category.name for category in (file.parsed(_Category, r) for r in file.rows("categories"))}
    videos, licences = _videos(file), _licences(file)
    frames = dict(_frame(file, row.line, file.parsed(_Image, row), videos, licences) for row in file.rows("images"))
    for number, row in enumerate(file.rows("annotations")):
        box = file.parsed(_Box, row)
        frame = frames.get(box.image_id)
        if frame is None or box.category_id not in nouns:
            raise file.problem(row.line, f"no image has the id {box.image_id}, or no category the id {box.category_id}")
        left, top, width, height = box.bbox
        noun = nouns[box.category_id]
        thing = box.track_id or box.instance_id or f"alone-{number}"
        corners = left, top, left + width, top + height
        yield Item(row.line, frame.video, FoundBox(f"{noun} {thing}", noun, frame.moment, corners, frame.size))


def _videos(file: SourceFile) -> dict[str, NamedVideo]:
    if not file.has("videos"):
        return {}
    listed = [file.parsed(_Video, row) for row in file.rows("videos")]
    names = {video.id: video.file_name or video.name or video.id for video in listed}
    return {video.id: NamedVideo(names[video.id], names[video.id], fps=video.fps) for video in listed}


def _licences(file: SourceFile) -> dict[str, str]:
    if not file.has("licenses"):
        return {}
    return {licence.id: licence.name for licence in (file.parsed(_Licence, row) for row in file.rows("licenses"))}


def _frame(
    file: SourceFile, line: int, image: _Image, videos: Mapping[str, NamedVideo], licences: Mapping[str, str]
) -> tuple[str, _Frame]:
    named = _FRAME_FILE.fullmatch(image.file_name)
    video = videos.get(image.video_id or "")
    if video is None and named is not None:
        video = NamedVideo(named["video"], named["video"])
    number = int(named["frame"]) if named is not None and image.frame_id is None else image.frame_id
    if video is None or (number is None and image.seconds is None):
        raise file.problem(
            line,
            f"image {image.id} names no frame of a video; expected are video_id and frame_id, or a file_name such as "
            "street/000012.jpg",
        )
    video = replace(video, licence=licences.get(image.license or ""))
    moment = image.seconds if number is None or image.seconds is not None else FrameNumber(number)
    return image.id, _Frame(video, moment if moment is not None else 0.0, (image.width, image.height))


COCO = Source("coco", "boxes", "boxes of one's own: images, categories and annotations in COCO's format", _read)
