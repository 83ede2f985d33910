"""Predicates about the picture as a whole."""

import math

from stages.claims import check
from stages.claims.margins import Margins
from stages.claims.scene_view import SceneView
from tests.scenes import claim, cut, fade, measure, places, scene
from tests.stages.claims.verdicts import FALSE, TRUE, UNKNOWN, by, verdict

HALVES = [(0.0, 5.0), (5.0, 10.0)]
ENDS = [(0.0, 3.0), (7.0, 10.0)]


def test_motion_in_is_the_share_above_the_next() -> None:
    """0.06, 0.03 and 0.01 are shares of 0.6, 0.3 and 0.1: left by 0.3; no motion at all is nowhere."""
    there = scene(measures=[measure(float(i), motion=(0.06, 0.03, 0.01)) for i in range(10)])
    assert verdict(claim("motion_in", value="left", during=HALVES[:1]), there) == by(TRUE, 0.3)
    assert verdict(claim("motion_in", value="centre", during=HALVES[:1]), there) == by(FALSE, 0.3)
    assert verdict(claim("motion_in", value="right", during=HALVES[:1]), there) == by(FALSE, 0.3)
    assert verdict(claim("motion_in", value="left", during=HALVES[:1]), scene()) == by(UNKNOWN, 0)


def test_little_motion_counts_less() -> None:
    """0.005 in all thirds together is half of clear motion: the lead of 0.6 - 0.3 counts half."""
    there = scene(measures=[measure(float(i), motion=(0.003, 0.0015, 0.0005)) for i in range(10)])
    assert verdict(claim("motion_in", value="left", during=HALVES[:1]), there) == by(TRUE, 0.15)


def test_motion_before_a_camera_that_moves_says_nothing() -> None:
    """Over 5 s a shift of 0.003 a second adds up to 0.015: the 0.005 left is half of what is clearly still. 0.005 a
    second adds up to 0.025, which is movement.
    """
    for step, verdict_left in ((0.003, by(TRUE, 0.15)), (0.005, by(UNKNOWN, 0)), (None, by(UNKNOWN, 0))):
        shift = None if step is None else (step, 0.0)
        there = scene(measures=[measure(float(i), motion=(0.06, 0.03, 0.01), shift=shift) for i in range(10)])
        assert verdict(claim("motion_in", value="left", during=HALVES[:1]), there) == verdict_left
    unknown = scene(measures=[measure(float(i), motion=(0.1 * (i < 5), 0, 0), shift=None) for i in range(10)])
    assert verdict(claim("busier", during=HALVES), unknown) == by(UNKNOWN, 0)


def test_busier_is_a_log_ratio_with_a_floor() -> None:
    """0.03 a second against 0.01: (0.03 + 0.005) / (0.01 + 0.005)."""
    there = scene(measures=[measure(float(i), motion=(0.03 if i < 5 else 0.01, 0.0, 0.0)) for i in range(10)])
    assert verdict(claim("busier", during=HALVES), there) == by(TRUE, math.log(0.035 / 0.015))
    assert verdict(claim("busier", during=HALVES[::-1]), there) == by(FALSE, math.log(0.035 / 0.015))
    assert verdict(claim("busier", during=HALVES), scene()) == by(UNKNOWN, 0)


def test_of_two_nearly_still_stretches_neither_is_plainly_busier() -> None:
    """0.004 a second against none is near the noise: 0.4 of clear motion."""
    there = scene(measures=[measure(float(i), motion=(0.004 if i < 5 else 0.0, 0.0, 0.0)) for i in range(10)])
    assert verdict(claim("busier", during=HALVES), there) == by(TRUE, 0.4 * math.log(0.009 / 0.005))


def test_brighter_is_the_difference_of_means() -> None:
    """0.7 against 0.4; equally bright, or not measured, is unknown."""
    there = scene(measures=[measure(float(i), luma=0.7 if i < 5 else 0.4) for i in range(10)])
    assert verdict(claim("brighter", during=ENDS), there) == by(TRUE, 0.3)
    assert verdict(claim("brighter", during=ENDS[::-1]), there) == by(FALSE, 0.3)
    assert verdict(claim("brighter", during=ENDS), scene()) == by(UNKNOWN, 0)
    assert verdict(claim("brighter", during=ENDS), scene(measures=[measure(0.0)])) == by(UNKNOWN, 0)


