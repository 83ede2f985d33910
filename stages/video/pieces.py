"""The pieces of a video between changes of its frames' size. Nearly every video is one piece."""

from dataclasses import dataclass

from stages.video.open_video import OpenVideo
from stages.video.pixels import FrameShape, shape_of


class SizeChanged(Exception):  # noqa: N818  it says what happened
    """Frames that should have one size have several."""


@dataclass(frozen=True)
class Piece:
    """A run of consecutive frames of one size."""

    first: int
    """Number of the first frame."""
    end: int
    """Number of the last frame, plus one."""
    start_seconds: float
    end_seconds: float


def whole_video(video: OpenVideo) -> Piece:
    """The video as one piece."""
    facts = video.facts
    return Piece(0, facts.frame_count_measured, facts.start_seconds, facts.end_seconds)


def pieces_of_one_size(video: OpenVideo) -> list[Piece]:
    """Cut the video at each change of its frames' shape. Every frame is decoded."""
    whole = whole_video(video)
    firsts: list[int] = []
    before: FrameShape | None = None
    for number, frame in video.frames(range(whole.end)):
        shape = shape_of(frame, video.display(frame))
        if shape != before:
            firsts.append(number)
        before = shape
    starts = [whole.start_seconds, *(float(video.times_F[number]) for number in firsts[1:])]
    ends = [*starts[1:], whole.end_seconds]
    return [Piece(*place) for place in zip(firsts, [*firsts[1:], whole.end], starts, ends, strict=True)]
