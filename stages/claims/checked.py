"""The verdict on a claim: true, false or unknown, and how far the data is from another verdict."""

from dataclasses import dataclass
from enum import StrEnum


class TruthValue(StrEnum):
    """False says that the contrary holds as fully as a true claim does; all between is unknown."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


class MarginKind(StrEnum):
    """What a margin measures. A false claim has the margin, and the kind, of its contrary."""

    GAP = "gap"
    """Between two centres, in frame widths or heights."""
    CLEAR_OF = "clear_of"
    """Between two boxes, in frame sides."""
    IOU = "iou"
    """Largest intersection over union of two boxes."""
    SIZE = "size"
    """Log ratio of two areas."""
    REGION = "region"
    """From the border of a third, in frame sides."""
    COLOUR = "colour"
    """Share of a colour name minus the next one's."""
    ABSENCE = "absence"
    """Share of the frame's pixels by which a colour name stays below the limit of absence."""
    COUNT = "count"
    """Clearness of the least certain thing counted or left out, 0..1."""
    MOTION_SHARE = "motion_share"
    """Share of the motion minus the next third's."""
    BUSYNESS = "busyness"
    """Log ratio of two amounts of motion."""
    ORDER = "order"
    """Seconds between two events."""
    SIMULTANEITY = "simultaneity"
    """Seconds from the border between "at the same time" and "one after the other"."""
    SHARED = "shared"
    """Seconds that two things are visible together."""
    NEVER_SHARED = "never_shared"
    """Seconds between the times at which two things are visible."""
    LONGER = "longer"
    """Seconds by which one thing is visible longer."""
    SHIFT = "shift"
    """Of a thing's centre, in frame sides."""
    STILLNESS = "stillness"
    """Frame sides left until a thing no longer stands still."""
    SPEED = "speed"
    """Log ratio of two speeds."""
    CLEARANCE = "clearance"
    """Least clearance from the other borders, in frame sides."""
    EVENT = "event"
    """Seconds between an event and the ends of the interval."""
    CAMERA_SHIFT = "camera_shift"
    """Of the background, in frame sides."""
    CAMERA_STILLNESS = "camera_stillness"
    """Frame sides left until the camera no longer stands still."""
    IDENTITY = "identity"
    """Identity score of a link."""
    AWAY = "away"
    """Seconds out of sight."""
    STAYING = "staying"
    """Seconds by which the longest time out of sight is too short to speak of a return."""
    DISPLACEMENT = "displacement"
    """Of the mean centre, in frame sides."""
    PLACE = "place"
    """Content distance from the border between the same place and another."""
    LUMA = "luma"
    """Difference of two brightnesses, 0..1."""
    CUTS = "cuts"
    """Cut score over its threshold, of the least certain cut or non-cut."""


@dataclass(frozen=True)
class Checked:
    """What the checker found."""

    truth: TruthValue
    margin: float
    """>= 0: how far the data is from another verdict, in the unit of `kind`; 0 where unknown."""
    kind: MarginKind | None = None
    """What the margin measures; null where unknown."""


_ROUNDING = 1e-9
"""A margin no larger than this is none: sums of floats are no more exact."""

UNKNOWN = Checked(TruthValue.UNKNOWN, 0.0)


def true_by(margin: float, kind: MarginKind) -> Checked:
    """True by a margin; unknown where nothing is left of it."""
    return Checked(TruthValue.TRUE, float(margin), kind) if margin > _ROUNDING else UNKNOWN


def false_by(margin: float, kind: MarginKind) -> Checked:
    """False because the contrary holds by a margin; unknown where nothing is left of it."""
    return Checked(TruthValue.FALSE, float(margin), kind) if margin > _ROUNDING else UNKNOWN


def by_sign(difference: float, kind: MarginKind) -> Checked:
    """True where the difference is positive, false where negative."""
    return true_by(difference, kind) if difference > 0 else false_by(-difference, kind)


def opposite(checked: Checked) -> Checked:
    """The verdict on the contrary of what was checked."""
    if checked.truth is TruthValue.TRUE:
        return Checked(TruthValue.FALSE, checked.margin, checked.kind)
    if checked.truth is TruthValue.FALSE:
        return Checked(TruthValue.TRUE, checked.margin, checked.kind)
    return UNKNOWN
