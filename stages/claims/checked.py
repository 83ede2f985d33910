"""The verdict on a claim: true, false or unknown, and by which margin."""

from dataclasses import dataclass
from enum import StrEnum

from schemas.shown import EditKind


class TruthValue(StrEnum):
    """FALSE means that the contrary is as certain as a true claim is; everything in between is UNKNOWN."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


class MarginKind(StrEnum):
    """What a margin measures: `Margins` describes each kind, with its unit, at the field of the same name.

    A false claim has the kind and the margin of its contrary.
    """

    GAP = "gap"
    CLEAR_OF = "clear_of"
    IOU = "iou"
    SIZE = "size"
    REGION = "region"
    COLOUR = "colour"
    ABSENCE = "absence"
    COUNT = "count"
    MOTION_SHARE = "motion_share"
    BUSYNESS = "busyness"
    ORDER = "order"
    SIMULTANEITY = "simultaneity"
    SHARED = "shared"
    NEVER_SHARED = "never_shared"
    LONGER = "longer"
    SHIFT = "shift"
    STILLNESS = "stillness"
    SPEED = "speed"
    CLEARANCE = "clearance"
    EVENT = "event"
    CAMERA_SHIFT = "camera_shift"
    CAMERA_STILLNESS = "camera_stillness"
    IDENTITY = "identity"
    AWAY = "away"
    STAYING = "staying"
    DISPLACEMENT = "displacement"
    PLACE = "place"
    LUMA = "luma"
    CUTS = "cuts"
    SURENESS = "sureness"
    SPELLING = "spelling"
    EDIT = "edit"
    EDIT_OF_TIME = "edit_of_time"


@dataclass(frozen=True)
class Checked:
    """What the checker found."""

    truth: TruthValue
    margin: float
    """>= 0: how far the data is from another verdict, in the unit of `kind`; 0 if the verdict is UNKNOWN."""
    kind: MarginKind | None = None
    """What the margin measures; None if the verdict is UNKNOWN."""


_OF_TIME = (EditKind.REVERSED, EditKind.SHUFFLED, EditKind.SLOWED, EditKind.SPED_UP, EditKind.REORDERED)


def edit_margin(kind: EditKind) -> MarginKind:
    """What the margin of a claim about an edit of that kind measures."""
    return MarginKind.EDIT_OF_TIME if kind in _OF_TIME else MarginKind.EDIT


_ROUNDING = 1e-9
"""Smaller margins count as zero (float rounding)."""

UNKNOWN = Checked(TruthValue.UNKNOWN, 0.0)


def true_by(margin: float, kind: MarginKind) -> Checked:
    """TRUE by that margin; UNKNOWN if the margin is not positive."""
    return Checked(TruthValue.TRUE, float(margin), kind) if margin > _ROUNDING else UNKNOWN


def false_by(margin: float, kind: MarginKind) -> Checked:
    """FALSE because the contrary is true by that margin; UNKNOWN if the margin is not positive."""
    return Checked(TruthValue.FALSE, float(margin), kind) if margin > _ROUNDING else UNKNOWN


def by_sign(difference: float, kind: MarginKind) -> Checked:
    """TRUE if the difference is positive, FALSE if it is negative."""
    return true_by(difference, kind) if difference > 0 else false_by(-difference, kind)


def opposite(checked: Checked) -> Checked:
    """The verdict on the contrary of what was checked."""
    if checked.truth is TruthValue.TRUE:
        return Checked(TruthValue.FALSE, checked.margin, checked.kind)
    if checked.truth is TruthValue.FALSE:
        return Checked(TruthValue.TRUE, checked.margin, checked.kind)
    return UNKNOWN
