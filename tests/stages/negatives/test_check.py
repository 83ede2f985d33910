"""Which corruption breaks which claim: true of the preferred visual and of the control, false of the corrupted one."""

import pytest

from schemas.claim import Claim
from schemas.drop import DropReason
from schemas.shown import EditKind, Shown
from schemas.visual_negative import VisualKind, VisualNegative
from stages.claims.scene_view import SceneView
from stages.negatives.check import _CORRUPTED, NegativeCheck
from tests.scenes import claim, event, fixed, line, measure, scene, track
from tests.stages.negatives.clips import boxed, check_of, spec

K = VisualKind
RED = track("r", line((0.1, 0.3), (0.9, 0.3), (0, 4), size=0.1), [(0, 8)], name="red")
BLUE = track("b", fixed(0.3, 0.8, 0.1, 0.1), [(0, 10)], name="blue", moves=False)
LATE = track("g", line((0.1, 0.6), (0.4, 0.6), (6, 8)), [(6, 9)], name="green", enters_from="left")
CLIP = boxed(
    scene(RED, BLUE, LATE, events=[event("enters", 6.0, "g"), event("leaves", 8.95, "g"), event("leaves", 8.0, "r")]),
    (0, 1.5),
    (5, 6.5),
    (6.5, 8),
)
HALF = [(0.0, 5.0)]
QUESTION = "Where is it in the first half of the clip?"


def failure(said: Claim, one: VisualNegative, check: NegativeCheck | None = None) -> DropReason | None:
    """Why the visual negative cannot be used for a claim about the first half."""
    found = (check or check_of(CLIP)).failure(said, (QUESTION, "There."), one)
    return found.reason if found else None


@pytest.mark.parametrize(("way", "reason"), [("left", None), ("still", DropReason.NEGATIVE_NOT_FALSE)])
def test_black_breaks_a_moving_camera_and_leaves_a_still_one(way: str, reason: DropReason | None) -> None:
    """On black frames the camera seems to stand still."""
    assert failure(claim("camera_moves", value=way, during=HALF), spec(K.BLACK)) is reason


def test_a_reversal_needs_a_claim_that_it_breaks() -> None:
    """Green moves right from 6 s on: reversed it moves left until 4 s. Blue never moves: that it is low is true in
    either order.
    """
    right = claim("moves", LATE, value="right", during=[(6, 8)])
    texts = ("Which way does it move between six and eight seconds in?", "Right.")
    assert check_of(CLIP).failure(right, texts, spec(K.REVERSED)) is not None  # there it is out of view at 6 s
    gone = claim("event_in", LATE, value="enters", during=[(5, 10)])
    texts = ("Where does it come into view?", "In the second half of the clip.")
    assert check_of(CLIP).failure(gone, texts, spec(K.REVERSED)) is None  # reversed it comes in at 1.05 s
    low = claim("in_region", BLUE, value="bottom", during=HALF)
    assert failure(low, spec(K.REVERSED)) is DropReason.NEGATIVE_NOT_FALSE
    assert failure(low, spec(K.SHUFFLED)) is DropReason.NEGATIVE_NOT_FALSE


def test_a_reversal_is_read_at_the_seconds_that_the_words_name() -> None:
    """It is bright first and dark then: reversed, the first half is dark. Intervals that no words name have no meaning
    there.
    """
    bright = boxed(scene(measures=[measure(float(s), luma=0.8 if s < 5 else 0.2) for s in range(10)]))
    halves = claim("brighter", during=[(0, 5), (5, 10)])
    texts = ("When is it brighter?", "In the first half of the clip, not in the second half of the clip.")
    assert check_of(bright).failure(halves, texts, spec(K.REVERSED)) is None
    found = check_of(bright).failure(halves, ("When?", "While both are in view."), spec(K.REVERSED))
    assert found is not None
    assert found.reason is DropReason.NEGATIVE_NOT_FALSE


def test_what_hides_the_subject_breaks_what_is_said_of_it() -> None:
    """Noise hides every thing; a mask hides the track that it names and no other one."""
    low = claim("in_region", BLUE, value="bottom", during=HALF)
    assert failure(low, spec(K.NOISE)) is None
    assert failure(low, spec(K.RANDOM_MASK, track_id="b")) is None
    assert failure(low, spec(K.RANDOM_MASK, track_id="r")) is DropReason.NEGATIVE_NOT_FALSE


def test_a_segment_must_show_the_event_and_the_other_one_must_not() -> None:
    """Green enters at 6 s: segment 1 (5 to 6.5) shows it and segment 0 does not; exchanged, neither can be used.
    Segment 2 (6.5 to 8) shows green, but not that it enters.
    """
    comes = claim("enters_from", LATE, value="left")

    def between(preferred: str, other: str) -> DropReason | None:
        return failure(comes, spec(K.OTHER_SEGMENT, preferred_segment_id=preferred, segment_id=other))

    assert between("1", "0") is None
    assert between("1", "2") is None
    assert between("0", "1") is DropReason.PREFERRED_NOT_TRUE
    assert between("1", "1") is DropReason.NEGATIVE_NOT_FALSE
    assert between("1", "none") is DropReason.NEGATIVE_NOT_FALSE


