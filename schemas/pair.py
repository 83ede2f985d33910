"""A preference pair as it is stored, and the parts that it is made of."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from schemas.claim import Axis, Claim, QuestionType
from schemas.interval import Interval
from schemas.record import Record
from schemas.video import Split


class RejectedKind(StrEnum):
    """How a rejected answer relates to the video (VistaDPO's y_re and y_ir; ISR-DPO's samples)."""

    RELEVANT = "relevant"
    IRRELEVANT = "irrelevant"
    SELF_SAMPLED = "self_sampled"


class FramesCorruption(StrEnum):
    """Which frames the answering model was shown."""

    NONE = "none"
    SPARSE = "sparse"
    SHUFFLED = "shuffled"
    REVERSED = "reversed"
    DISJOINT = "disjoint"
    PARTIAL = "partial"


class PromptCorruption(StrEnum):
    """How the answering model was misled by the prompt."""

    NONE = "none"
    FALSE_PREMISE = "false_premise"


class ClaimEdit(StrEnum):
    """The typed edit of a claim that makes an adversary."""

    NONE = "none"
    SWAP_SIDES = "swap_sides"
    """left told as right, above as below, one region as another."""
    SWAP_ENTITIES = "swap_entities"
    """a's part given to b, another entity of the video."""
    REVERSE_ORDER = "reverse_order"
    """before told as after."""
    SIMULTANEOUS = "simultaneous"
    """sequential told as simultaneous, or the other way round."""
    REVERSE_DIRECTION = "reverse_direction"
    """a movement told the other way, or turned aside."""
    FREEZE = "freeze"
    """a moved thing told as still, or a still one as moved."""
    SPLIT_TRACK = "split_track"
    """one object told as two."""
    MERGE_TRACKS = "merge_tracks"
    """two objects told as one."""
    MOVE_ATTRIBUTE = "move_attribute"
    """another colour or size."""
    MISCOUNT = "miscount"
    """another number."""
    MISTIME = "mistime"
    """another stretch of time."""
    FALSE_FLASHBACK = "false_flashback"
    """a return, a repeated place or a cut that is not there."""
    CHANGE_PLACE = "change_place"
    """a moved place told as the same, or the other way round."""
    ABSENT_ENTITY = "absent_entity"
    """a's part given to something that the video does not contain."""


class Corruption(Record):
    """What made the rejected answer wrong."""

    frames: FramesCorruption = FramesCorruption.NONE
    """Corruption of the frames shown to the answering model."""
    prompt: PromptCorruption = PromptCorruption.NONE
    """Corruption of its prompt."""
    edit: ClaimEdit = ClaimEdit.NONE
    """The typed edit of the chosen claim."""
    edit_of: str | None = None
    """Which field of the chosen claim the edit changed."""


class VisualEdit(StrEnum):
    """What is done to the clip before anyone sees it."""

    NONE = "none"
    MIRRORED = "mirrored"
    REVERSED = "reversed"


class VisualLevel(StrEnum):
    """VistaDPO's three visual levels."""

    INSTANCE = "instance"
    TEMPORAL = "temporal"
    PERCEPTIVE = "perceptive"


class VisualKind(StrEnum):
    """The corruptions; those of a level in order of their worth, the best first."""

    REVERSED = "reversed"
    """The frames from last to first."""
    SHUFFLED = "shuffled"
    """The frames in eight runs, which come in another order."""
    OTHER_VIDEO = "other_video"
    """Another video's clip."""
    BLACK = "black"
    """Black frames."""
    NOISE = "noise"
    """Frames of noise."""
    RANDOM_MASK = "random_mask"
    """Half of every frame's cells covered at random, those that show the key object always among them."""
    OTHER_SEGMENT = "other_segment"
    """A segment of the same clip that does not show the event."""
    FOREIGN_SEGMENT = "foreign_segment"
    """A segment of another video's clip."""
    MOVED = "moved"
    """The key object moved to another place of the keyframe."""
    INPAINTED = "inpainted"
    """The key object painted over with what surrounds it."""
    FILLED = "filled"
    """The key object covered by one colour."""
    OTHER_FRAME = "other_frame"
    """Another frame of the clip."""

    @property
    def level(self) -> VisualLevel:
        """The level at which it corrupts."""
        if self in _TEMPORAL_KINDS:
            return VisualLevel.TEMPORAL
        return VisualLevel.PERCEPTIVE if self in _PERCEPTIVE_KINDS else VisualLevel.INSTANCE

    @property
    def changes_area(self) -> bool:
        """Whether it changes an area of the keyframe, which a control can change elsewhere."""
        return self in _AREA_KINDS

    @property
    def borrows(self) -> bool:
        """Whether it shows another video."""
        return self in (VisualKind.OTHER_VIDEO, VisualKind.FOREIGN_SEGMENT)