def test_of_two_light_pictures_neither_is_plainly_brighter() -> None:
    """0.9 is 1.125 times 0.8, which nobody sees; 0.55 is 1.375 times 0.4."""
    margins = Margins()
    for first, second, truth in ((0.9, 0.8, None), (0.55, 0.4, TRUE), (0.4, 0.55, FALSE), (0.5, 0.41, None)):
        there = scene(measures=[measure(float(i), luma=first if i < 5 else second) for i in range(10)])
        checked = check(claim("brighter", during=ENDS), SceneView(there))
        assert (checked.truth if margins.allow(checked) else None) is truth


def test_of_short_stretches_every_second_is_plainly_brighter() -> None:
    """0.46 and 0.62 follow 0.4: on average 1.35 times as bright, but one second only 1.15 times."""
    there = scene(measures=[measure(float(i), luma=luma) for i, luma in enumerate((0.4, 0.4, 0.46, 0.62))])
    checked = check(claim("brighter", during=[(2, 4), (0, 2)]), SceneView(there))
    assert not Margins().allow(checked)


def test_a_small_ratio_lessens_the_margin_and_not_the_verdict() -> None:
    """1.125 is a ratio whose logarithm is 0.528 of that of 1.25: it counts for as much of 0.05, and 0.8 against 0.9 is
    darker.
    """
    there = scene(measures=[measure(float(i), luma=0.9 if i < 5 else 0.8) for i in range(10)])
    assert verdict(claim("brighter", during=ENDS), there) == by(TRUE, 0.05 * math.log(1.125) / math.log(1.25))
    assert verdict(claim("brighter", during=ENDS[::-1]), there)[0] is FALSE


def test_the_short_rest_of_a_clip_weighs_as_much_as_it_lasts() -> None:
    """The last 0.1 s of [7, 10.1) is black and without motion: mean luma 3 * 0.4 / 3.1 and motion 3 * 0.06 / 3.1, not a
    quarter less.
    """
    lit = [measure(float(i), luma=0.5 if i < 5 else 0.4, motion=(0.06, 0, 0)) for i in range(10)]
    there = scene(seconds=10.1, measures=[*lit, measure(10.0, luma=0.0)])
    ends = [(0.0, 3.0), (7.0, 10.1)]
    assert verdict(claim("brighter", during=ends), there) == by(TRUE, 0.5 - 1.2 / 3.1)
    assert verdict(claim("busier", during=ends), there) == by(TRUE, math.log(0.065 / (0.18 / 3.1 + 0.005)))


def test_of_two_moments_every_second_counts() -> None:
    """A fade from 0.8 to 0.2 is in progress about three seconds in: against 0.5 it is unknown, against 0.1 the margin
    is 0.1.
    """
    lumas = {2: 0.8, 3: 0.2, 6: 0.5, 7: 0.5, 8: 0.1, 9: 0.1}
    there = scene(measures=[measure(float(i), luma=lumas.get(i, 0.3)) for i in range(10)])
    about = {n: (n - 0.4, n + 0.4) for n in (3, 7, 9)}
    assert verdict(claim("brighter", during=[about[3], about[7]]), there) == by(UNKNOWN, 0)
    assert verdict(claim("brighter", during=[about[3], about[9]]), there) == by(TRUE, 0.1)
    assert verdict(claim("brighter", during=[about[9], about[3]]), there) == by(FALSE, 0.1)


def test_what_moves_in_a_second_that_is_half_outside_may_move_outside() -> None:
    """[3.5, 6) contains half of a second with motion on the left, and two seconds with motion on the right."""
    motions = {3: (0.2, 0.0, 0.0), 4: (0.0, 0.0, 0.02), 5: (0.0, 0.0, 0.02)}
    there = scene(measures=[measure(float(i), motion=motions.get(i, (0.0, 0.0, 0.001))) for i in range(10)])
    assert verdict(claim("motion_in", value="left", during=[(3.5, 6.0)]), there) == by(UNKNOWN, 0)
    assert verdict(claim("motion_in", value="right", during=[(4.0, 6.0)]), there) == by(TRUE, 1.0)
    assert verdict(claim("busier", during=[(3.5, 6.0), (6.0, 10.0)]), there) == by(
        TRUE, math.log((0.02 + 0.005) / (0.001 + 0.005))
    )


