"""Where the things of a known clip are, and what it lacks."""

import pytest

from pipeline.scripted.known_clip import KnownClip
from schemas.annotations import AnnotatedSpan
from tests.pipeline.scripted.clips import ANNOTATIONS, BALL, BOX, CLIP


def test_a_thing_is_between_its_boxes() -> None:
    """Half way between boxes at x 0.2 (1 s) and 0.3 (2 s) the ball is at 0.25; after its time in view it is nowhere."""
    place = CLIP.place(BALL, 1.5)
    assert place is not None
    assert place.x == pytest.approx(0.25)
    assert place.mirrored().x == pytest.approx(0.75)
    assert CLIP.place(BALL, 8.5) is None
    assert CLIP.place(BOX, 6.5) is None


def test_a_gap_is_bridged_only_if_the_thing_may_not_have_moved() -> None:
    """Boxes 6 s apart say where a still thing is between them, and not where one that moves is; nor over a cut."""
    assert CLIP.place(BOX, 3.0) is not None
    moving = BOX.model_copy(update={"moves": True})
    assert CLIP.place(moving.model_copy(update={"id": "other"}), 3.0) is None
    shots = tuple(AnnotatedSpan(start_seconds=start, end_seconds=end) for start, end in ((0, 2), (2, 8)))
    cut = KnownClip("cut", CLIP.path, ANNOTATIONS.model_copy(update={"shots": shots}))
    assert cut.place(BOX, 3.0) is None


def test_pixels_of_annotations_become_shares_of_the_frame() -> None:
    """A box given in pixels of a frame of 200 x 100 that spans half of each side is a quarter of the area."""
    box = BALL.boxes[0].model_copy(update={"x0": 0, "x1": 100, "y0": 50, "y1": 100})
    given = ANNOTATIONS.model_copy(update={"frame_width": 200, "frame_height": 100})
    thing = BALL.model_copy(update={"boxes": (box,)})
    place = KnownClip("pixels", CLIP.path, given).place(thing, 0.0)
    assert place is not None
    assert place.area == pytest.approx(0.25)


def test_what_a_clip_lacks() -> None:
    """Listed nouns, phrases of a complete kind that no thing has, and all other nouns if all that happens is known."""
    assert CLIP.lacks("the yellow star")
    assert CLIP.lacks("the green ball")
    assert CLIP.lacks("the guitar")
    assert not CLIP.lacks("the red ball")
    unsure = KnownClip("unsure", CLIP.path, ANNOTATIONS.model_copy(update={"events_complete": False}))
    assert not unsure.lacks("the guitar")
