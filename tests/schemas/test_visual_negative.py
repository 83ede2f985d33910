"""A visual negative has what its kind needs, and kinds have an order."""

import pytest
from pydantic import ValidationError

from schemas.visual_negative import VisualKind, VisualLevel, VisualNegative, best_first


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


def test_a_hidden_object_has_a_track_or_a_drawn_box() -> None:
    """One of them; an object that is moved needs a track."""
    area = {"x0": 0.1, "y0": 0.1, "x1": 0.2, "y1": 0.2, "noun": "cup"}
    filled = {"level": "perceptive", "kind": "filled", "preferred_frame_index": 0}
    filled |= {"control": {"shift_x": 0.2, "shift_y": 0.0}}
    assert VisualNegative.model_validate(filled | {"area": area}).track_id is None
    moved = filled | {"kind": "moved", "shift_x": 0.3, "shift_y": 0.0, "area": area}
    for wrong in (filled, filled | {"area": area, "track_id": "t"}, moved):
        with pytest.raises(ValidationError, match=f"visual negative {wrong['kind']}: "):
            VisualNegative.model_validate(wrong)


def test_the_best_kinds_come_first() -> None:
    """Whatever the order in which they are found: level by level, the paper's best first."""
    black, reversed_ = (VisualNegative(level=kind.level, kind=kind) for kind in (VisualKind.BLACK, VisualKind.REVERSED))
    assert best_first([black, reversed_]) == (reversed_, black)
