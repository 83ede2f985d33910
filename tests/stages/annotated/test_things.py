"""Annotated objects become named tracks."""

import pytest

from schemas.annotations import AnnotatedBox, Annotations
from schemas.colour import ColourName
from schemas.scene import EventKind, Side
from tests.stages.annotated.clips import laid, thing


def test_a_track_has_the_name_and_the_boxes_of_its_object() -> None:
    """Label, phrase and source; a box at each analysis frame of its stretch and at each sampled one."""
    given = thing(
        "Dog", (2.0, 0.1), (3.0, 0.3), visible=((2.0, 3.1),), noun="Dog", phrase="The grey dog.", colour="Red"
    )
    (track,) = laid(Annotations(objects=(given,))).tracks
    assert (track.label, track.phrase, track.source, track.score) == ("dog", "the grey dog", "annotations", 1.0)
    assert track.colour is not None
    assert track.colour.name is ColourName.RED
    assert [point.pts_seconds for point in track.path] == pytest.approx([2 + number / 10 for number in range(11)])
    assert [(box.frame_index, box.x0) for box in track.boxes] == [
        (4, pytest.approx(0.1)),
        (5, pytest.approx(0.2)),
        (6, pytest.approx(0.3)),
    ]


def test_an_object_that_was_not_plain_to_see_has_no_track() -> None:
    """It stays a candidate that may be one."""
    there = laid(Annotations(objects=(thing("dog", (1.0, 0.1), certain=False),), complete=("dog",)))
    assert there.tracks == ()
    (search,) = (search for search in there.searched if search.noun == "dog")
    scores = {one.score for frame in search.frames for one in frame.candidates}
    assert scores == {0.5}


def test_rough_boxes_place_nothing() -> None:
    """The thing is in view, but nobody knows where."""
    (track,) = laid(Annotations(objects=(thing("dog", (0.0, 0.1), (1.0, 0.1), rough=True),))).tracks
    assert (track.path, track.boxes) == ((), ())
    assert [(one.start_seconds, one.end_seconds) for one in track.visible] == [(0, 10)]


def test_without_noted_stretches_a_thing_is_in_view_where_its_boxes_are() -> None:
    """Boxes one second apart from 2 to 3 s place it until 3.2 s, so up to the frame after that."""
    (track,) = laid(Annotations(objects=(thing("dog", (2.0, 0.1), (3.0, 0.3), visible=()),))).tracks
    (seen,) = track.visible
    assert (seen.start_seconds, seen.end_seconds) == pytest.approx((1.8, 3.3))


def test_a_thing_that_comes_in_over_a_border_enters() -> None:
    """Its first box touches the left border at 2 s; it is gone at 4 s without touching one, which is no event."""
    given = thing("dog", (2.0, 0.0), (3.0, 0.3), (3.9, 0.5), visible=((2.0, 4.0),))
    there = laid(Annotations(objects=(given,)))
    (event,) = there.events
    assert (event.kind, event.pts_seconds, event.track_ids) == (EventKind.ENTERS, 2.0, ("a0",))
    assert there.tracks[0].enters_from is Side.LEFT


def test_coming_into_view_at_a_cut_is_no_event() -> None:
    """The border of a shot shows it, not its own movement."""
    given = thing("dog", (2.0, 0.0), (3.0, 0.3), visible=((2.0, 10.0),))
    assert (
        laid(
            Annotations(
                objects=(given,),
                shots=({"start_seconds": 0, "end_seconds": 2}, {"start_seconds": 2, "end_seconds": 10}),
            )
        ).events
        == ()
    )  # type: ignore[arg-type]


def test_what_comes_in_over_a_corner_crosses_no_single_border() -> None:
    """It touches the left border at 2 s, and the upper one soon after."""
    first = AnnotatedBox(pts_seconds=2.0, x0=0.0, y0=0.2, x1=0.2, y1=0.6)
    later = AnnotatedBox(pts_seconds=2.4, x0=0.2, y0=0.0, x1=0.4, y1=0.6)
    given = thing("dog", visible=((2.0, 4.0),)).model_copy(update={"boxes": (first, later)})
    there = laid(Annotations(objects=(given,)))
    assert there.tracks[0].enters_from is None
    assert there.events == ()
