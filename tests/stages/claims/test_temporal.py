"""How long things are visible."""

from schemas.scene import FACE
from tests.scenes import claim, fixed, scene, track
from tests.stages.claims.verdicts import FALSE, TRUE, UNKNOWN, by, verdict

RED = track("r", fixed(0.2, 0.5), [(0, 4)], name="red")
BLUE = track("b", fixed(0.7, 0.3), [(3, 9)], name="blue")
LATE = track("l", fixed(0.7, 0.3), [(5.5, 9)], name="green")


def test_together_is_the_seconds_shared() -> None:
    """[0, 4) and [3, 9) share 1 s; [0, 4) and [5.5, 9) lie 1.5 s apart."""
    assert verdict(claim("together", RED, BLUE), scene(RED, BLUE)) == by(TRUE, 1.0)
    assert verdict(claim("never_together", RED, BLUE), scene(RED, BLUE)) == by(FALSE, 1.0)
    assert verdict(claim("together", RED, LATE), scene(RED, LATE)) == by(FALSE, 1.5)
    assert verdict(claim("never_together", RED, LATE), scene(RED, LATE)) == by(TRUE, 1.5)


def test_a_glimpse_together_is_neither() -> None:
    """[0, 4) and [3.9, 9) share 0.1 s: too little for "together", too much for "never together"."""
    glimpse = track("g", fixed(0.7, 0.3), [(3.9, 9)], name="green")
    for predicate in ("together", "never_together"):
        assert verdict(claim(predicate, RED, glimpse), scene(RED, glimpse)) == by(UNKNOWN, 0)


def test_where_not_all_is_tracked_absence_is_open() -> None:
    """Tracked only until 4 s: green may be there before it is seen. What is seen together is together all the same."""
    assert verdict(claim("never_together", RED, LATE), scene(RED, LATE, tracked=[(0, 4)])) == by(UNKNOWN, 0)
    assert verdict(claim("together", RED, BLUE), scene(RED, BLUE, tracked=[])) == by(TRUE, 1.0)


def test_visible_longer_is_the_difference() -> None:
    """4 s against 6 s: blue is visible 2 s longer. Equally long, or not tracked all along: unknown."""
    assert verdict(claim("visible_longer", BLUE, RED), scene(RED, BLUE)) == by(TRUE, 2.0)
    assert verdict(claim("visible_longer", RED, BLUE), scene(RED, BLUE)) == by(FALSE, 2.0)
    assert verdict(claim("visible_longer", BLUE, RED), scene(RED, BLUE, tracked=[(0, 9)])) == by(UNKNOWN, 0)
    even = track("g", fixed(0.7, 0.3), [(1, 5)], name="green")
    assert verdict(claim("visible_longer", RED, even), scene(RED, even)) == by(UNKNOWN, 0)


def test_a_face_that_is_not_found_is_not_absent() -> None:
    """A face detected in [5, 9) may have been there before: "together" is true, the others are unknown."""
    face = track("f", fixed(0.5, 0.2), [(5, 9)], label=FACE)
    assert verdict(claim("together", BLUE, face), scene(BLUE, face)) == by(TRUE, 4.0)
    assert verdict(claim("never_together", RED, face), scene(RED, face)) == by(UNKNOWN, 0)
    assert verdict(claim("visible_longer", BLUE, face), scene(BLUE, face)) == by(UNKNOWN, 0)
