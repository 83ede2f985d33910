"""Which typed edit makes a false answer from the true one."""

from schemas.claim import PREDICATES, Axis, Claim, Predicate
from schemas.pair import Corruption, Edit, RejectedKind

_P = Predicate
_BY_PREDICATE: dict[Predicate, Edit] = {
    _P.LEFT_OF: Edit.SWAP_SIDES,
    _P.RIGHT_OF: Edit.SWAP_SIDES,
    _P.ABOVE: Edit.SWAP_SIDES,
    _P.BELOW: Edit.SWAP_SIDES,
    _P.LARGER_THAN: Edit.SWAP_ENTITIES,
    _P.OVERLAPS: Edit.CHANGE_PLACE,
    _P.APART: Edit.CHANGE_PLACE,
    _P.IN_REGION: Edit.SWAP_SIDES,
    _P.HAS_COLOUR: Edit.MOVE_ATTRIBUTE,
    _P.MOVING_COUNT: Edit.MISCOUNT,
    _P.MOTION_IN: Edit.SWAP_SIDES,
    _P.ENTERS_BEFORE: Edit.REVERSE_ORDER,
    _P.LEAVES_BEFORE: Edit.REVERSE_ORDER,
    _P.STARTS_BEFORE: Edit.REVERSE_ORDER,
    _P.STOPS_BEFORE: Edit.REVERSE_ORDER,
    _P.ENTERS_WITH: Edit.SIMULTANEOUS,
    _P.LEAVES_WITH: Edit.SIMULTANEOUS,
    _P.TOGETHER: Edit.SIMULTANEOUS,
    _P.NEVER_TOGETHER: Edit.SIMULTANEOUS,
    _P.VISIBLE_LONGER: Edit.SWAP_ENTITIES,
    _P.MOVES: Edit.REVERSE_DIRECTION,
    _P.STILL: Edit.FREEZE,
    _P.SPEEDS_UP: Edit.REVERSE_DIRECTION,
    _P.SLOWS_DOWN: Edit.REVERSE_DIRECTION,
    _P.ENTERS_FROM: Edit.SWAP_SIDES,
    _P.LEAVES_TO: Edit.SWAP_SIDES,
    _P.EVENT_IN: Edit.MISTIME,
    _P.CAMERA_MOVES: Edit.REVERSE_DIRECTION,
    _P.BUSIER: Edit.REVERSE_ORDER,
    _P.SAME_OBJECT: Edit.MERGE_TRACKS,
    _P.DIFFERENT_OBJECTS: Edit.SPLIT_TRACK,
    _P.RETURNS: Edit.FALSE_FLASHBACK,
    _P.DISTINCT_MOVING_COUNT: Edit.MISCOUNT,
    _P.DISPLACED: Edit.REVERSE_DIRECTION,
    _P.SIZE_CHANGE: Edit.MOVE_ATTRIBUTE,
    _P.PLACE_CHANGED: Edit.CHANGE_PLACE,
    _P.PLACE_SAME: Edit.FALSE_FLASHBACK,
    _P.BRIGHTER: Edit.REVERSE_ORDER,
    _P.SHOT_COUNT: Edit.MISCOUNT,
}
"""What another value of this predicate does to the truth."""


def _between(true: Claim, false: Claim) -> Edit:
    if any(claim.predicate is _P.STILL or claim.value == "still" for claim in (true, false)):
        return Edit.FREEZE
    if _P.ENTERS_WITH in (true.predicate, false.predicate) or _P.LEAVES_WITH in (true.predicate, false.predicate):
        return Edit.SIMULTANEOUS
    return _BY_PREDICATE[false.predicate]


def _field(true: Claim, false: Claim) -> str:
    for name in ("predicate", "value", "subject_phrases"):
        if getattr(true, name) != getattr(false, name):
            return name
    return "intervals"


def typed_edit(true: Claim, false: Claim) -> tuple[RejectedKind, Axis | None, Corruption]:
    """What kind of rejection the answer of a group that asserts `false` is, where `true` is right; the axis on which
    it is an adversary; and the edit that makes it.
    """
    axis = PREDICATES[false.predicate].axis
    if _names(true) == _names(false):
        return RejectedKind.RELEVANT, axis, Corruption(edit=_between(true, false), edit_of=_field(true, false))
    named = "subject_phrases" if set(false.subject_phrases) - _names(true) else "object_phrases"
    if not false.in_video:
        return RejectedKind.IRRELEVANT, None, Corruption(edit=Edit.ABSENT_ENTITY, edit_of=named)
    edit_kind = Edit.FALSE_FLASHBACK if false.predicate is _P.RETURNS else Edit.SWAP_ENTITIES
    return RejectedKind.RELEVANT, axis, Corruption(edit=edit_kind, edit_of=named)


def _names(claim: Claim) -> set[str]:
    """The things that a claim names, in whichever part: "a after b" is about a and b as "a before b" is."""
    return {*claim.subject_phrases, *claim.object_phrases}
