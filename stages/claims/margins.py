"""How clear a claim must be before it is asserted or denied: the least margin of each kind, set by the recipe."""

from pydantic import Field

from schemas.record import Record
from schemas.shown import EditKind
from stages.claims.checked import Checked, MarginKind, edit_margin


class Margins(Record):
    """The least margin of each kind. A claim whose margin is smaller is neither asserted nor denied."""

    gap: float = Field(default=0.06, ge=0)
    """Distance of two centres, frame widths or heights."""
    clear_of: float = Field(default=0.03, ge=0)
    """Distance of two boxes, frame sides."""
    iou: float = Field(default=0.05, ge=0)
    """Largest intersection over union of two boxes, 0..1."""
    size: float = Field(default=0.35, ge=0)
    """Log ratio of two areas."""
    region: float = Field(default=0.04, ge=0)
    """Distance of a centre from the border of a third of the frame, frame sides."""
    colour: float = Field(default=0.3, ge=0)
    """Share of a thing's pixels with its colour name, minus the share of the next name, 0..1."""
    absence: float = Field(default=0.0, ge=0)
    """How far a colour name's share of the frame's pixels stays below the limit of absence, 0..1."""
    count: float = Field(default=0.5, ge=0)
    """Clearness of the least certain thing that is counted or left out, 0..1."""
    motion_share: float = Field(default=0.5, ge=0)
    """Share of the motion in one third of the frame, minus the share of the next third, 0..1."""
    busyness: float = Field(default=0.9, ge=0)
    """Log ratio of two amounts of motion."""
    order: float = Field(default=0.5, ge=0)
    """Seconds between two events."""
    simultaneity: float = Field(default=0.1, ge=0)
    """Seconds from the limit of 0.25 s that separates "at the same time" from "one after the other"."""
    shared: float = Field(default=0.5, ge=0)
    """Seconds during which two things are visible together."""
    never_shared: float = Field(default=0.4, ge=0)
    """Seconds between the times at which two things are visible."""
    longer: float = Field(default=0.8, ge=0)
    """Seconds by which one thing is visible longer than another."""
    shift: float = Field(default=0.06, ge=0)
    """Distance that a thing's centre moves, frame sides."""
    stillness: float = Field(default=0.003, ge=0)
    """How much further a thing's centre could move and still count as standing still, frame sides."""
    speed: float = Field(default=0.35, ge=0)
    """Log ratio of two speeds."""
    clearance: float = Field(default=0.04, ge=0)
    """Least distance from the borders that are not crossed, frame sides."""
    event: float = Field(default=0.45, ge=0)
    """Seconds between an event and the nearer end of the interval."""
    camera_shift: float = Field(default=0.06, ge=0)
    """Distance that the background moves, frame sides."""
    camera_stillness: float = Field(default=0.013, ge=0)
    """How much further the background could move and the camera still count as standing still, frame sides."""
    identity: float = Field(default=0.2, ge=0)
    """Score of the link between two tracks, 0..1."""
    away: float = Field(default=0.8, ge=0)
    """Seconds for which a thing is out of view before it returns."""
    staying: float = Field(default=0.25, ge=0)
    """Seconds by which the longest time out of view is too short to count as being away."""
    displacement: float = Field(default=0.1, ge=0)
    """Distance between two mean centres, frame sides."""
    place: float = Field(default=0.2, ge=0)
    """Content distance from the limit that separates one place from two."""
    luma: float = Field(default=0.05, ge=0)
    """Difference of two mean brightnesses, 0..1; where one is less than 1.25 times the other, it counts as less than
    0.05."""
    cuts: float = Field(default=0.15, ge=0)
    """How far the score of the least certain cut, fade or non-cut is from the threshold 1."""
    sureness: float = Field(default=0.0, ge=0)
    """How far a detector's scores are above the upper threshold, or how far the two thresholds are apart if nothing was
    found, 0..1."""
    spelling: float = Field(default=0.0, ge=0)
    """Letters by which a word differs from everything that was read, beyond the least number; for a word that is
    written, the score of its least certain reading."""
    edit: float = Field(default=0.35, ge=0)
    """How visible a planted edit of the picture is: log ratio of what it changes and what the clip does by itself."""
    edit_of_time: float = Field(default=0.55, ge=0)
    """The same for an edit of order or speed."""

    def of_edit(self, kind: EditKind) -> float:
        """The least value for a kind of edit."""
        return self.least(edit_margin(kind))

    def least(self, kind: MarginKind) -> float:
        """The least margin of that kind."""
        return float(getattr(self, kind.value))

    def allow(self, checked: Checked) -> bool:
        """Whether a verdict is clear enough to be used; an UNKNOWN one never is."""
        return checked.kind is not None and checked.margin >= self.least(checked.kind)
