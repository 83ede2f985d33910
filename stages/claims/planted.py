"""Predicates about planted edits: true by what is done to the clip, and only where it can be seen."""

from collections.abc import Sequence

from schemas.claim import Claim, Predicate
from schemas.clip import UnitClip
from schemas.interval import Interval
from schemas.shown import EditKind, Shown, ShownEdit
from stages.claims.checked import UNKNOWN, Checked, MarginKind, edit_margin, false_by, true_by
from stages.claims.scene_view import Case
from stages.visuals.change import EditChanges, right_order
from stages.visuals.standard import standard_edit

_SAME_SECONDS = 1e-6
_RIVALS = (EditKind.SLOWED, EditKind.SPED_UP, EditKind.SWAPPED)
"""Kinds that are measured against every other stretch of the clip: that one is edited is what makes the others not."""


def of_scene(_case: Case) -> Checked:
    """A scene, or one frame of it, shows nothing of edits."""
    return UNKNOWN


def check_planted(claim: Claim, shown: Shown, changes: EditChanges, other: UnitClip | None = None) -> Checked:
    """The verdict on a claim about planted edits.

    True if the edit is planted there and visible. False if another edit is, or none, and the claimed one would be
    visible: then what is shown cannot be mistaken for it.

    Args:
        claim: what is said.
        shown: what is shown of the clip.
        changes: how visible edits of the clip are.
        other: the clip that a stretch is swapped with.
    """
    if claim.predicate is Predicate.PARTS_ORDERED:
        return _order(claim, shown, changes)
    kind, stretch = EditKind(claim.value or ""), claim.intervals[0]
    planted = shown.planted
    touching = [edit for edit in planted if edit.stretch.overlap_seconds(stretch) > _SAME_SECONDS]
    if not touching:
        return false_by(_as_if(kind, stretch, planted, shown, changes, other), edit_margin(kind))
    there = touching[0]
    if len(touching) > 1 or not _same(there.stretch, stretch):
        return UNKNOWN
    visible = changes.change(shown, there, other)
    if there.kind is kind:
        return true_by(visible, edit_margin(kind))
    if EditKind.SWAPPED in (kind, there.kind):
        return UNKNOWN
    claimed = standard_edit(kind, stretch)
    least = min(visible, changes.change(shown, claimed), changes.between(shown, there, claimed))
    return false_by(least, edit_margin(kind))


def _as_if(
    kind: EditKind,
    stretch: Interval,
    planted: Sequence[ShownEdit],
    shown: Shown,
    changes: EditChanges,
    other: UnitClip | None,
) -> float:
    """How visible an edit of that kind would be in a stretch that is not edited."""
    elsewhere = next((edit for edit in planted if edit.kind is kind), None)
    if elsewhere is not None and kind in _RIVALS:
        return changes.change(shown, elsewhere, other)
    if kind is EditKind.SWAPPED:
        return 0.0
    ends = {"start_seconds": stretch.start_seconds, "end_seconds": stretch.end_seconds}
    claimed = elsewhere.model_copy(update=ends) if elsewhere else standard_edit(kind, stretch)
    return changes.change(shown, claimed)


def _order(claim: Claim, shown: Shown, changes: EditChanges) -> Checked:
    edit = next((edit for edit in shown.edits if edit.kind is EditKind.REORDERED), None)
    claimed = tuple(int(digit) - 1 for digit in claim.value or "")
    if edit is None or sorted(claimed) != sorted(edit.order):
        return UNKNOWN
    if claimed == right_order(edit):
        return true_by(changes.change(shown, edit), MarginKind.EDIT_OF_TIME)
    return false_by(changes.order_change(shown, edit, claimed), MarginKind.EDIT_OF_TIME)


def _same(one: Interval, two: Interval) -> bool:
    apart = max(abs(one.start_seconds - two.start_seconds), abs(one.end_seconds - two.end_seconds))
    return apart <= _SAME_SECONDS