_TEMPORAL_KINDS = frozenset((VisualKind.OTHER_SEGMENT, VisualKind.FOREIGN_SEGMENT))
_AREA_KINDS = frozenset((VisualKind.MOVED, VisualKind.INPAINTED, VisualKind.FILLED))
_PERCEPTIVE_KINDS = _AREA_KINDS | {VisualKind.OTHER_FRAME}


class Shift(Record):
    """A displacement of pixels, for a control."""

    shift_x: float
    """In frame widths."""
    shift_y: float
    """In frame heights."""


class VisualNegative(Record):
    """A spec that corrupts a clip, made into pixels only where it is used (`stages/visuals.py`).

    It is about the chosen answer: true of the preferred visual, false of the corrupted one, and true still of the
    control. Frames, segments and tracks are those that are stored; the visual edit of the pair is done to them first.
    """

    level: VisualLevel
    """Instance, temporal or perceptive."""
    kind: VisualKind
    """The corruption at that level."""
    preferred_segment_id: str | None = None
    """Temporal level: the segment that shows the event."""
    preferred_frame_index: int | None = None
    """Perceptive level: the keyframe that shows the claim; repeated, it is the preferred visual."""
    segment_id: str | None = None
    """Temporal level: the segment that does not, of the same clip or of `other_clip_id`."""
    other_clip_id: str | None = None
    """Another video's clip, for the kinds that borrow one."""
    frame_index: int | None = None
    """Kind other_frame: the frame of the clip that is shown in place of the keyframe."""
    track_id: str | None = None
    """The key object, where its pixels are changed."""
    shift_x: float | None = None
    """Kind moved: by how much to the right as the pair shows it, frame widths."""
    shift_y: float | None = None
    """Kind moved: by how much down, frame heights."""
    control: Shift | None = None
    """How far from the object, as the pair shows it, an area of equal size is changed as a control."""
    seed: int = 0
    """Seed of the corruption."""

    @property
    def frame_indices(self) -> tuple[int, ...]:
        """The sampled frames that it is about."""
        return tuple(index for index in (self.preferred_frame_index, self.frame_index) if index is not None)

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> Self:
        if self.level is not self.kind.level:
            raise ValueError(f"visual negative {self.kind}: its level is {self.kind.level}, got {self.level}")
        given = {name for name in _OPTIONAL if getattr(self, name) is not None}
        if given != _needs(self.kind):
            raise ValueError(f"visual negative {self.kind}: needs {sorted(_needs(self.kind))}, got {sorted(given)}")
        return self


def best_first(negatives: Iterable[VisualNegative]) -> tuple[VisualNegative, ...]:
    """Level by level, and within a level the kinds of most worth first."""
    kinds = list(VisualKind)
    return tuple(sorted(negatives, key=lambda negative: kinds.index(negative.kind)))


_OPTIONAL = VisualNegative.model_fields.keys() - {"level", "kind", "seed"}


def _needs(kind: VisualKind) -> set[str]:
    """The fields that a spec of a kind has, and no others."""
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
    return needed


