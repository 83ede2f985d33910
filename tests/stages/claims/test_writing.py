"""`reads`: true of certain lines, false of what is unlike all that was read; and what may be mirrored."""

import pytest

from schemas.claim import Claim, Predicate
from schemas.interval import Interval
from schemas.scene import ANNOTATIONS, WRITING, Scene
from stages.claims.checked import Checked, TruthValue
from stages.claims.checker import check, check_worded
from stages.claims.edited_scene import backwards, mirrored
from stages.claims.scene_view import SceneView
from stages.claims.writing import may_be_mirrored
from tests.readings import MOMENTS, read_scene, reading, sign
from tests.scenes import fixed, span, track

WHOLE = span(0, 10)


def read(word: str, content: Scene, interval: Interval = WHOLE, *, in_video: bool = True) -> Checked:
    claim = Claim(predicate=Predicate.READS, value=word, intervals=(interval,), in_video=in_video)
    return check(claim, SceneView(content))


def test_a_word_of_a_certain_line_is_read_where_three_frames_show_it() -> None:
    """Frames every half second: 1.5 seconds hold three, one second holds two."""
    content = read_scene(*sign("Discord server"))
    assert read("discord", content).truth is TruthValue.TRUE
    assert read("discord", content, span(2, 3.5)).truth is TruthValue.TRUE
    assert read("discord", content, span(2, 3)).truth is TruthValue.UNKNOWN


def test_a_word_is_false_only_if_it_is_unlike_everything_that_was_read() -> None:
    """Half of the letters, and three at least, must differ from any part of what was read at any score from 0.3 on."""
    content = read_scene(*sign("laundfy"), reading(MOMENTS[3], "corner", score=0.31, y=0.9))
    assert read("laundry", content, in_video=False).truth is TruthValue.UNKNOWN
    assert read("corners", content, in_video=False).truth is TruthValue.UNKNOWN
    assert read("stadium", content, in_video=False).truth is TruthValue.FALSE
    across = read_scene(reading(MOMENTS[3], "stad", y=0.2), reading(MOMENTS[3], "ium", y=0.3))
    assert read("stadium", across, in_video=False).truth is TruthValue.UNKNOWN


def test_nothing_is_absent_from_what_was_hardly_read() -> None:
    """Fewer than 16 frames, or three longer lines that could not be read well."""
    assert read("stadium", read_scene(), in_video=False).truth is TruthValue.FALSE
    assert read("stadium", read_scene(moments=MOMENTS[:15]), in_video=False).truth is TruthValue.UNKNOWN
    blurred = [reading(at, "xqzw", score=0.5) for at in MOMENTS]
    assert read("stadium", read_scene(*blurred[:2]), in_video=False).truth is TruthValue.FALSE
    assert read("stadium", read_scene(*blurred[:3]), in_video=False).truth is TruthValue.UNKNOWN
    bare = read_scene().model_copy(update={"searched": ()})
    assert read("stadium", bare, in_video=False).truth is TruthValue.UNKNOWN


def test_a_word_that_stands_there_at_another_time_is_false_of_a_stretch() -> None:
    """The frames on both sides of the stretch must be without it too: it may have left between two of them."""
    content = read_scene(*sign("carmichael", MOMENTS[:8]))  # until 3.75 s
    assert read("carmichael", content, span(0, 3.5)).truth is TruthValue.TRUE
    assert read("carmichael", content, span(5, 10)).truth is TruthValue.FALSE
    assert read("carmichael", content, span(4, 10)).truth is TruthValue.UNKNOWN
    assert read("carmichael", content, span(5, 10), in_video=False).truth is TruthValue.UNKNOWN
    claim = Claim(predicate=Predicate.READS, value="carmichael", intervals=(span(5, 10),))
    assert check_worded(claim, SceneView(content), edge_seconds=0.2).truth is TruthValue.FALSE


def test_annotated_writing_is_read_while_it_is_in_view() -> None:
    """Half a second at least; it counts as read, so that nothing like it is absent."""
    line = track("w", fixed(0.5, 0.5), [(2, 5)], label=WRITING).model_copy(
        update={"source": ANNOTATIONS, "text": "Stadium north"}
    )
    content = read_scene(tracks=[line])
    assert read("stadium", content).truth is TruthValue.TRUE
    assert read("stadium", content, span(4.7, 10)).truth is TruthValue.UNKNOWN
    assert read("stadium", content, span(6, 10)).truth is TruthValue.FALSE
    assert read("stadion", content, in_video=False).truth is TruthValue.UNKNOWN


@pytest.mark.parametrize(
    ("text", "score", "height", "forbids"),
    [
        ("H1", 0.31, 12, True),
        ("H", 0.99, 12, False),
        ("大", 0.7, 12, False),
        ("SO", 0.4, 200, False),  # a "line" as large as a thing
        ("SORA", 0.97, 200, True),
    ],
)
def test_what_may_be_writing_forbids_mirroring(text: str, score: float, height: float, forbids: bool) -> None:
    """One frame is enough; and frames enough must have been read."""
    content = read_scene(reading(MOMENTS[7], text, score=score, height=height))
    assert may_be_mirrored(content) is not forbids
    assert not may_be_mirrored(content.model_copy(update={"searched": ()}))
    assert not may_be_mirrored(read_scene(moments=MOMENTS[:15]))


def test_words_stay_in_a_clip_that_runs_backwards_and_are_unknown_in_a_mirrored_one() -> None:
    """The reversed clip shows them at the other end."""
    content = read_scene(*sign("carmichael", MOMENTS[:8]))
    back = backwards(content)
    assert read("carmichael", back, span(6.5, 10)).truth is TruthValue.TRUE
    assert read("carmichael", back, span(0, 5)).truth is TruthValue.FALSE
    across = mirrored(content)
    assert read("carmichael", across).truth is TruthValue.UNKNOWN
