"""For each predicate, the corruptions that may break it. The checker decides whether one does."""

from collections.abc import Mapping

from schemas.claim import Predicate
from schemas.visual_negative import VisualKind

_P = Predicate
_K = VisualKind

_UNSEEN = {_K.BLACK, _K.NOISE, _K.RANDOM_MASK, _K.OTHER_VIDEO}
"""The thing that the claim names is not visible."""
_SEGMENT = {_K.OTHER_SEGMENT, _K.FOREIGN_SEGMENT}
"""The claim is true of a part of the clip, and only that part shows it."""
_ORDER = {_K.REVERSED, _K.SHUFFLED}
"""The claim depends on when something is visible."""
_WIPED = {_K.INPAINTED, _K.FILLED, _K.OTHER_FRAME}
"""One frame shows the claim: the object is removed from it, or another frame is shown."""
_PLACE = _WIPED | {_K.MOVED}
"""One frame shows the claim, and it depends on where the object is."""

BREAKS: Mapping[Predicate, frozenset[VisualKind]] = {
    predicate: frozenset(kinds)
    for predicate, kinds in {
        _P.LEFT_OF: _UNSEEN | _SEGMENT | _ORDER | _PLACE,
        _P.RIGHT_OF: _UNSEEN | _SEGMENT | _ORDER | _PLACE,
        _P.ABOVE: _UNSEEN | _SEGMENT | _ORDER | _PLACE,
        _P.BELOW: _UNSEEN | _SEGMENT | _ORDER | _PLACE,
        _P.LARGER_THAN: _UNSEEN | _SEGMENT | _ORDER | _WIPED,
        _P.OVERLAPS: _UNSEEN | _SEGMENT | _PLACE,
        _P.APART: set(),  # true as well if one of the two is not visible
        _P.IN_REGION: _UNSEEN | _SEGMENT | _ORDER | _PLACE,
        _P.HAS_COLOUR: {
            _K.BLACK,
            _K.NOISE,
            _K.RANDOM_MASK,
        },  # the thing that moves in another video may have the colour
        _P.MOVING_COUNT: {_K.BLACK, _K.REVERSED, _K.OTHER_SEGMENT},
        _P.MOTION_IN: {_K.REVERSED, _K.OTHER_SEGMENT},
        _P.ENTERS_BEFORE: _UNSEEN | {_K.REVERSED},
        _P.LEAVES_BEFORE: _UNSEEN | {_K.REVERSED},
        _P.STARTS_BEFORE: _UNSEEN | {_K.REVERSED},
        _P.STOPS_BEFORE: _UNSEEN | {_K.REVERSED},
        _P.ENTERS_WITH: _UNSEEN | {_K.REVERSED},
        _P.LEAVES_WITH: _UNSEEN | {_K.REVERSED},
        _P.TOGETHER: _UNSEEN,
        _P.NEVER_TOGETHER: set(),  # true as well if one of the two is not visible
        _P.VISIBLE_LONGER: _UNSEEN,
        _P.MOVES: _UNSEEN | _SEGMENT | {_K.REVERSED},
        _P.STILL: _UNSEEN | _SEGMENT | {_K.REVERSED},
        _P.SPEEDS_UP: _UNSEEN | {_K.REVERSED},
        _P.SLOWS_DOWN: _UNSEEN | {_K.REVERSED},
        _P.ENTERS_FROM: _UNSEEN | _SEGMENT | {_K.REVERSED},
        _P.LEAVES_TO: _UNSEEN | _SEGMENT | {_K.REVERSED},
        _P.EVENT_IN: _UNSEEN | _SEGMENT | {_K.REVERSED},
        _P.CAMERA_MOVES: {
            _K.BLACK,
            _K.REVERSED,
            _K.OTHER_SEGMENT,
        },  # black frames still show a camera that stands still
        _P.BUSIER: {_K.REVERSED},
        _P.SAME_OBJECT: {_K.BLACK, _K.NOISE, _K.RANDOM_MASK},
        _P.DIFFERENT_OBJECTS: {_K.BLACK, _K.NOISE, _K.RANDOM_MASK},
        _P.RETURNS: _UNSEEN,
        _P.DISTINCT_MOVING_COUNT: {_K.BLACK, _K.REVERSED},
        _P.DISPLACED: _UNSEEN | _ORDER,
        _P.SIZE_CHANGE: _UNSEEN | _ORDER,
        _P.PLACE_CHANGED: {_K.BLACK},
        _P.PLACE_SAME: set(),
        _P.BRIGHTER: _ORDER,
        _P.SHOT_COUNT: {_K.BLACK, _K.OTHER_VIDEO},
        _P.PRESENT: _SEGMENT | {_K.BLACK, _K.OTHER_VIDEO, _K.REVERSED},
        _P.NAMED_COUNT: {_K.BLACK, _K.OTHER_VIDEO, _K.OTHER_SEGMENT, _K.REVERSED},
        _P.READS: {_K.BLACK, _K.OTHER_VIDEO, _K.FOREIGN_SEGMENT, _K.OTHER_SEGMENT},
        _P.HAPPENS_IN: {_K.OTHER_SEGMENT},
        _P.HAPPENS_BEFORE: set(),  # nothing is known of named events in a clip that is played otherwise
        _P.PICTURE_EDITED: {_K.OTHER_EDITS},
        _P.VIEW_EDITED: {_K.OTHER_EDITS},
        _P.PLAY_EDITED: {_K.OTHER_EDITS},
        _P.PARTS_ORDERED: {_K.OTHER_EDITS},
    }.items()
}
"""Complete by test. One frame shows no movement, so kinds of the perceptive level break only claims about a frame."""

HIDING = frozenset({_K.BLACK, _K.NOISE, _K.RANDOM_MASK, _K.INPAINTED, _K.FILLED})
"""Kinds that hide the claim's subject completely, by construction."""
EVENTS = {_P.ENTERS_FROM: "enters", _P.LEAVES_TO: "leaves"}
"""The event whose moment shows the claim."""
MOMENTARY = frozenset({_P.PRESENT, _P.OVERLAPS, _P.EVENT_IN, _P.ENTERS_FROM, _P.LEAVES_TO})
"""A segment that shows one moment is enough for these; all others describe every moment of the segment."""
