"""Annotations of another video are found by their times and by the shape of their frame."""

import pytest

from schemas.annotations import AnnotatedEvent, Annotations
from schemas.drop import DropCause, DropReason
from stages.annotated.fit import misfit
from tests.stages.annotated.clips import clip

HEADERS = [clip().header]
EVENT = AnnotatedEvent(phrase="It barks", start_seconds=1, end_seconds=10.6)


@pytest.mark.parametrize(
    ("annotations", "detail", "limit"),
    [
        (Annotations(events=(EVENT,)), "event 'It barks' ends at 10.6 s", 10.0),
        (Annotations(duration_seconds=9.4), "the annotated video has another duration", 10.0),
        (
            Annotations(frame_width=480, frame_height=360),
            "boxes are in a frame of 480 x 360 pixels, the video's is 640 x 360",
            round(640 / 360, 3),
        ),
    ],
)
def test_what_cannot_be_about_the_video_is_a_drop(annotations: Annotations, detail: str, limit: float) -> None:
    """The drop says what was given and what the file has."""
    found = misfit(annotations, HEADERS)
    assert isinstance(found, DropCause)
    assert (found.reason, found.detail, found.limit) == (DropReason.ANNOTATIONS_MISFIT, detail, limit)


def test_another_size_of_the_same_shape_fits() -> None:
    """Boxes in 1280 x 720 are those of a video of 640 x 360; durations may differ by half a second."""
    assert misfit(Annotations(frame_width=1280, frame_height=720, duration_seconds=10.5), HEADERS) is None


def test_the_duration_is_that_of_the_video_not_of_its_first_clip() -> None:
    """A video of 20 s may have clips of 10 s and events in its second half."""
    late = AnnotatedEvent(phrase="It barks", start_seconds=15, end_seconds=20)
    assert misfit(Annotations(events=(late,)), [clip(duration=20.0).header]) is None