def test_another_place_is_unlike_in_every_frame() -> None:
    """All frames of the two shots are at least 0.9 apart, 0.4 beyond 0.5; all frames of each are within 0.1."""
    there = scene(cuts=[cut(5.0)], places=places((0, 0, 0.0, 0.1), (0, 1, 0.9, 1.4), (1, 1, 0.0, 0.1)))
    assert verdict(claim("place_changed", during=ENDS), there) == by(TRUE, 0.9 - 0.5)
    assert verdict(claim("place_same", during=ENDS), there) == by(FALSE, 0.9 - 0.5)
    within = [(0.0, 1.5), (3.0, 5.0)]
    assert verdict(claim("place_same", during=within), there) == by(TRUE, 0.5 - 0.1)
    assert verdict(claim("place_changed", during=within), there) == by(FALSE, 0.5 - 0.1)


def test_back_at_the_first_place_is_the_same_place() -> None:
    """Three shots, the third like the first (0.2 at most): the same; the second shot is another place."""
    known = places((0, 0, 0, 0.1), (1, 1, 0, 0.1), (2, 2, 0, 0.1), (0, 1, 1.0, 1.3), (1, 2, 1.0, 1.3), (0, 2, 0.1, 0.2))
    there = scene(cuts=[cut(3.0), cut(6.0)], places=known)
    assert verdict(claim("place_same", during=ENDS), there) == by(TRUE, 0.3)
    assert verdict(claim("place_changed", during=[(0, 2), (3.5, 5)]), there) == by(TRUE, 0.5)


def test_alike_in_some_frames_is_neither_place() -> None:
    """Frames 0.3 to 0.9 apart, a shot that itself changes by 0.9, no measurement, or a doubtful cut: unknown."""
    cuts = [cut(5.0)]
    for known in (places((0, 1, 0.3, 0.9)), places((0, 1, 0.3, 0.65)), ()):
        assert verdict(claim("place_same", during=ENDS), scene(cuts=cuts, places=known)) == by(UNKNOWN, 0)
        assert verdict(claim("place_changed", during=ENDS), scene(cuts=cuts, places=known)) == by(UNKNOWN, 0)
    doubtful = scene(cuts=cuts, places=places((0, 1, 0.9, 1.4)), strongest_non_cut=1.0)
    assert verdict(claim("place_changed", during=ENDS), doubtful) == by(UNKNOWN, 0)
    pan = scene(places=places((0, 0, 0.0, 0.9)))
    assert verdict(claim("place_changed", during=ENDS), pan) == by(UNKNOWN, 0)


def test_shots_are_parted_by_fades_too() -> None:
    """A cut and a fade, at 2.0 and 1.3 times the threshold: three shots."""
    there = scene(cuts=[cut(3.0, score=2.0)], fades=[fade(6.0, score=1.3)], strongest_non_cut=0.2)
    assert verdict(claim("shot_count", value="3"), there) == by(TRUE, 0.3)
    assert verdict(claim("shot_count", value="2"), there) == by(FALSE, 0.3)


def test_shot_count_is_as_certain_as_its_least_certain_cut() -> None:
    """Cuts at 2.0 and 1.4 times the threshold, the strongest non-cut at 0.7 of it: 1 - 0.7 is left; at 1, none."""
    cuts = [cut(3.0, score=2.0), cut(6.0, score=1.4)]
    there = scene(cuts=cuts, strongest_non_cut=0.7)
    assert verdict(claim("shot_count", value="3"), there) == by(TRUE, 0.3)
    assert verdict(claim("shot_count", value="2"), there) == by(FALSE, 0.3)
    assert verdict(claim("shot_count", value="3"), scene(cuts=cuts, strongest_non_cut=0.2)) == by(TRUE, 0.4)
    assert verdict(claim("shot_count", value="3"), scene(cuts=cuts, strongest_non_cut=1.0)) == by(UNKNOWN, 0)
    assert verdict(claim("shot_count", value="1"), scene(strongest_non_cut=0.2)) == by(TRUE, 0.8)


def test_what_is_shorter_than_half_a_second_may_be_no_shot() -> None:
    """A cut 0.4 s after the start, or two cuts 0.4 s apart, leave the number open; at 0.5 s it is two."""
    for cuts, count, truth in (
        ((0.4,), "2", UNKNOWN),
        ((5.0, 5.4), "3", UNKNOWN),
        ((9.7,), "2", UNKNOWN),
        ((0.5,), "2", TRUE),
    ):
        there = scene(cuts=[cut(moment) for moment in cuts])
        assert verdict(claim("shot_count", value=count), there)[0] is truth
