"""What is said of things before a ground that does not show whether the camera moves."""

from collections.abc import Sequence

from schemas.scene import EventKind
from stages.motion.objects.abstain import Abstention
from stages.motion.objects.tracks import ShotTracks, TrackingConfig, track_shot
from tests.stages.motion.scenes import BLUE, GREEN, RED, Rectangle, clip


def _tracked(things: Sequence[Rectangle], *, camera_is_known: bool = False) -> ShotTracks:
    return track_shot(*clip(5, things), TrackingConfig(), camera_is_known=camera_is_known)


CROSSES = Rectangle(RED, lambda t: (-50 + 60 * t, 40))
STOPS = Rectangle(BLUE, lambda t: (-30 + 50 * min(t, 2.0), 80))


def test_what_holds_in_the_picture_is_said_and_what_needs_the_camera_is_not() -> None:
    """Both things have the boxes that they have before a known camera, and enter and leave; none stops."""
    known, picture = (_tracked([CROSSES, STOPS], camera_is_known=camera) for camera in (True, False))
    assert [track.path for track in picture.tracks] == [track.path for track in known.tracks]
    assert {event.kind for event in known.events} == {EventKind.ENTERS, EventKind.LEAVES, EventKind.STOPS}
    assert {event.kind for event in picture.events} == {EventKind.ENTERS, EventKind.LEAVES}
    assert known.tracked
    assert picture.tracked == ()
    assert {track.turns_known for track in known.tracks} == {True}
    assert {track.turns_known for track in picture.tracks} == {False}


def test_nothing_is_said_if_all_things_move_as_one() -> None:
    """Three things that come in together at one speed may be at rest before a camera that pans."""
    together = [Rectangle(rgb, lambda t, y=y: (-60 + 40 * t, y)) for rgb, y in ((RED, 10), (BLUE, 50), (GREEN, 90))]
    assert _tracked(together).abstained is Abstention.NOT_THINGS
    assert len(_tracked(together, camera_is_known=True).tracks) == 3


def test_nothing_is_said_of_a_thing_alone_in_view_that_shifts_a_little() -> None:
    """12 pixels are a tenth of the height: a hand that holds the camera does that. A thing that crosses is tracked."""
    assert _tracked([Rectangle(RED, lambda t: (60 + 2.4 * t, 40))]).abstained is Abstention.NOT_THINGS
    assert len(_tracked([CROSSES]).tracks) == 1
