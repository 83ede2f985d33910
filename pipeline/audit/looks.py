"""What the videos of a set look like: which of them show the same, by perceptual hashes of their stored frames."""

import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from pydantic import Field

from pipeline.dataset.finished_set import FinishedSet
from pipeline.importers.prints import alike_videos, picture_prints
from schemas.errors import DatasetError
from schemas.record import Record
from stages.visuals.seen import evenly

MOST_VIDEOS = 500
"""So many videos are looked at for repeats, unless more are asked for: pixels take time."""
_CLIP_FRAMES, _VIDEO_FRAMES = 24, 96
"""Most frames of one clip and of one video that are hashed."""
_SHORT_SIDE = 128  # pixels; decoding at an eighth of the size is several times faster
_LISTED = 20


@dataclass(frozen=True)
class VideoLook:
    """One video of a set."""

    video_id: str
    uri: str
    splits: frozenset[str]
    """The splits of its pairs."""
    prints_N: NDArray[np.uint64]
    """The hashes of its frames."""

    @property
    def name(self) -> str:
        """The name of its file."""
        return self.uri.rpartition("/")[2]


class AlikeVideos(Record):
    """Two videos that show the same, or one of them a part of the other."""

    first: str
    """File name."""
    second: str
    """File name."""
    share: float = Field(gt=0, le=1)
    """Share of the frames of the one with fewer that look like one of the other."""
    across_splits: bool
    """Whether they belong to different splits, so that what is held out was trained on."""


class VideoRepeats(Record):
    """Videos of a set that show the same."""

    videos: int = Field(ge=0)
    """Videos that were looked at."""
    alike: int = Field(ge=0)
    """How many twos of them show the same."""
    across_splits: int = Field(ge=0)
    """How many of these belong to different splits."""
    examples: tuple[AlikeVideos, ...]
    """The first of them, those across splits before all others."""


def read_looks(opened: FinishedSet, videos: Collection[str]) -> list[VideoLook]:
    """What the stored frames of some videos show, in order of video id. DatasetError if a frame cannot be read."""
    splits: dict[str, set[str]] = {}
    for part in opened.tables("pairs", ("video_id", "split")):
        for video_id, split in zip(*(part.column(n).to_pylist() for n in ("video_id", "split")), strict=True):
            splits.setdefault(video_id, set()).add(split)
    uris: dict[str, str] = {}
    prints: dict[str, list[NDArray[np.uint64]]] = {}
    for video_id, uri, jpegs in _clips(opened, frozenset(videos)):
        uris[video_id] = uri
        try:
            hashed = picture_prints(_pictures(jpegs))
        except (OSError, UnidentifiedImageError) as error:
            raise DatasetError(
                f"video {video_id}: a stored frame cannot be read: {error}; see vidpref verify"
            ) from error
        prints.setdefault(video_id, []).append(hashed)
    return [
        VideoLook(video_id, uris[video_id], frozenset(splits.get(video_id, ())), _fewer(np.concatenate(of_video)))
        for video_id, of_video in sorted(prints.items())
    ]


def video_repeats(looks: Sequence[VideoLook]) -> VideoRepeats:
    """Which of some videos show the same."""
    found = [
        AlikeVideos(
            first=looks[one].name,
            second=looks[other].name,
            share=round(share, 4),
            across_splits=looks[one].splits.isdisjoint(looks[other].splits),
        )
        for one, other, share in alike_videos([look.prints_N for look in looks])
    ]
    found.sort(key=lambda one: (not one.across_splits, -one.share, one.first, one.second))
    return VideoRepeats(
        videos=len(looks),
        alike=len(found),
        across_splits=sum(one.across_splits for one in found),
        examples=tuple(found[:_LISTED]),
    )


def _clips(opened: FinishedSet, videos: frozenset[str]) -> Iterator[tuple[str, str, list[bytes]]]:
    """The video, its URI and the frames of every clip of some videos; frames of other row groups are not read."""
    for group in opened.row_groups("clips"):
        named = opened.read(group, ("video_id", "uri")).to_pylist()
        wanted = [row for row, clip in enumerate(named) if clip["video_id"] in videos]
        if not wanted:
            continue
        frames = opened.read(group, ("frames.list.element.jpeg",)).column("frames")
        for row in wanted:
            stored = frames[row]
            jpegs = [stored[place]["jpeg"].as_py() for place in evenly(len(stored), _CLIP_FRAMES)]
            yield named[row]["video_id"], named[row]["uri"], jpegs


def _pictures(jpegs: Sequence[bytes]) -> Iterator[Image.Image]:
    for jpeg in jpegs:
        with Image.open(io.BytesIO(jpeg)) as picture:
            picture.draft("L", (_SHORT_SIDE, _SHORT_SIDE))
            yield picture.convert("L")


def _fewer(prints_N: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return prints_N[list(evenly(len(prints_N), _VIDEO_FRAMES))] if len(prints_N) else prints_N
