"""Predicates about how things and the camera move."""

import math

import pytest

from tests.scenes import claim, fixed, line, measure, scene, track
from tests.stages.claims.verdicts import FALSE, TRUE, UNKNOWN, by, verdict

WHOLE = [(0.0, 10.0)]
WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


@pytest.mark.parametrize("way", WAYS)
def test_moves_is_the_shift_beyond_stillness(way: str) -> None:
    """A straight shift of 0.3 counts as movement except for 0.02, the diameter within which a thing stands still."""
    x, y = WAYS[way]
    thing = track("r", line((0.5, 0.5), (0.5 + 0.3 * x, 0.5 + 0.3 * y), (0, 9.9)), name="red")
    for value in WAYS:
        truth = TRUE if value == way else FALSE
        assert verdict(claim("moves", thing, value=value, during=WHOLE), scene(thing)) == by(truth, 0.28)


def test_moves_askew_is_open_and_nearly_straight_counts_less() -> None:
    """0.3 along and 0.1 across leaves 0.3 - 2 * 0.1; 0.3 along and 0.2 across is no clear direction."""
    near = track("r", line((0.2, 0.5), (0.5, 0.6), (0, 9.9)), name="red")
    assert verdict(claim("moves", near, value="right", during=WHOLE), scene(near)) == by(TRUE, 0.1)
    assert verdict(claim("moves", near, value="down", during=WHOLE), scene(near)) == by(FALSE, 0.1)
    askew = track("r", line((0.2, 0.4), (0.5, 0.6), (0, 9.9)), name="red")
    for value in WAYS:
        assert verdict(claim("moves", askew, value=value, during=WHOLE), scene(askew)) == by(UNKNOWN, 0)


def test_there_and_back_is_no_one_way() -> None:
    """0.5 to the right, then 0.2 back: the net 0.3 is less than twice the 0.2 of the retreat."""
    there = line((0.2, 0.5), (0.7, 0.5), (0, 5))
    back = line((0.7, 0.5), (0.5, 0.5), (5, 9.9))
    thing = track("r", lambda t: there(t) if t < 5 else back(t), name="red")
    for value in ("right", "left"):
        assert verdict(claim("moves", thing, value=value, during=WHOLE), scene(thing)) == by(UNKNOWN, 0)


def test_still_stays_within_a_hundredth() -> None:
    """Fixed: 0.01 left; a shift of 0.012 is a radius of 0.006: 0.004 left; of 0.3: 0.28 beyond the diameter of 0.02."""
    stands = track("r", fixed(0.5, 0.5), name="red")
    assert verdict(claim("still", stands, during=WHOLE), scene(stands)) == by(TRUE, 0.01)
    assert verdict(claim("moves", stands, value="up", during=WHOLE), scene(stands)) == by(FALSE, 0.01)
    creeps = track("r", line((0.5, 0.5), (0.512, 0.5), (0, 9.9)), name="red")
    assert verdict(claim("still", creeps, during=WHOLE), scene(creeps)) == by(TRUE, 0.004)
    goes = track("r", line((0.5, 0.5), (0.8, 0.5), (0, 9.9)), name="red")
    assert verdict(claim("still", goes, during=WHOLE), scene(goes)) == by(FALSE, 0.28)


def test_a_glimpse_neither_moves_nor_stands() -> None:
    """A single box shows neither movement nor rest."""
    stands = track("r", fixed(0.5, 0.5), [(0, 5)], name="red")
    assert verdict(claim("still", stands, during=[(4.85, 9)]), scene(stands)) == by(UNKNOWN, 0)
    assert verdict(claim("moves", stands, value="up", during=[(4.85, 9)]), scene(stands)) == by(UNKNOWN, 0)


def test_speeds_are_compared_with_a_floor() -> None:
    """0.1 in 4 s, then 0.4 in 4 s: (0.1 + 0.02) / (0.025 + 0.02) a second; two standstills are equally fast."""
    slow, fast = line((0.2, 0.5), (0.3, 0.5), (0, 4)), line((0.3, 0.5), (0.7, 0.5), (4, 8))
    thing = track("r", lambda t: slow(t) if t < 4 else fast(t), name="red")
    ratio = math.log((0.1 + 0.02) / (0.025 + 0.02))
    halves = [(0.0, 4.0), (4.0, 8.0)]
    assert verdict(claim("speeds_up", thing, during=halves), scene(thing)) == by(TRUE, ratio)
    assert verdict(claim("slows_down", thing, during=halves), scene(thing)) == by(FALSE, ratio)
    assert verdict(claim("slows_down", thing, during=halves[::-1]), scene(thing)) == by(TRUE, ratio)
    stands = track("r", fixed(0.5, 0.5), name="red")
    assert verdict(claim("speeds_up", stands, during=halves), scene(stands)) == by(UNKNOWN, 0)
    unseen = track("r", fixed(0.5, 0.5), [(0, 3)], name="red")
    assert verdict(claim("speeds_up", unseen, during=halves), scene(unseen)) == by(UNKNOWN, 0)


