"""The function that evaluates each predicate; complete by test."""

from collections.abc import Callable, Mapping

from schemas.claim import Predicate
from stages.claims import (
    counts,
    cross_frame,
    events,
    happening,
    movement,
    named,
    planted,
    spatial,
    temporal,
    whole_picture,
    writing,
)
from stages.claims.checked import Checked
from stages.claims.scene_view import Case

_P = Predicate

CHECKS: Mapping[Predicate, Callable[[Case], Checked]] = {
    _P.LEFT_OF: spatial.left_of,
    _P.RIGHT_OF: spatial.right_of,
    _P.ABOVE: spatial.above,
    _P.BELOW: spatial.below,
    _P.LARGER_THAN: spatial.larger_than,
    _P.OVERLAPS: spatial.overlaps,
    _P.APART: spatial.apart,
    _P.IN_REGION: spatial.in_region,
    _P.HAS_COLOUR: spatial.has_colour,
    _P.MOVING_COUNT: counts.moving_count,
    _P.MOTION_IN: whole_picture.motion_in,
    _P.ENTERS_BEFORE: events.enters_before,
    _P.LEAVES_BEFORE: events.leaves_before,
    _P.STARTS_BEFORE: events.starts_before,
    _P.STOPS_BEFORE: events.stops_before,
    _P.ENTERS_WITH: events.enters_with,
    _P.LEAVES_WITH: events.leaves_with,
    _P.TOGETHER: temporal.together,
    _P.NEVER_TOGETHER: temporal.never_together,
    _P.VISIBLE_LONGER: temporal.visible_longer,
    _P.MOVES: movement.moves,
    _P.STILL: movement.still,
    _P.SPEEDS_UP: movement.speeds_up,
    _P.SLOWS_DOWN: movement.slows_down,
    _P.ENTERS_FROM: events.enters_from,
    _P.LEAVES_TO: events.leaves_to,
    _P.EVENT_IN: events.event_in,
    _P.CAMERA_MOVES: movement.camera_moves,
    _P.BUSIER: whole_picture.busier,
    _P.SAME_OBJECT: cross_frame.same_object,
    _P.DIFFERENT_OBJECTS: cross_frame.different_objects,
    _P.RETURNS: cross_frame.returns,
    _P.DISTINCT_MOVING_COUNT: counts.distinct_moving_count,
    _P.DISPLACED: cross_frame.displaced,
    _P.SIZE_CHANGE: cross_frame.size_change,
    _P.PLACE_CHANGED: whole_picture.place_changed,
    _P.PLACE_SAME: whole_picture.place_same,
    _P.BRIGHTER: whole_picture.brighter,
    _P.SHOT_COUNT: whole_picture.shot_count,
    _P.PRESENT: named.present,
    _P.NAMED_COUNT: named.named_count,
    _P.READS: writing.reads,
    _P.HAPPENS_IN: happening.happens_in,
    _P.HAPPENS_BEFORE: happening.happens_before,
    _P.PICTURE_EDITED: planted.of_scene,
    _P.VIEW_EDITED: planted.of_scene,
    _P.PLAY_EDITED: planted.of_scene,
    _P.PARTS_ORDERED: planted.of_scene,
}
