"""Visual negatives: how a clip is corrupted so that the chosen answer becomes false."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from schemas.box import Rectangle
from schemas.record import Record
from schemas.shown import Shown


class VisualLevel(StrEnum):
    """The three visual levels of VistaDPO."""

    INSTANCE = "instance"
    TEMPORAL = "temporal"
    PERCEPTIVE = "perceptive"


class VisualKind(StrEnum):
    """The kinds of corruption. Within each level the most useful kind comes first."""

    REVERSED = "reversed"
    """The frames in reverse order."""
    SHUFFLED = "shuffled"
    """The frames in eight runs, which are shown in another order."""
    OTHER_VIDEO = "other_video"
    """Another video's clip."""
    OTHER_EDITS = "other_edits"
    """The clip with other planted edits, or with its seams alone."""
    BLACK = "black"
    """Black frames."""
    NOISE = "noise"
    """Frames of noise."""
    RANDOM_MASK = "random_mask"
    """Half of each frame's cells covered at random, and all cells that show the key object."""
    OTHER_SEGMENT = "other_segment"
    """A segment of the same clip that does not show the event."""
    FOREIGN_SEGMENT = "foreign_segment"
    """A segment of another video's clip."""
    MOVED = "moved"
    """The key object moved to another place of the keyframe."""
    INPAINTED = "inpainted"
    """The key object painted over with what surrounds it."""
    FILLED = "filled"
    """The key object covered with one colour."""
    OTHER_FRAME = "other_frame"
    """Another frame of the clip."""

    @property
    def level(self) -> VisualLevel:
        """The level that it corrupts."""
        if self in _TEMPORAL_KINDS:
            return VisualLevel.TEMPORAL
        return VisualLevel.PERCEPTIVE if self in _PERCEPTIVE_KINDS else VisualLevel.INSTANCE

    @property
    def changes_area(self) -> bool:
        """Whether it changes an area of the keyframe, which a control can change elsewhere."""
        return self in _AREA_KINDS

    @property
    def paints_over(self) -> bool:
        """Whether it paints over the key object where it stands."""
        return self in (VisualKind.INPAINTED, VisualKind.FILLED)

    @property
    def borrows(self) -> bool:
        """Whether it shows another video."""
        return self in (VisualKind.OTHER_VIDEO, VisualKind.FOREIGN_SEGMENT)


_TEMPORAL_KINDS = frozenset((VisualKind.OTHER_SEGMENT, VisualKind.FOREIGN_SEGMENT))
_AREA_KINDS = frozenset((VisualKind.MOVED, VisualKind.INPAINTED, VisualKind.FILLED))
_PERCEPTIVE_KINDS = _AREA_KINDS | {VisualKind.OTHER_FRAME}


class Shift(Record):
    """A displacement in the frame."""

    shift_x: float
    """In frame widths."""
    shift_y: float
    """In frame heights."""


class KeyArea(Rectangle):
    """Where a language model sees the key object on the stored keyframe, in 0..1; a judge has confirmed it on the part
    of the frame that the box cuts out.
    """

    noun: str = Field(min_length=1)
    """The thing that the box shows."""


class VisualNegative(Record):
    """How a clip is corrupted; `stages/visuals/` makes the pixels when they are needed.

    The chosen answer is true of the preferred visual, false of the corrupted one, and still true of the control.
    Frames, segments and tracks are named as they are stored; the pair's edits are applied before the corruption.
    """

    level: VisualLevel
    """The level that it corrupts: instance, temporal or perceptive."""
    kind: VisualKind
    """The kind of corruption, one of the kinds of its level."""
    preferred_segment_id: str | None = None
    """Temporal level: the segment that shows the event."""
    preferred_frame_index: int | None = None
    """Perceptive level: the keyframe that shows the claim. Repeated, it is the preferred visual."""
    segment_id: str | None = None
    """Temporal level: the segment that does not show the event, of the same clip or of `other_clip_id`."""
    other_clip_id: str | None = None
    """The clip of another video, for the kinds that show one."""
    frame_index: int | None = None
    """Kind other_frame: the frame of the clip that is shown instead of the keyframe."""
    track_id: str | None = None
    """The key object, for the kinds that change its pixels."""
    area: KeyArea | None = None
    """Kinds inpainted and filled: the key object, if the scene has no track of it."""
    shift_x: float | None = None
    """Kind moved: how far to the right the object is moved, after the pair's edits, in frame widths."""
    shift_y: float | None = None
    """Kind moved: how far down the object is moved, in frame heights."""
    control: Shift | None = None
    """How far from the object, after the pair's edits, an area of equal size is changed as a control."""
    shown: Shown | None = None
    """Kind other_edits: what is shown of the clip instead."""
    seed: int = 0
    """Seed of the corruption's randomness."""

    @property
    def frame_indices(self) -> tuple[int, ...]:
        """The sampled frames that it names."""
        return tuple(index for index in (self.preferred_frame_index, self.frame_index) if index is not None)

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        if self.level is not self.kind.level:
            raise ValueError(f"visual negative {self.kind}: its level is {self.kind.level}, got {self.level}")
        given = {name for name in _OPTIONAL if getattr(self, name) is not None}
        needed = _needs(self.kind)
        untracked = needed - {"track_id"} | {"area"} if self.kind.paints_over else needed
        if given not in (needed, untracked):
            raise ValueError(f"visual negative {self.kind}: needs {sorted(needed)}, got {sorted(given)}")
        return self


def best_first(negatives: Iterable[VisualNegative]) -> tuple[VisualNegative, ...]:
    """The negatives level by level, and within a level the most useful kind first."""
    kinds = list(VisualKind)
    return tuple(sorted(negatives, key=lambda negative: kinds.index(negative.kind)))


_OPTIONAL = VisualNegative.model_fields.keys() - {"level", "kind", "seed"}


def _needs(kind: VisualKind) -> set[str]:
    """The optional fields that a negative of that kind must have; it must have no others."""
    needed = {"other_clip_id"} if kind.borrows else set[str]()
    if kind.level is VisualLevel.TEMPORAL:
        needed |= {"preferred_segment_id", "segment_id"}
    if kind.level is VisualLevel.PERCEPTIVE:
        needed |= {"preferred_frame_index"} | (
            {"frame_index"} if kind is VisualKind.OTHER_FRAME else {"track_id", "control"}
        )
    if kind is VisualKind.MOVED:
        needed |= {"shift_x", "shift_y"}
    if kind is VisualKind.RANDOM_MASK:
        needed |= {"track_id"}
    if kind is VisualKind.OTHER_EDITS:
        needed |= {"shown"}
    return needed
