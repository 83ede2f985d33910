"""Invariants that the records of claim, colour, clip, interval, pair, scene and video check when they are made."""

import pytest
from pydantic import ValidationError

from schemas.claim import PREDICATES, Claim, Predicate
from schemas.interval import Interval, shared_seconds
from schemas.pair import VisualKind, VisualLevel, VisualNegative, best_first, is_complete, normalise_text
from schemas.scene import Box, PathPoint, SizeClass, size_class

FIRST, LAST = Interval(start_seconds=0, end_seconds=2), Interval(start_seconds=4, end_seconds=6)


def test_every_predicate_has_a_shape() -> None:
    """The table of shapes is complete."""
    assert set(PREDICATES) == set(Predicate)


def test_a_claim_must_have_its_predicates_shape() -> None:
    """left_of takes one subject, one object and one interval: without the object it is refused, naming the counts."""
    with pytest.raises(ValidationError, match="1 object"):
        Claim(predicate=Predicate.LEFT_OF, subject_tracks=("a",), subject_phrases=("the red one",), intervals=(FIRST,))


@pytest.mark.parametrize("value", [None, "diagonal", "3"])
def test_a_claim_takes_only_its_predicates_values(value: str | None) -> None:
    """`moves` takes left, right, up and down, and nothing else."""
    with pytest.raises(ValidationError, match="takes value"):
        Claim(
            predicate=Predicate.MOVES,
            subject_tracks=("a",),
            subject_phrases=("it",),
            intervals=(FIRST,),
            value=value,
        )


def test_a_count_is_digits() -> None:
    """Numbers are stored as digits, not as words."""
    assert Claim(predicate=Predicate.SHOT_COUNT, value="3").value == "3"
    with pytest.raises(ValidationError):
        Claim(predicate=Predicate.SHOT_COUNT, value="three")


def test_an_absent_entity_has_a_phrase_and_no_track() -> None:
    """in_video is false exactly where a phrase has no track."""
    absent = Claim(predicate=Predicate.ENTERS_FROM, subject_phrases=("the pink one",), value="left", in_video=False)
    assert not absent.subject_tracks
    with pytest.raises(ValidationError, match="in_video"):
        Claim(predicate=Predicate.ENTERS_FROM, subject_phrases=("the pink one",), value="left")
    with pytest.raises(ValidationError, match="in_video"):
        Claim(
            predicate=Predicate.ENTERS_FROM,
            subject_tracks=("a",),
            subject_phrases=("the pink one",),
            value="left",
            in_video=False,
        )


def test_a_cut_has_no_subject() -> None:
    """`event_in cut` is of the clip: no subject, one interval."""
    assert Claim(predicate=Predicate.EVENT_IN, intervals=(FIRST,), value="cut").subject_phrases == ()


def test_intervals_know_gap_overlap_and_iou() -> None:
    """[0,2) and [4,6) lie 2 s apart, IoU 0; [0,2) and [1,3) share 1 of 3 s."""
    assert FIRST.overlap_seconds(LAST) == -2
    assert FIRST.iou(LAST) == 0
    assert FIRST.iou(Interval(start_seconds=1, end_seconds=3)) == pytest.approx(1 / 3)
    assert shared_seconds((FIRST, LAST), (Interval(start_seconds=1, end_seconds=5),)) == 2
    assert not FIRST.contains(2)


def test_an_interval_runs_forward() -> None:
    """An empty stretch is refused, with both values in the message."""
    with pytest.raises(ValidationError, match=r"\[2\.0, 2\.0\)"):
        Interval(start_seconds=2, end_seconds=2)


def test_boxes_lie_in_the_frame_and_have_area() -> None:
    """0 <= x0 < x1 <= 1, likewise y; area and IoU as geometry has them (two half-overlapping halves: 1/3)."""
    left = Box(frame_index=0, x0=0, y0=0, x1=0.5, y1=1)
    middle = Box(frame_index=0, x0=0.25, y0=0, x1=0.75, y1=1)
    assert left.area == 0.5
    assert left.centre == (0.25, 0.5)
    assert left.iou(middle) == pytest.approx(1 / 3)
    with pytest.raises(ValidationError):
        Box(frame_index=0, x0=0.5, y0=0, x1=0.5, y1=1)
    with pytest.raises(ValidationError):
        Box(frame_index=0, x0=-0.1, y0=0, x1=0.5, y1=1)


@pytest.mark.parametrize(
    ("one", "other"), [("It moves left.", "it  moves LEFT"), ("Café, open.", "cafe open"), ("A-B.", "a b")]
)
def test_normalised_texts_ignore_case_accents_and_punctuation(one: str, other: str) -> None:
    """What differs in form alone is equal after normalising."""
    assert normalise_text(one) == normalise_text(other)


@pytest.mark.parametrize(("text", "complete"), [("It stops.", True), ("It stops", False), ("...", False), ("", False)])
def test_a_complete_text_ends_as_a_sentence(text: str, complete: bool) -> None:
    """Words and a closing mark make a sentence."""
    assert is_complete(text) is complete


def test_a_visual_negative_has_what_its_kind_needs_and_nothing_else() -> None:
    """A moved object has a keyframe, a track, a shift and a control; black frames have none of it; the level is that of
    the kind.
    """
    black = VisualNegative(level=VisualLevel.INSTANCE, kind=VisualKind.BLACK)
    assert black.kind.level is VisualLevel.INSTANCE
    moved = {"level": "perceptive", "kind": "moved", "preferred_frame_index": 0, "track_id": "t", "shift_x": 0.1}
    moved |= {"shift_y": 0.0, "control": {"shift_x": 0.2, "shift_y": 0.0}}
    assert VisualNegative.model_validate(moved).control is not None
    for wrong in (
        moved | {"level": "instance"},
        moved | {"control": None},
        moved | {"segment_id": "s"},
        {"level": "instance", "kind": "black", "track_id": "t"},
        {"level": "instance", "kind": "other_video"},
        {"level": "temporal", "kind": "other_segment", "segment_id": "s"},
    ):
        with pytest.raises(ValidationError, match=f"visual negative {wrong['kind']}: "):
            VisualNegative.model_validate(wrong)


def test_the_best_kinds_come_first() -> None:
    """Whatever the order in which they are found: level by level, the paper's best first."""
    black, reversed_ = (VisualNegative(level=kind.level, kind=kind) for kind in (VisualKind.BLACK, VisualKind.REVERSED))
    assert best_first([black, reversed_]) == (reversed_, black)


@pytest.mark.parametrize(("side", "size"), [(0.05, SizeClass.SMALL), (0.2, SizeClass.MEDIUM), (0.5, SizeClass.LARGE)])
def test_the_size_of_a_track_is_its_usual_one(side: float, size: SizeClass) -> None:
    """The median area decides: what it covers for one moment does not count."""
    usual = [PathPoint(pts_seconds=float(t), x0=0, y0=0, x1=side, y1=side) for t in range(3)]
    odd = PathPoint(pts_seconds=3.0, x0=0, y0=0, x1=1, y1=1)
    assert size_class([*usual, odd]) is size