def test_a_thing_must_stand_still_beyond_the_segment_too() -> None:
    """Red rests at 0.2 until 4 s, then moves right: in a segment until 3.5 s it stands still, in one until 4 s that is
    unknown.
    """
    red = track("r", line((0.2, 0.45), (0.8, 0.45), (4, 6)), [(0, 8)], name="red")
    clip = boxed(scene(red), (4.5, 6), (1, 3.5), (1, 4))
    goes = claim("moves", red, value="right", during=[(4, 7)])

    def without(segment: str) -> DropReason | None:
        return failure(goes, spec(K.OTHER_SEGMENT, preferred_segment_id="0", segment_id=segment), check_of(clip))

    assert without("1") is None
    assert without("2") is DropReason.NEGATIVE_NOT_FALSE


def area(**fields: object) -> dict[str, object]:
    """A keyframe at 1.25 s, where red is at x = 0.35, and a control 0.3 to its right."""
    given = {"preferred_frame_index": 2, "track_id": "r", "control": {"shift_x": 0.3, "shift_y": 0.0}}
    return given | fields


def test_a_moved_object_must_come_to_where_the_claim_is_false() -> None:
    """Red is above blue: moved down by 0.1 it still is; moved below blue it is not."""
    above = claim("above", RED, BLUE, during=[(0, 2)])
    assert (
        failure(above, spec(K.MOVED, **area(shift_x=0.0, shift_y=0.6, control={"shift_x": 0.4, "shift_y": 0.0})))
        is None
    )
    near = spec(K.MOVED, **area(shift_x=0.0, shift_y=0.1))
    assert failure(above, near) is DropReason.NEGATIVE_NOT_FALSE
    gone = spec(K.MOVED, **area(shift_x=0.0, shift_y=0.8))
    assert failure(above, gone) is DropReason.NEGATIVE_NOT_FALSE  # out of the frame: nothing is known


def test_a_control_must_touch_nothing_that_is_seen() -> None:
    """An area to the right of red is free; one that reaches to blue, or out of the frame, is not."""
    above = claim("above", RED, BLUE, during=[(0, 2)])
    assert failure(above, spec(K.FILLED, **area())) is None
    for shift in (
        {"shift_x": 0.0, "shift_y": 0.5},
        {"shift_x": 0.9, "shift_y": 0.0},
        {"shift_x": 0.02, "shift_y": 0.0},
    ):
        assert failure(above, spec(K.FILLED, **area(control=shift))) is DropReason.CONTROL_NOT_TRUE


def test_a_keyframe_lies_in_the_stretch_that_the_claim_is_about() -> None:
    """Frame 10 is at 5.25 s, outside of "in the first two seconds"."""
    above = claim("above", RED, BLUE, during=[(0, 2)])
    assert failure(above, spec(K.FILLED, **area(preferred_frame_index=10))) is DropReason.PREFERRED_NOT_TRUE


def test_another_frame_must_not_show_it() -> None:
    """Red is in the left third at 0.25 s, in the right one at 3.75 s, and gone for more than a second at 9.25 s."""
    left = claim("in_region", RED, value="left", during=[(0, 0.8)])
    for index, reason in ((7, None), (18, None), (1, DropReason.NEGATIVE_NOT_FALSE)):
        assert failure(left, spec(K.OTHER_FRAME, preferred_frame_index=0, frame_index=index)) is reason


def test_a_mirrored_clip_is_corrupted_as_it_is_shown() -> None:
    """Mirrored, red is at x = 0.65 at 1.25 s: an area 0.3 to its left is free there, which in the stored frame lies to
    its right.
    """
    mirrored = check_of(CLIP, Shown.whole(EditKind.MIRRORED, CLIP))
    above = claim("above", RED, BLUE, during=[(0, 2)])
    assert failure(above, spec(K.FILLED, **area(control={"shift_x": -0.3, "shift_y": 0.0})), mirrored) is None
    wide = {"shift_x": -0.55, "shift_y": 0.0}
    assert failure(above, spec(K.FILLED, **area(control=wide)), mirrored) is None
    assert failure(above, spec(K.FILLED, **area(control=wide))) is DropReason.CONTROL_NOT_TRUE


def test_another_video_must_lack_what_is_named() -> None:
    """A clip without red breaks the claim; one with red does not, wherever red is."""
    left = claim("in_region", RED, value="left", during=[(0, 0.8)])
    without, having = SceneView(scene(BLUE)), SceneView(scene(RED))
    borrowed = spec(K.OTHER_VIDEO, other_clip_id="x")
    assert check_of(CLIP).failure(left, (QUESTION, "There."), borrowed, without) is None
    assert check_of(CLIP).failure(left, (QUESTION, "There."), borrowed, having) is not None
    assert check_of(CLIP).failure(left, (QUESTION, "There."), borrowed, None) is not None


def test_every_kind_is_evaluated() -> None:
    """No kind of visual negative is left without a function that evaluates it."""
    assert _CORRUPTED.keys() == set(VisualKind)


def test_a_box_that_was_read_by_eye_hides_nothing_for_certain() -> None:
    """A tracked thing is hidden by covering its boxes; an annotated one may show beside them. Black hides both."""
    region = claim("in_region", BLUE, value="bottom", during=HALF)
    named = BLUE.model_copy(update={"source": "annotations"})
    described = check_of(boxed(scene(RED, named)))
    assert failure(region, spec(K.RANDOM_MASK, track_id="b")) is None
    assert failure(region, spec(K.RANDOM_MASK, track_id="b"), described) is DropReason.NEGATIVE_NOT_FALSE
    assert failure(region, spec(K.BLACK), described) is None
