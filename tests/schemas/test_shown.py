"""What is shown of a clip."""

import pytest
from pydantic import ValidationError

from schemas.interval import Interval
from schemas.shown import EditKind, Shown, ShownEdit

NEEDS: dict[EditKind, dict[str, object]] = {kind: {} for kind in EditKind} | {
    EditKind.TURNED: {"amount": 180.0},
    EditKind.ZOOMED: {"amount": 1.5},
    EditKind.SLOWED: {"amount": 0.5},
    EditKind.SPED_UP: {"amount": 2.0},
    EditKind.SHUFFLED: {"order": (2, 0, 1)},
    EditKind.REORDERED: {"order": (3, 1, 0, 2)},
    EditKind.SWAPPED: {"other_clip_id": "c2", "amount": 3.0},
}


def edit(kind: EditKind, **fields: object) -> ShownEdit:
    """An edit of seconds 1 to 3."""
    return ShownEdit.model_validate({"kind": kind, "start_seconds": 1.0, "end_seconds": 3.0, **fields})


@pytest.mark.parametrize("kind", EditKind)
def test_an_edit_has_what_its_kind_needs_and_nothing_else(kind: EditKind) -> None:
    """Without a field that it needs, or with one that it does not, it is refused."""
    needed = NEEDS[kind]
    assert edit(kind, **needed).stretch.duration_seconds == 2.0
    others = {"other_clip_id": "c3", "order": (1, 0), "amount": 1.5}
    for name, value in others.items():
        changed = {k: v for k, v in needed.items() if k != name} if name in needed else {**needed, name: value}
        with pytest.raises(ValidationError, match=f"edit {kind.value}: needs"):
            edit(kind, **changed)


@pytest.mark.parametrize("order", [(0, 1, 2), (0, 0, 1), (1, 2, 3)])
def test_an_order_that_changes_nothing_or_loses_a_part_is_refused(order: tuple[int, ...]) -> None:
    """Each part is shown once, and not all where they were."""
    with pytest.raises(ValidationError, match="order"):
        edit(EditKind.SHUFFLED, order=order)


@pytest.mark.parametrize(
    ("kind", "amount"), [(EditKind.ZOOMED, 1.0), (EditKind.SLOWED, 1.0), (EditKind.SPED_UP, 0.5), (EditKind.TURNED, 0)]
)
def test_an_amount_that_is_no_such_edit_is_refused(kind: EditKind, amount: float) -> None:
    """Enlarged by 1, played at the clip's own speed, or turned by nothing is no edit."""
    with pytest.raises(ValidationError, match="amount must lie between"):
        edit(kind, amount=amount)


def test_what_is_shown_has_one_name_and_can_be_a_key() -> None:
    """A harmless seam gives no name; equal records are one key."""
    seam = edit(EditKind.SEAM)
    assert Shown().name == Shown(edits=(seam,)).name == "none"
    assert Shown(segment_id="s1").name == "segment"
    assert Shown(edits=(seam, edit(EditKind.FROZEN))).name == "frozen"
    assert len({Shown(edits=(edit(EditKind.FROZEN),)), Shown(edits=(edit(EditKind.FROZEN),))}) == 1


def test_a_whole_clip_is_edited_if_the_edit_covers_it() -> None:
    """The ends of the clip may differ by less than a frame; half of the clip is not all of it."""
    clip = Interval(start_seconds=0.5, end_seconds=8.5)
    mirrored = Shown.whole(EditKind.MIRRORED, clip)
    assert mirrored.is_whole(EditKind.MIRRORED, clip)
    assert mirrored.is_whole(EditKind.MIRRORED, Interval(start_seconds=0.5, end_seconds=8.503))
    assert not mirrored.is_whole(EditKind.REVERSED, clip)
    assert not Shown(edits=(edit(EditKind.MIRRORED),)).is_whole(EditKind.MIRRORED, clip)