def test_a_jump_out_of_sight_is_no_speed() -> None:
    """Visible in [0, 2) at 0.2 and in [3, 5) at 0.8, it stands at both; [5, 9) sees it go 0.1 a second."""
    goes = line((0.8, 0.5), (0.4, 0.5), (5, 9))
    thing = track("r", lambda t: fixed(0.2, 0.5)(t) if t < 2.5 else goes(t), [(0, 2), (3, 9)], name="red")
    found = verdict(claim("speeds_up", thing, during=[(0.0, 5.0), (5.0, 9.0)]), scene(thing))
    assert found == by(TRUE, math.log((0.1 + 0.02) / 0.02))


@pytest.mark.parametrize(
    ("way", "shift", "scale"),
    [
        ("left", (0.02, 0.0), 1.0),
        ("right", (-0.02, 0.0), 1.0),
        ("up", (0.0, 0.02), 1.0),
        ("down", (0.0, -0.02), 1.0),
        ("in", (0.0, 0.0), math.exp(0.04)),
        ("out", (0.0, 0.0), math.exp(-0.04)),
    ],
)
def test_the_camera_goes_against_the_background(way: str, shift: tuple[float, float], scale: float) -> None:
    """Ten steps of 0.02 are 0.2 (a log scale of 0.04 moves the borders by half of it), 0.18 beyond standing still."""
    there = scene(measures=[measure(float(second), shift=shift, scale=scale) for second in range(10)])
    for value in ("left", "right", "up", "down", "in", "out", "still"):
        truth = TRUE if value == way else FALSE
        assert verdict(claim("camera_moves", value=value, during=WHOLE), there) == by(truth, 0.18)


def test_a_still_camera_is_never_away() -> None:
    """0.005 and back leaves 0.015 of 0.02; 0.1 and back is 0.08 beyond it, and in no clear direction."""
    steps = [0.005, -0.005] * 5
    calm = scene(measures=[measure(float(i), shift=(step, 0.0)) for i, step in enumerate(steps)])
    assert verdict(claim("camera_moves", value="still", during=WHOLE), calm) == by(TRUE, 0.015)
    assert verdict(claim("camera_moves", value="in", during=WHOLE), calm) == by(FALSE, 0.015)
    away = [0.1, 0.0, -0.1] + [0.0] * 7
    swung = scene(measures=[measure(float(i), shift=(step, 0.0)) for i, step in enumerate(away)])
    assert verdict(claim("camera_moves", value="still", during=WHOLE), swung) == by(FALSE, 0.08)
    for value in ("left", "right"):
        assert verdict(claim("camera_moves", value=value, during=WHOLE), swung) == by(UNKNOWN, 0)


def test_a_camera_that_goes_back_has_no_direction() -> None:
    """0.3 to the left and 0.12 back, over a quarter: neither way is said or denied, but it does not stand still."""
    there_and_back = [0.05] * 6 + [-0.03] * 4
    wavers = scene(measures=[measure(float(i), shift=(step, 0.0)) for i, step in enumerate(there_and_back)])
    found = {way: verdict(claim("camera_moves", value=way, during=WHOLE), wavers)[0] for way in (*WAYS, "still")}
    assert {way for way, truth in found.items() if truth is UNKNOWN} == set(WAYS)
    assert found["still"] is FALSE


def test_one_second_without_a_shift_leaves_the_camera_open() -> None:
    """If the shift of one second is unknown, so is the camera's motion in any interval that contains it, and in no
    other.
    """
    there = scene(measures=[measure(float(i), shift=None if i == 3 else (0.0, 0.0)) for i in range(10)])
    assert verdict(claim("camera_moves", value="still", during=WHOLE), there) == by(UNKNOWN, 0)
    assert verdict(claim("camera_moves", value="still", during=[(4, 9)]), there) == by(TRUE, 0.02)


def test_a_second_counts_by_its_share_of_the_interval() -> None:
    """[0, 2.5) contains two and a half steps of 0.04: 0.1 in all, 0.08 more than a camera at rest may have."""
    there = scene(measures=[measure(float(i), shift=(0.04, 0.0)) for i in range(10)])
    assert verdict(claim("camera_moves", value="left", during=[(0, 2.5)]), there) == by(TRUE, 0.08)


def test_a_direction_that_the_camera_takes_by_the_way_is_not_denied() -> None:
    """Ten steps to the right and up, 0.4 and 0.1 in all: it moves right, not left, and it is open whether up.

    A turn back counts as well: 0.3 to the left, then 0.06 to the right, is left, and not surely not right.
    """
    askew = scene(measures=[measure(float(i), shift=(-0.04, 0.01)) for i in range(10)])
    found = {way: verdict(claim("camera_moves", value=way, during=WHOLE), askew)[0] for way in WAYS}
    assert [found[way] for way in ("right", "left", "up", "down")] == [TRUE, FALSE, UNKNOWN, FALSE]
    back = [0.05] * 6 + [-0.03] * 2 + [0.0] * 2
    turned = scene(measures=[measure(float(i), shift=(step, 0.0)) for i, step in enumerate(back)])
    found = {way: verdict(claim("camera_moves", value=way, during=WHOLE), turned)[0] for way in WAYS}
    assert [found[way] for way in ("left", "right", "up")] == [TRUE, UNKNOWN, FALSE]
