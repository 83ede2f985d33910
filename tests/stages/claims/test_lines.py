"""Lines of writing: one is certain only if all that was read where it stands agrees."""

import pytest

from schemas.search import Reading
from stages.claims.lines import certain_lines, promising_lines
from tests.readings import MOMENTS, read_scene, reading, sign
from tests.scenes import fixed, track


def certain(*readings: Reading) -> list[str]:
    """The texts of the certain lines."""
    return [line.text for line in certain_lines(read_scene(*readings))]


def test_a_line_that_is_always_read_alike_is_certain() -> None:
    """Letters, whatever their case and spaces, in the frames as they are and in enlarged ones."""
    told = sign("Mail server")
    wavering = [r.model_copy(update={"text": "MAIL server."}) if r.pts_seconds > 5 else r for r in told]
    [line] = certain_lines(read_scene(*wavering))
    assert line.letters == "mailserver"
    assert line.words == {"mail"}  # "server." is no whole word of letters alone
    assert certain(*sign("KEEP OUT", MOMENTS[:3])) == ["KEEP OUT"]


@pytest.mark.parametrize(
    "why",
    [
        sign("EVAN", MOMENTS[:2]),
        sign(score=0.94),
        sign(height=21.9),
        sign(enlarged=False),
        sign(x=0.11),  # its box begins 1 % from the border
    ],
    ids=["two frames", "score", "height", "not enlarged", "border"],
)
def test_what_is_read_too_seldom_or_too_small_is_not_certain(why: list[Reading]) -> None:
    """Each limit by itself."""
    assert certain(*why) == []


def test_one_other_reading_at_its_place_makes_a_line_uncertain() -> None:
    """15 of 16 frames agreed on "laundfy" where "laundry" was written."""
    told = sign("laundfy", MOMENTS[:15])
    assert certain(*told) == ["laundfy"]
    for scale in (1.0, 1.5):
        assert certain(*told, reading(MOMENTS[15], "laundry", score=0.6, scale=scale)) == []
    assert certain(*told, reading(MOMENTS[15], "laundry", score=0.6, y=0.9)) == []  # in place of it
    assert certain(*told, reading(MOMENTS[15], "laundry", score=0.4)) == ["laundfy"]  # hardly read at all


def test_another_caption_at_the_same_place_is_another_line() -> None:
    """Captions follow one another; what is like none of them is no misreading."""
    both = [*sign("carmichael", MOMENTS[:10]), *sign("tonight", MOMENTS[10:])]
    assert sorted(certain(*both)) == ["carmichael", "tonight"]
    assert certain(*sign("carmichael"), reading(MOMENTS[4], "tonight", scale=1.5)) == []


def test_a_line_that_moves_is_linked_while_it_is_the_only_one_with_its_letters() -> None:
    """It moves by more than its width from frame to frame; a second one with the same letters ends that."""
    places = dict(zip(MOMENTS, [0.2, 0.5, 0.8] * 7, strict=False))
    assert certain(*sign(path=places)) == ["EVAN"]
    twice = [*sign(path=places), *sign(path={at: 1 - x for at, x in places.items()}, y=0.8)]
    assert certain(*twice) == []


def test_a_line_may_be_missed_in_one_frame_and_no_more() -> None:
    """Then it is two lines, each with frames of its own."""
    assert len(certain(*sign(moments=[*MOMENTS[:4], *MOMENTS[5:8]]))) == 1
    assert len(certain(*sign(moments=[*MOMENTS[:4], *MOMENTS[6:10]]))) == 2


def test_what_a_thing_may_cover_is_not_certain() -> None:
    """A box that reaches into a line may hide a part of it; a line on top of a still picture hides the thing."""
    half = track("t", fixed(0.3, 0.5, 0.2, 0.2))
    around = track("t", fixed(0.4, 0.5, 0.6, 0.6))
    assert certain_lines(read_scene(*sign(), tracks=[half])) == ()
    assert len(certain_lines(read_scene(*sign(), tracks=[around]))) == 1
    carried = sign(path=dict(zip(MOMENTS, [0.38, 0.42] * 10, strict=False)))
    assert certain_lines(read_scene(*carried, tracks=[around])) == ()


def test_a_board_does_not_cover_the_word_on_it() -> None:
    """It holds the word always at one place: both move to the right by 0.02 a frame. A thing of the same size that
    stands still, with the word inside, may have it behind itself.
    """
    places = {at: 0.3 + 0.02 * number for number, at in enumerate(MOMENTS)}
    board = track("b", lambda at: fixed(0.3 + 0.04 * (at - 0.25), 0.5, 0.4, 0.3)(at), fps=20)
    assert len(certain_lines(read_scene(*sign(path=places), tracks=[board]))) == 1
    assert certain_lines(read_scene(*sign(path=places), tracks=[track("s", fixed(0.49, 0.5, 0.9, 0.3))])) == ()


def test_a_promising_line_lacks_nothing_but_enlarged_frames() -> None:
    """Only these are read again."""
    assert [line.text for line in promising_lines(read_scene(*sign(enlarged=False)))] == ["EVAN"]
    assert promising_lines(read_scene(*sign(enlarged=False, height=12))) == ()
    assert promising_lines(read_scene(*sign("5", enlarged=False))) == ()  # no word that could be asserted
