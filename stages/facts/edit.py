"""Which typed edit makes a false answer from the true one."""

from schemas.claim import PREDICATES, Axis, Predicate
from schemas.pair import Corruption, Edit, RejectedKind
from stages.facts.entity import Entity
from stages.facts.slot import Column

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
"""What another column of this predicate does to the truth."""


def _between(true: Column, false: Column) -> Edit:
    stills = [column.predicate is _P.STILL or column.value == "still" for column in (true, false)]
    if any(stills):
        return Edit.FREEZE
    if _P.ENTERS_WITH in (true.predicate, false.predicate) or _P.LEAVES_WITH in (true.predicate, false.predicate):
        return Edit.SIMULTANEOUS
    return _BY_PREDICATE[false.predicate]


def _field(true: Column, false: Column) -> str:
    if true.predicate is not false.predicate:
        return "predicate"
    if true.value != false.value:
        return "value"
    return "subject_phrases" if true.swapped != false.swapped else "intervals"


def typed_edit(
    true: tuple[Entity | None, Column], false: tuple[Entity | None, Column]
) -> tuple[RejectedKind, Axis | None, Corruption]:
    """What kind of rejection the cell `false` is, the axis on which it is an adversary, and its edit."""
    (true_row, true_column), (row, column) = true, false
    axis = PREDICATES[column.predicate].axis
    if row == true_row:
        edit = Corruption(edit=_between(true_column, column), edit_of=_field(true_column, column))
        return RejectedKind.RELEVANT, axis, edit
    named = "object_phrases" if column.swapped else "subject_phrases"
    if row is not None and row.thing is None:
        return RejectedKind.IRRELEVANT, None, Corruption(edit=Edit.ABSENT_ENTITY, edit_of=named)
    edit_kind = Edit.FALSE_FLASHBACK if column.predicate is _P.RETURNS else Edit.SWAP_ENTITIES
    return RejectedKind.RELEVANT, axis, Corruption(edit=edit_kind, edit_of=named)
