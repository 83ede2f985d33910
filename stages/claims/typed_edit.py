"""Which typed edit turns the claim of the true answer into that of a false one."""

from collections.abc import Sequence

from schemas.claim import PREDICATES, Axis, Claim, Names, Predicate
from schemas.pair import ClaimEdit, Corruption, RejectedKind

_P = Predicate
_BY_PREDICATE: dict[Predicate, ClaimEdit] = {
    _P.LEFT_OF: ClaimEdit.SWAP_SIDES,
    _P.RIGHT_OF: ClaimEdit.SWAP_SIDES,
    _P.ABOVE: ClaimEdit.SWAP_SIDES,
    _P.BELOW: ClaimEdit.SWAP_SIDES,
    _P.LARGER_THAN: ClaimEdit.SWAP_ENTITIES,
    _P.OVERLAPS: ClaimEdit.CHANGE_PLACE,
    _P.APART: ClaimEdit.CHANGE_PLACE,
    _P.IN_REGION: ClaimEdit.SWAP_SIDES,
    _P.HAS_COLOUR: ClaimEdit.MOVE_ATTRIBUTE,
    _P.MOVING_COUNT: ClaimEdit.MISCOUNT,
    _P.MOTION_IN: ClaimEdit.SWAP_SIDES,
    _P.ENTERS_BEFORE: ClaimEdit.REVERSE_ORDER,
    _P.LEAVES_BEFORE: ClaimEdit.REVERSE_ORDER,
    _P.STARTS_BEFORE: ClaimEdit.REVERSE_ORDER,
    _P.STOPS_BEFORE: ClaimEdit.REVERSE_ORDER,
    _P.ENTERS_WITH: ClaimEdit.SIMULTANEOUS,
    _P.LEAVES_WITH: ClaimEdit.SIMULTANEOUS,
    _P.TOGETHER: ClaimEdit.SIMULTANEOUS,
    _P.NEVER_TOGETHER: ClaimEdit.SIMULTANEOUS,
    _P.VISIBLE_LONGER: ClaimEdit.SWAP_ENTITIES,
    _P.MOVES: ClaimEdit.REVERSE_DIRECTION,
    _P.STILL: ClaimEdit.FREEZE,
    _P.SPEEDS_UP: ClaimEdit.REVERSE_DIRECTION,
    _P.SLOWS_DOWN: ClaimEdit.REVERSE_DIRECTION,
    _P.ENTERS_FROM: ClaimEdit.SWAP_SIDES,
    _P.LEAVES_TO: ClaimEdit.SWAP_SIDES,
    _P.EVENT_IN: ClaimEdit.MISTIME,
    _P.CAMERA_MOVES: ClaimEdit.REVERSE_DIRECTION,
    _P.BUSIER: ClaimEdit.REVERSE_ORDER,
    _P.SAME_OBJECT: ClaimEdit.MERGE_TRACKS,
    _P.DIFFERENT_OBJECTS: ClaimEdit.SPLIT_TRACK,
    _P.RETURNS: ClaimEdit.FALSE_FLASHBACK,
    _P.DISTINCT_MOVING_COUNT: ClaimEdit.MISCOUNT,
    _P.DISPLACED: ClaimEdit.REVERSE_DIRECTION,
    _P.SIZE_CHANGE: ClaimEdit.MOVE_ATTRIBUTE,
    _P.PLACE_CHANGED: ClaimEdit.CHANGE_PLACE,
    _P.PLACE_SAME: ClaimEdit.FALSE_FLASHBACK,
    _P.BRIGHTER: ClaimEdit.REVERSE_ORDER,
    _P.SHOT_COUNT: ClaimEdit.MISCOUNT,
    _P.PRESENT: ClaimEdit.SWAP_ENTITIES,
    _P.NAMED_COUNT: ClaimEdit.MISCOUNT,
    _P.READS: ClaimEdit.SWAP_ENTITIES,
    _P.HAPPENS_IN: ClaimEdit.MISTIME,
    _P.HAPPENS_BEFORE: ClaimEdit.REVERSE_ORDER,
    _P.PICTURE_EDITED: ClaimEdit.MISTIME,
    _P.VIEW_EDITED: ClaimEdit.MISTIME,
    _P.PLAY_EDITED: ClaimEdit.MISTIME,
    _P.PARTS_ORDERED: ClaimEdit.REVERSE_ORDER,
}
"""The edit that another claim of this predicate makes of the true claim; complete by test."""


def _between(true: Claim, false: Claim) -> ClaimEdit:
    if any(claim.predicate is _P.STILL or claim.value == "still" for claim in (true, false)):
        return ClaimEdit.FREEZE
    if _P.ENTERS_WITH in (true.predicate, false.predicate) or _P.LEAVES_WITH in (true.predicate, false.predicate):
        return ClaimEdit.SIMULTANEOUS
    if false.predicate is _P.PRESENT:  # of the same kind, so at another time
        return ClaimEdit.MISTIME
    if PREDICATES[false.predicate].names is Names.EDITS and false.intervals and false.value != true.value:
        return ClaimEdit.OTHER_EDIT
    return _BY_PREDICATE[false.predicate]


def _field(true: Claim, false: Claim) -> str:
    for name in ("predicate", "value", "subject_phrases"):
        if getattr(true, name) != getattr(false, name):
            return name
    return "intervals"


def typed_edit(true: Claim, false: Claim) -> tuple[RejectedKind, Axis | None, Corruption]:
    """Describe a false answer of a group by what it asserts (`false`) instead of the truth (`true`).

    Returns: the kind of rejected answer, the axis on which it was made wrong (None if it names an absent entity), and
    the edit of the claim.
    """
    axis = PREDICATES[false.predicate].axis
    if _names(true) == _names(false):
        return RejectedKind.RELEVANT, axis, Corruption(edit=_between(true, false), edit_of=_field(true, false))
    named = _named_field(true, false)
    if not false.in_video:
        return RejectedKind.IRRELEVANT, None, Corruption(edit=ClaimEdit.ABSENT_ENTITY, edit_of=named)
    edit_kind = ClaimEdit.FALSE_FLASHBACK if false.predicate is _P.RETURNS else ClaimEdit.SWAP_ENTITIES
    return RejectedKind.RELEVANT, axis, Corruption(edit=edit_kind, edit_of=named)


def typed_edit_of_several(
    trues: Sequence[Claim], falses: Sequence[Claim]
) -> tuple[RejectedKind | None, Axis | None, Corruption]:
    """The same for answers of several claims, by the first in which they differ; (None, None, none) if none does.

    An answer that names something absent anywhere is irrelevant.
    """
    differing = [(true, false) for true, false in zip(trues, falses, strict=True) if true != false]
    if not differing:
        return None, None, Corruption()
    absent = [(true, false) for true, false in differing if not false.in_video]
    return typed_edit(*(absent or differing)[0])


def _named_field(true: Claim, false: Claim) -> str:
    """The field of the false claim that names something else than the true one."""
    if set(false.subject_phrases) - _names(true):
        return "subject_phrases"
    if false.object_phrases:
        return "object_phrases"
    return "noun" if false.noun is not None else "value"


def _names(claim: Claim) -> set[str]:
    """What a claim names, as subject or object: "a before b" and "b before a" name the same things."""
    word = claim.value if PREDICATES[claim.predicate].names is Names.WORD else None
    return {*claim.subject_phrases, *claim.object_phrases, *(name for name in (claim.noun, word) if name)}
