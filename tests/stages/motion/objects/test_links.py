"""Links between the tracks of a clip, from given tracks and looks."""

import numpy as np

from schemas.scene import Track
from stages.motion.objects.identity import IdentityConfig, Look
from stages.motion.objects.links import link_tracks
from stages.motion.objects.tracks import ShotTracks
from tests.scenes import fixed, track

CONFIG = IdentityConfig()


def look(lightness: float) -> Look:
    """A thing of one size and shape and some lightness."""
    lab = np.array([lightness, 0, 0], np.float32)
    return Look(lab=lab, first_size=(0.1, 0.1), last_size=(0.1, 0.1), shape=np.ones(36, np.float32), full_sightings=9)


def shot(*seen: tuple[Track, Look | None], strays: tuple[Look | None, ...] = ()) -> ShotTracks:
    """A shot with these tracks."""
    tracks, looks = tuple(one for one, _ in seen), tuple(how for _, how in seen)
    return ShotTracks(tracks=tracks, looks=looks, events=(), tracked=(), abstained=None, strays=strays)


def links(*shots: ShotTracks) -> dict[tuple[str, str], tuple[bool, float]]:
    """Same or not, and the score, by the two tracks."""
    return {(link.track_a, link.track_b): (link.same, link.score) for link in link_tracks(shots, CONFIG)}


EARLY = track("a", fixed(0.2, 0.5), [(0, 2)], name="red")
LATE = track("b", fixed(0.8, 0.5), [(5, 7)], name="red")
BLUE = track("c", fixed(0.8, 0.5), [(5, 7)], name="blue")


def test_tracks_that_look_alike_are_one_object() -> None:
    """Equal looks are the same with the score 1; half as alike, 3 of 6 in Lab, is 0.5."""
    assert links(shot((EARLY, look(50))), shot((LATE, look(50)))) == {("a", "b"): (True, 1.0)}
    assert links(shot((EARLY, look(50))), shot((LATE, look(53)))) == {("a", "b"): (True, 0.5)}


def test_colours_far_apart_are_two_objects() -> None:
    """45 in Lab, beyond the 30 from which two colours differ: 45 / 60 = 0.75."""
    assert links(shot((EARLY, look(50))), shot((BLUE, look(95)))) == {("a", "c"): (False, 0.75)}


def test_tracks_in_view_at_once_are_two_objects() -> None:
    """However alike they look, as both are visible for 2 s."""
    both = track("d", fixed(0.8, 0.5), [(0, 2)], name="red")
    assert links(shot((EARLY, look(50)), (both, look(50)))) == {("a", "d"): (False, 1.0)}


def test_a_rival_of_the_same_colour_leaves_identity_open() -> None:
    """If a thing of that colour moves without a track, or was never fully visible, colour proves nothing."""
    assert links(shot((EARLY, look(50)), strays=(look(60),)), shot((LATE, look(50)))) == {}
    assert links(shot((EARLY, look(50)), strays=(None,)), shot((LATE, look(50)))) == {}
    unclear = track("e", fixed(0.5, 0.5), [(8, 9)], name="red")
    assert links(shot((EARLY, look(50))), shot((LATE, look(50)), (unclear, None))) == {}


def test_a_chain_is_as_certain_as_its_weakest_step() -> None:
    """From a to b half alike, from b to c exactly: a and c are linked by the weaker of the two."""
    last = track("c", fixed(0.5, 0.5), [(8, 9)], name="red")
    found = links(shot((EARLY, look(50))), shot((LATE, look(53)), (last, look(53))))
    assert found == {("a", "b"): (True, 0.5), ("b", "c"): (True, 1.0), ("a", "c"): (True, 0.5)}
