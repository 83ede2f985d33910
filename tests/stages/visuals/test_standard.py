"""Every kind that needs only a stretch has one edit that is planted."""

from itertools import pairwise

from schemas.interval import Interval
from schemas.shown import EditKind
from stages.visuals.standard import reordering, standard_edit

STRETCH = Interval(start_seconds=1.0, end_seconds=2.0)


def test_every_kind_has_its_standard_edit() -> None:
    """With the fields that the kind needs; swapped and reordered need more than a stretch."""
    for kind in set(EditKind) - {EditKind.SWAPPED, EditKind.REORDERED}:
        assert standard_edit(kind, STRETCH).stretch == STRETCH
    assert reordering(STRETCH, (1, 3, 0, 2)).order == (1, 3, 0, 2)


def test_a_shuffled_stretch_never_goes_on() -> None:
    """No frame follows the one before it, nor does it in what is seen of 16 or 8 of 32 frames: every second, or the
    third and the seventh.
    """
    order = standard_edit(EditKind.SHUFFLED, STRETCH).order
    assert all(b != a + 1 for a, b in pairwise(order))
    assert [order[i] for i in (1, 3, 5)] != sorted(order[i] for i in (1, 3, 5))
    assert order[2] > order[6]
