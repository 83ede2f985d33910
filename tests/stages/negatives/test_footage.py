"""Where stored frames, segments and boxes are after an edit of the clip."""

import pytest

from schemas.shown import AS_STORED, EditKind, Shown
from stages.claims.edited_scene import edited
from stages.claims.scene_view import SceneView
from stages.negatives.footage import Footage
from tests.scenes import fixed, scene, span, track
from tests.stages.negatives.clips import boxed

CLIP = boxed(scene(track("r", fixed(0.3, 0.5), name="red")), (1.0, 2.0))


def footage(shown: Shown) -> Footage:
    """The clip of 10 s after an edit."""
    return Footage(SceneView(edited(CLIP.scene, shown)), CLIP, shown, {"r": "true-r"})


def test_times_run_backwards_only_if_the_clip_does() -> None:
    """Frame 0 is stored at 0.25 s; reversed it is shown at 9.75 s, and the segment [1, 2) at [8, 9)."""
    plain, backwards = footage(AS_STORED), footage(Shown.whole(EditKind.REVERSED, CLIP))
    assert (plain.seconds(0), backwards.seconds(0)) == (0.25, 9.75)
    assert (plain.segment("0"), backwards.segment("0")) == (span(1.0, 2.0), span(8.0, 9.0))
    assert plain.segment("1") is None
    assert plain.segment(None) is None


def test_boxes_are_mirrored_only_if_the_clip_is() -> None:
    """A box from 0.25 to 0.35 is from 0.65 to 0.75 in the mirror."""
    assert footage(AS_STORED).rect("r", 0) == pytest.approx((0.25, 0.45, 0.35, 0.55))
    assert footage(Shown.whole(EditKind.MIRRORED, CLIP)).rect("r", 0) == pytest.approx((0.65, 0.45, 0.75, 0.55))
    assert footage(AS_STORED).rect("x", 0) is None


def test_a_true_scene_may_have_other_names() -> None:
    """Tracks without another name keep their own."""
    assert [footage(AS_STORED).name(name) for name in ("r", "b")] == ["true-r", "b"]
