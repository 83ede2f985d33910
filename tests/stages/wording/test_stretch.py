"""Stretches: what their words mean in seconds of the container's clock."""

import pytest

from schemas.interval import Interval
from schemas.scene import Break, Scene
from stages.wording.stretch import (
    around_cut,
    ends,
    gap_seconds,
    halves,
    moments,
    near_cut,
    number_words,
    shots,
    spans,
    thirds,
    whole_clip,
)
from tests.scenes import cut, fade, scene


def shifted(seconds: float = 9.0, start: float = 2.0) -> Scene:
    """A clip of some seconds that starts at 2 s of its container."""
    return scene(seconds=seconds + start).model_copy(update={"start_seconds": start})


def bounds(interval: Interval) -> tuple[float, float]:
    return interval.start_seconds, interval.end_seconds


def test_parts_are_shares_of_the_clip() -> None:
    """A clip from 2 to 11 s: the halves meet at 6.5 s, the thirds at 5 and 8 s."""
    assert [bounds(part.interval) for part in halves(shifted())] == [(2.0, 6.5), (6.5, 11.0)]
    found = [bounds(part.interval) for part in thirds(shifted())]
    assert found == [pytest.approx(expected) for expected in [(2, 5), (5, 8), (8, 11)]]
    assert bounds(whole_clip(shifted()).interval) == (2.0, 11.0)


def test_moments_count_from_the_start_of_the_clip() -> None:
    """The words "about three seconds in" mean 4.6 to 5.4 s of the container; the last moment ends in the clip."""
    found = {moment.words: bounds(moment.interval) for moment in moments(shifted())}
    assert found["about three seconds in"] == pytest.approx((4.6, 5.4))
    assert found["about one second in"] == pytest.approx((2.6, 3.4))
    assert max(end for _, end in found.values()) <= 11.0
    assert "about nine seconds in" not in found


def test_ends_are_whole_seconds() -> None:
    """The first and the last two seconds of 2..11 s are 2..4 and 9..11 s, five seconds apart."""
    first, last = ends(shifted(), 2)
    assert (first.words, last.words) == ("in the first two seconds", "in the last two seconds")
    assert (bounds(first.interval), bounds(last.interval)) == ((2.0, 4.0), (9.0, 11.0))
    assert gap_seconds(first, last) == 5.0


def test_no_two_stretches_share_a_key_or_words() -> None:
    """Within a clip, a key and its words name one stretch."""
    content = scene(seconds=40, cuts=[cut(10.0), cut(20.0)])
    found = [
        *moments(content),
        *spans(content),
        *shots(content),
        *ends(content, 1),
        *ends(content, 2),
        whole_clip(content),
    ]
    assert len({stretch.key for stretch in found}) == len(found)
    texts = [s.words for s in found if s.words != "in the first two seconds"]  # an end, and a span: the same seconds
    assert len(set(texts)) == len(texts)


def test_shots_are_counted_where_the_cuts_are_sure() -> None:
    """Two certain cuts separate a first, a second and a last shot; if there may be a third cut, no shot is named."""
    content = scene(cuts=[cut(3.0), cut(6.0)])
    assert [(s.words, bounds(s.interval)) for s in shots(content)] == [
        ("in the first shot", (0.0, 3.0)),
        ("in the second shot", (3.0, 6.0)),
        ("in the last shot", (6.0, 10.0)),
    ]
    assert shots(content.model_copy(update={"strongest_non_cut": 0.95})) == ()
    assert shots(scene()) == ()
    assert shots(content.model_copy(update={"fades": (fade(1.0),)})) == ()


def test_the_cut_is_spoken_of_where_there_is_one() -> None:
    """The words "before the cut" and "right after the cut" need exactly one cut, and a second on both sides."""
    before, after = around_cut(scene(cuts=[cut(4.0)])) or ()
    assert (bounds(before.interval), bounds(after.interval)) == ((0.0, 4.0), (4.0, 10.0))
    assert [bounds(s.interval) for s in near_cut(scene(cuts=[cut(4.0)]))] == [(3.0, 4.0), (4.0, 5.0)]
    assert around_cut(scene(cuts=[cut(4.0), cut(7.0)])) is None
    assert around_cut(scene(cuts=[cut(0.5)])) is None
    assert near_cut(scene()) == ()


def test_no_shot_is_counted_where_a_viewer_may_count_another() -> None:
    """After a break that may be a cut, or a first shot of 0.4 s, "the second shot" has two meanings."""
    sure = scene(cuts=[cut(4.0)])
    assert len(shots(sure)) == 2
    broken = sure.model_copy(update={"breaks": (Break(pts_seconds=7.0, share=0.3, ratio=20.0),)})
    brief = scene(cuts=[cut(0.4), cut(4.0)])
    for doubtful in (broken, brief):
        assert shots(doubtful) == ()
        assert around_cut(doubtful) is None


def test_numbers_are_words_below_a_hundred() -> None:
    """Numbers are written as people write them, with a hyphen from twenty-one on."""
    numbers = {0: "zero", 12: "twelve", 20: "twenty", 21: "twenty-one", 99: "ninety-nine", 100: "100"}
    assert {number: number_words(number) for number in numbers} == numbers
