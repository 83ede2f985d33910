"""What the words of a claim's intervals mean on another clip."""

import pytest

from schemas.interval import Interval
from stages.claims.edited_scene import backwards
from stages.wording.rewording import WordedStretches, reworded
from tests.scenes import claim, cut, scene
from tests.stages.facts.clips import cut_film


def span(start: float, end: float) -> Interval:
    return Interval(start_seconds=start, end_seconds=end)


@pytest.mark.parametrize(
    ("words", "here", "there"),
    [
        ("in the first half of the clip", span(0, 5), span(0, 5)),
        ("about three seconds in", span(2.6, 3.4), span(2.6, 3.4)),
        ("in the last two seconds", span(8, 10), span(8, 10)),
        ("before the cut", span(0, 3), span(0, 7)),
        ("In the last shot", span(3, 10), span(7, 10)),
        ("right after the cut", span(3, 4), span(7, 8)),
    ],
)
def test_words_name_other_seconds_of_a_reversed_clip_where_they_speak_of_its_cut(
    words: str, here: Interval, there: Interval
) -> None:
    """The clip has a cut at 3 of 10 s, the reversed one at 7: "before the cut" is then seven seconds long. At 3 s both
    "until the cut" and "three seconds" end: the text says which is meant.
    """
    clip = scene(cuts=[cut(3.0)])
    reversed_ = backwards(clip)
    said = claim("camera_moves", value="left", during=[(here.start_seconds, here.end_seconds)])
    found = reworded(
        said, ("What does the camera do?", f"{words} it moves."), WordedStretches(clip), WordedStretches(reversed_)
    )
    assert found is not None
    assert (found.intervals[0].start_seconds, found.intervals[0].end_seconds) == pytest.approx(
        (there.start_seconds, there.end_seconds)
    )


def test_what_happens_names_no_stretch_of_another_clip() -> None:
    """The words "while both are in view" name no stretch by clock or cuts; and words name no last
    shot in a clip of one shot.
    """
    clip, whole = cut_film(), WordedStretches(cut_film())
    said = claim("camera_moves", value="left", during=[(1.3, 6.1)])
    assert reworded(said, ("What is there while both are in view?",), whole, whole) is None
    second = claim("camera_moves", value="left", during=[(5, 10)])
    texts = ("What does the camera do in the last shot?",)
    assert reworded(second, texts, whole, WordedStretches(scene())) is None
    assert reworded(second, texts, whole, WordedStretches(backwards(clip))) == second
