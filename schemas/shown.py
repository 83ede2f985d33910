"""What a policy is shown of a clip: all of it as it is stored, a segment alone, or the clip with planted edits."""

from enum import StrEnum
from typing import Protocol, Self

from pydantic import model_validator

from schemas.interval import Interval
from schemas.record import Record

_SAME_MOMENT_SECONDS = 0.01  # ends that differ by less are one; a frame is longer


class EditKind(StrEnum):
    """What is done to a stretch of a clip."""

    MIRRORED = "mirrored"
    """Left and right change places."""
    REVERSED = "reversed"
    """The stretch is played backwards."""
    FROZEN = "frozen"
    """One frame stands still."""
    TURNED = "turned"
    """The picture is turned."""
    ZOOMED = "zoomed"
    """The middle of the picture is enlarged."""
    SHUFFLED = "shuffled"
    """Equal parts of the stretch are shown in another order, so fast that the order cannot be followed."""
    SLOWED = "slowed"
    """The stretch is played more slowly."""
    SPED_UP = "sped_up"
    """The stretch is played faster."""
    SWAPPED = "swapped"
    """A stretch of another video's clip is shown instead."""
    REORDERED = "reordered"
    """A few equal parts of the stretch, each long enough to be followed, are shown in another order."""
    SEAM = "seam"
    """A harmless seam, as an edit has at its ends: nothing is asked about it."""


class Spanned(Protocol):
    """A clip, or its scene."""

    @property
    def start_seconds(self) -> float:
        """First moment, on the container's clock."""

    @property
    def end_seconds(self) -> float:
        """The first moment after it, on the container's clock."""


OPEN_CLIP = ""
"""Stands for a clip of another video that is not chosen yet; no finished set holds it."""


class ShownEdit(Record):
    """One edit of a clip; `stages/visuals/` makes the pixels when they are needed."""

    kind: EditKind
    """What is done."""
    start_seconds: float
    """First moment of the stretch, on the stored clip's clock."""
    end_seconds: float
    """The first moment after the stretch, on the stored clip's clock."""
    other_clip_id: str | None = None
    """Kind swapped: the clip of another video that is shown instead. `OPEN_CLIP` until finalise chooses it."""
    order: tuple[int, ...] = ()
    """Kinds shuffled and reordered: which of the equal parts is shown first, second, ...; counted from 0."""
    amount: float | None = None
    """Turned: degrees clockwise; zoomed: factor of enlargement; slowed and sped_up: speed, 1 being the clip's own;
    swapped: where the stretch begins in the other clip, in its container seconds."""
    seed: int = 0
    """Seed of the edit's randomness."""

    @property
    def stretch(self) -> Interval:
        """The seconds of the stored clip that are edited."""
        return Interval(start_seconds=self.start_seconds, end_seconds=self.end_seconds)

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        if not self.start_seconds < self.end_seconds:
            raise ValueError(f"edit {self.kind}: [{self.start_seconds}, {self.end_seconds}) must end after it starts")
        given = {name for name in ("other_clip_id", "amount") if getattr(self, name) is not None}
        given |= {"order"} if self.order else set()
        if given != _NEEDS.get(self.kind, set()):
            needed = sorted(_NEEDS.get(self.kind, set()))
            raise ValueError(f"edit {self.kind}: needs {needed}, got {sorted(given)}")
        if self.order and (
            sorted(self.order) != list(range(len(self.order))) or list(self.order) == sorted(self.order)
        ):
            raise ValueError(f"edit {self.kind}: order must be a changed order of 0, 1, ..., got {list(self.order)}")
        low, high = _AMOUNTS.get(self.kind, (float("-inf"), float("inf")))
        if self.amount is not None and not low < self.amount < high:
            raise ValueError(f"edit {self.kind}: amount must lie between {low:g} and {high:g}, got {self.amount:g}")
        return self


_NEEDS: dict[EditKind, set[str]] = {
    EditKind.TURNED: {"amount"},
    EditKind.ZOOMED: {"amount"},
    EditKind.SLOWED: {"amount"},
    EditKind.SPED_UP: {"amount"},
    EditKind.SHUFFLED: {"order"},
    EditKind.REORDERED: {"order"},
    EditKind.SWAPPED: {"other_clip_id", "amount"},
}
"""The optional fields that a kind must have; it must have no others."""
_AMOUNTS = {
    EditKind.TURNED: (0.0, 360.0),
    EditKind.ZOOMED: (1.0, float("inf")),
    EditKind.SLOWED: (0.0, 1.0),
    EditKind.SPED_UP: (1.0, float("inf")),
}
"""Between which numbers the amount of a kind must lie."""


class Shown(Record):
    """What is shown of a clip, to a policy and to everyone else; `Shown()` is the clip as it is stored."""

    segment_id: str | None = None
    """The segment that is shown alone; null if the whole clip is shown."""
    edits: tuple[ShownEdit, ...] = ()
    """What is done to it, in this order, before any frames are chosen."""

    @property
    def planted(self) -> tuple[ShownEdit, ...]:
        """The edits that are more than harmless seams."""
        return tuple(edit for edit in self.edits if edit.kind is not EditKind.SEAM)

    @property
    def other_clip_id(self) -> str | None:
        """The clip that a stretch is swapped with; null if none is."""
        return next((edit.other_clip_id for edit in self.edits if edit.other_clip_id is not None), None)

    @property
    def name(self) -> str:
        """One word for tables and ids: "none", "segment", or the kind of the first edit that is more than a seam."""
        kinds = [edit.kind.value for edit in self.planted]
        return kinds[0] if kinds else "none" if self.segment_id is None else "segment"

    @property
    def is_open(self) -> bool:
        """Whether the clip that a stretch is swapped with is not chosen yet."""
        return any(edit.other_clip_id == OPEN_CLIP for edit in self.edits)

    def with_clip(self, clip_id: str, start_seconds: float, end_seconds: float) -> Self:
        """The same with a clip where one is not chosen yet: its middle, or all of it if it is shorter than the stretch.

        Args:
            clip_id: the clip.
            start_seconds: where it begins, in its container seconds.
            end_seconds: where it ends.
        """

        def filled(edit: ShownEdit) -> ShownEdit:
            spare = max(0.0, end_seconds - start_seconds - (edit.end_seconds - edit.start_seconds))
            return edit.model_copy(update={"other_clip_id": clip_id, "amount": start_seconds + spare / 2})

        edits = (filled(edit) if edit.other_clip_id == OPEN_CLIP else edit for edit in self.edits)
        return self.model_copy(update={"edits": tuple(edits)})

    @classmethod
    def whole(cls, kind: EditKind, clip: Spanned) -> Self:
        """A clip that is edited from its start to its end, by a kind that needs no further fields."""
        return cls(edits=(ShownEdit(kind=kind, start_seconds=clip.start_seconds, end_seconds=clip.end_seconds),))

    def is_whole(self, kind: EditKind, clip: Spanned) -> bool:
        """Whether the clip is shown with this edit from its start to its end."""
        return any(
            edit.kind is kind
            and edit.start_seconds <= clip.start_seconds + _SAME_MOMENT_SECONDS
            and edit.end_seconds >= clip.end_seconds - _SAME_MOMENT_SECONDS
            for edit in self.edits
        )


AS_STORED = Shown()
"""The whole clip, unedited."""