class Verdict(Record):
    """What one check found."""

    check: str
    """proof, single_frame, faithful, genuine, distinct, blind."""
    passed: bool
    """Whether the pair passed."""
    score: float | None = None
    """The judge's score, where it gives one."""
    margin: float | None = None
    """By how much, in the check's unit."""
    model: str | None = None
    """The model that judged; null for a proof."""
    detail: str | None = None
    """A fixed phrase."""


class Evidence(Record):
    """Where in the clip the answer can be seen."""

    frame_indices: tuple[int, ...] = ()
    """Sampled frames that show it."""
    track_ids: tuple[str, ...] = ()
    """Tracks that it speaks of."""
    segment_ids: tuple[str, ...] = ()
    """Segments that show its events."""


class Pair(Record):
    """One chosen and one rejected answer to one question about one clip."""

    pair_id: str = Field(min_length=1)
    """Unique in the set."""
    group_id: str
    """Shared by all pairs of one question."""
    twin_of: str | None = None
    """The group whose counterfactual twin this group is, else null."""
    visual_edit: VisualEdit = VisualEdit.NONE
    """What is done to the clip before anyone sees it."""
    clip_id: str
    """The clip that the question is about."""
    video_id: str
    """The video that the clip is of."""
    source: str | None
    """As the manifest says."""
    split: Split
    """Train, validation or test."""
    licence: str | None
    """As the manifest says."""
    question: str = Field(min_length=1)
    """The question."""
    question_type: QuestionType
    """VistaDPO's type."""
    axis: Axis
    """VideoPASTA's axis of the question."""
    chosen: str = Field(min_length=1)
    """The answer that is proven true."""
    rejected: str = Field(min_length=1)
    """The answer that is proven false."""
    rejected_kind: RejectedKind
    """Relevant: true entities, wrong here; irrelevant: names an absent entity."""
    adversary_axis: Axis | None
    """The axis on which it was made wrong."""
    chosen_claim: Claim | None
    """What chosen asserts; null where nothing was typed."""
    rejected_claim: Claim | None
    """What rejected asserts."""
    corruption: Corruption
    """What made rejected wrong."""
    evidence: Evidence
    """Where the answer can be seen, in the clip as it is stored."""
    event_intervals: tuple[Interval, ...]
    """Every occurrence of the event that the pair speaks of, on the clock of the clip as it is stored; the claims of a
    reversed pair speak of the reversed clip's."""
    keyframe_indices: tuple[int, ...]
    """Sampled frames inside the event."""
    visual_negatives: tuple[VisualNegative, ...] = ()
    """About the chosen answer, so equal in all rows of a group."""
    verdicts: tuple[Verdict, ...]
    """What the checks found."""
    chosen_model: str
    """Who wrote chosen."""
    rejected_model: str
    """Who wrote rejected."""
    question_model: str
    """Who wrote the question."""
    prompt_hashes: tuple[str, ...] = ()
    """Hashes of the templates or prompts used."""
    weight: float = 1.0
    """1.0 at build; axis weights belong to the trainer."""

    @model_validator(mode="after")
    def _differs(self) -> Self:
        if normalise_text(self.chosen) == normalise_text(self.rejected):
            raise ValueError(f"pair {self.pair_id}: chosen and rejected are equal after normalising: {self.chosen!r}")
        for role, text in (("chosen", self.chosen), ("rejected", self.rejected)):
            if not is_complete(text):
                raise ValueError(f"pair {self.pair_id}: {role} is not a complete sentence: {text!r}")
        return self


_NO_WORD = re.compile(r"[\W_]+")


def normalise_text(text: str) -> str:
    """Lower case, without accents, punctuation and repeated blanks: equal here means equal answers."""
    if text.isascii():
        return " ".join(_NO_WORD.sub(" ", text.lower()).split())
    folded = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c if c.isalnum() or c.isspace() else " " for c in folded if not unicodedata.combining(c))
    return " ".join(kept.split())


def is_complete(text: str) -> bool:
    """Whether a text is non-empty and ends as a sentence does."""
    return text.rstrip().endswith((".", "!", "?", "”", '"')) and any(c.isalnum() for c in text)
