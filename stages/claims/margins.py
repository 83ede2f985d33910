"""How clear a claim has to be before it is asserted, or denied: the recipe's least margins."""

from pydantic import Field

from schemas.record import Record
from stages.claims.checked import Checked, MarginKind


class Margins(Record):
    """The least margin of each kind; `MarginKind` says what each measures, and in which unit."""

    gap: float = Field(default=0.06, ge=0)
    """Between two centres, frame widths or heights."""
    clear_of: float = Field(default=0.03, ge=0)
    """Between two boxes, frame sides."""
    iou: float = Field(default=0.05, ge=0)
    """Largest intersection over union."""
    size: float = Field(default=0.35, ge=0)
    """Log ratio of two areas."""
    region: float = Field(default=0.04, ge=0)
    """From the border of a third, frame sides."""
    colour: float = Field(default=0.3, ge=0)
    """Share of a colour name minus the next one's."""
    absence: float = Field(default=0.0, ge=0)
    """Share of the frame's pixels below the limit of absence."""
    count: float = Field(default=0.5, ge=0)
    """Clearness of the least certain thing, 0..1."""
    motion_share: float = Field(default=0.5, ge=0)
    """Share of the motion minus the next third's."""
    busyness: float = Field(default=0.5, ge=0)
    """Log ratio of two amounts of motion."""
    order: float = Field(default=0.5, ge=0)
    """Seconds between two events."""
    simultaneity: float = Field(default=0.1, ge=0)
    """Seconds from the 0.25 s that part "at the same time" from "one after the other"."""
    shared: float = Field(default=0.5, ge=0)
    """Seconds visible together."""
    never_shared: float = Field(default=0.4, ge=0)
    """Seconds between the times at which two things are visible."""
    longer: float = Field(default=0.8, ge=0)
    """Seconds by which one thing is visible longer."""
    shift: float = Field(default=0.06, ge=0)
    """Of a centre, frame sides."""
    stillness: float = Field(default=0.003, ge=0)
    """Frame sides left until a thing no longer stands still."""
    speed: float = Field(default=0.35, ge=0)
    """Log ratio of two speeds."""
    clearance: float = Field(default=0.04, ge=0)
    """From the other borders, frame sides."""
    event: float = Field(default=0.45, ge=0)
    """Seconds between an event and the ends of the interval."""
    camera_shift: float = Field(default=0.06, ge=0)
    """Of the background, frame sides."""
    camera_stillness: float = Field(default=0.013, ge=0)
    """Frame sides left until the camera no longer stands still."""
    identity: float = Field(default=0.2, ge=0)
    """Identity score."""
    away: float = Field(default=0.8, ge=0)
    """Seconds out of sight."""
    staying: float = Field(default=0.25, ge=0)
    """Seconds by which the longest time out of sight is too short for a return."""
    displacement: float = Field(default=0.1, ge=0)
    """Of the mean centre, frame sides."""
    place: float = Field(default=0.2, ge=0)
    """Content distance from the border between one place and two."""
    luma: float = Field(default=0.05, ge=0)
    """Difference of two brightnesses, 0..1."""
    cuts: float = Field(default=0.15, ge=0)
    """Cut score from its threshold."""

    def least(self, kind: MarginKind) -> float:
        """The least margin of that kind."""
        return float(getattr(self, kind.value))

    def allow(self, checked: Checked) -> bool:
        """Whether a verdict is clear enough; never where it is unknown."""
        return checked.kind is not None and checked.margin >= self.least(checked.kind)
