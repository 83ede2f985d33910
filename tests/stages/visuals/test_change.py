"""An edit counts as visible only where it changes more than the clip does by itself."""

import math

import pytest

from schemas.interval import Interval
from schemas.shown import EditKind, Shown, ShownEdit
from stages.visuals.change import EditChanges, right_order
from stages.visuals.plan import content_stretch
from stages.visuals.seen import counts, evenly
from tests.stages.visuals.footage import SECONDS, pan, shot_after_shot, still, with_segment

K = EditKind
MORE: dict[EditKind, dict[str, object]] = {
    K.TURNED: {"amount": 180.0},
    K.ZOOMED: {"amount": 1.6},
    K.SPED_UP: {"amount": 2.5},
    K.SLOWED: {"amount": 0.4},
    K.SHUFFLED: {"order": (2, 4, 6, 1, 3, 5, 0)},
}
CLEAR = 0.35
PLAIN = Shown()


def edit(kind: EditKind, start: float = 2.0, end: float = 3.75) -> ShownEdit:
    """The edit of a stretch: the frames 8 to 14."""
    return ShownEdit(kind=kind, start_seconds=start, end_seconds=end, **MORE.get(kind, {}))


@pytest.mark.parametrize("kind", [K.MIRRORED, K.TURNED, K.ZOOMED, K.FROZEN, K.REVERSED, K.SHUFFLED, K.SPED_UP])
def test_on_an_even_pan_all_edits_are_visible(kind: EditKind) -> None:
    """The view has no symmetry and the camera moves evenly: every edit of a stretch stands out."""
    assert EditChanges(pan()).change(PLAIN, edit(kind)) > CLEAR


@pytest.mark.parametrize("kind", [K.FROZEN, K.REVERSED, K.SHUFFLED, K.SPED_UP])
def test_where_nothing_moves_an_edit_of_time_is_none(kind: EditKind) -> None:
    """A frozen stillness, and any order of equal frames."""
    assert EditChanges(still()).change(PLAIN, edit(kind)) <= 0


@pytest.mark.parametrize("kind", [K.MIRRORED, K.TURNED, K.REVERSED, K.SHUFFLED, K.SPED_UP])
def test_where_nothing_stays_an_edit_is_none(kind: EditKind) -> None:
    """One shot after another: nothing shows how the stretch was before."""
    assert EditChanges(shot_after_shot()).change(PLAIN, edit(kind)) < CLEAR


def test_a_slowed_stretch_is_slower_than_all_others() -> None:
    """At 0.4 of its speed on an even pan: 1 / 0.4 = 2.5, a log of 0.92; a little less, since seen steps are blurred."""
    slowed = edit(K.SLOWED)
    dense = with_segment(pan(), content_stretch(slowed, 0.0, SECONDS))
    assert CLEAR < EditChanges(dense).change(PLAIN, slowed) < math.log(2.5) + 0.2


def test_a_swap_is_visible_unless_the_other_clip_looks_alike() -> None:
    """Another view stands out in a pan over one view; a frame of the pan itself does not."""
    own, other = pan(), shot_after_shot().model_copy(update={"clip_id": "other"})
    swapped = ShownEdit(kind=K.SWAPPED, start_seconds=2.0, end_seconds=3.75, other_clip_id="other", amount=4.0)
    assert EditChanges(own).change(PLAIN, swapped, other) > CLEAR
    alike = own.model_copy(update={"clip_id": "other"})
    assert EditChanges(own).change(PLAIN, swapped, alike) < CLEAR


def test_the_right_order_of_parts_fits_best() -> None:
    """Shown as 2 4 1 3, the parts belong in the order third, first, fourth, second; all other orders fit worse, and
    orders of a still picture all fit.
    """
    whole = Interval(start_seconds=0.0, end_seconds=SECONDS)
    reordered = ShownEdit(kind=K.REORDERED, start_seconds=0.0, end_seconds=SECONDS, order=(1, 3, 0, 2))
    assert whole == reordered.stretch
    assert right_order(reordered) == (2, 0, 3, 1)
    changes = EditChanges(pan())
    assert changes.change(PLAIN, reordered) > CLEAR
    assert changes.order_change(PLAIN, reordered, (1, 3, 0, 2)) >= changes.change(PLAIN, reordered)
    assert EditChanges(still()).change(PLAIN, reordered) <= 0


def test_two_edits_differ_where_a_frame_differs() -> None:
    """A frozen stretch and a reversed one differ on a pan and not on a still picture."""
    assert EditChanges(pan()).between(PLAIN, edit(K.FROZEN), edit(K.REVERSED)) > CLEAR
    assert EditChanges(still()).between(PLAIN, edit(K.FROZEN), edit(K.REVERSED)) <= 0


def test_frames_that_a_seam_covers_are_not_measured() -> None:
    """If seams cover all of a stretch but one frame, nothing can be seen to stand still in it."""
    seam = ShownEdit(kind=K.SEAM, start_seconds=2.25, end_seconds=3.75)
    assert EditChanges(pan()).change(Shown(edits=(seam,)), edit(K.FROZEN)) <= 0


def test_whoever_looks_at_fewer_frames_sees_the_middles() -> None:
    """8 of 32: every fourth from 2 on; a clip with 20 frames is looked at with 20, 16 and 8."""
    assert evenly(32, 8) == (2, 6, 10, 14, 18, 22, 26, 30)
    assert (counts(32), counts(20)) == ((32, 16, 8), (20, 16, 8))
