"""Annotations refuse what contradicts itself; what only the file can show is asked of them afterwards."""

import pytest
from pydantic import ValidationError

from schemas.annotations import AnnotatedBox, AnnotatedEvent, AnnotatedObject, AnnotatedSpan, Annotations

BOX = AnnotatedBox(pts_seconds=3.0, x0=10, y0=10, x1=20, y1=20)


def test_boxes_in_pixels_lie_in_the_frame_that_is_given() -> None:
    """A box of 20 pixels is inside a frame of 20 x 20 and outside one of 19 x 20; without a frame it is outside."""
    thing = AnnotatedObject(id="dog", noun="dog", boxes=(BOX,))
    assert Annotations(objects=(thing,), frame_width=20, frame_height=20).objects == (thing,)
    for frame in ({"frame_width": 19, "frame_height": 20}, {}):
        with pytest.raises(ValidationError, match=r"object 'dog': box at 3\.0 s is outside the frame"):
            Annotations(objects=(thing,), **frame)


def test_two_objects_with_one_phrase_are_refused() -> None:
    """A phrase names one thing alone, whatever its letters' case."""
    dogs = (
        AnnotatedObject(id="a", noun="dog", phrase="the dog"),
        AnnotatedObject(id="b", noun="dog", phrase="The dog"),
    )
    with pytest.raises(ValidationError, match="two objects have the phrase 'the dog'"):
        Annotations(objects=dogs)


@pytest.mark.parametrize(("end_seconds", "late"), [(2.5, None), (2.4, "object 'dog' has a box at 3.0 s")])
def test_times_after_the_end_are_found(end_seconds: float, late: str | None) -> None:
    """A time may be 0.5 s after the end of the video, and no more."""
    thing = AnnotatedObject(id="dog", noun="dog", boxes=(BOX,))
    assert Annotations(objects=(thing,), frame_width=20, frame_height=20).past(end_seconds) == late


def test_every_kind_of_span_is_compared_with_the_end() -> None:
    """An event and a stretch in which an object is visible are named with their ends."""
    span = AnnotatedSpan(start_seconds=0, end_seconds=9)
    event = AnnotatedEvent(phrase="It barks", start_seconds=0, end_seconds=9)
    assert Annotations(events=(event,)).past(5) == "event 'It barks' ends at 9.0 s"
    seen = AnnotatedObject(id="dog", noun="dog", visible=(span,))
    assert Annotations(objects=(seen,)).past(5) == "object 'dog' ends at 9.0 s"
    assert Annotations(shots=(span,)).past(5) == "a shot ends at 9.0 s"


def test_other_content_has_another_hash() -> None:
    """The hash names the content: equal annotations share it."""
    assert Annotations(absent=("cat",)).sha256 == Annotations(absent=("cat",)).sha256
    assert Annotations(absent=("cat",)).sha256 != Annotations(absent=("dog",)).sha256
