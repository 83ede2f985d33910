"""A preference pair as it is stored, and its parts."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from schemas.box import Rectangle
from schemas.claim import Axis, Claim, QuestionType
from schemas.interval import Interval
from schemas.record import Record
from schemas.shown import Shown
from schemas.text_span import TextSpan, outside
from schemas.video import Split


class RejectedKind(StrEnum):
    """Where the wrong content of a rejected answer comes from (VistaDPO's y_re and y_ir; ISR-DPO's samples)."""

    RELEVANT = "relevant"
    IRRELEVANT = "irrelevant"
    SELF_SAMPLED = "self_sampled"


class FramesCorruption(StrEnum):
    """How the frames shown to the answering model were corrupted."""

    NONE = "none"
    SPARSE = "sparse"
    SHUFFLED = "shuffled"
    REVERSED = "reversed"
    DISJOINT = "disjoint"
    PARTIAL = "partial"


class PromptCorruption(StrEnum):
    """How the prompt misled the answering model."""

    NONE = "none"
    FALSE_PREMISE = "false_premise"


class ClaimEdit(StrEnum):
    """The typed edit that turns the true claim into the claim of a false answer."""

    NONE = "none"
    SWAP_SIDES = "swap_sides"
    """Left becomes right, above becomes below, one region another."""
    SWAP_ENTITIES = "swap_entities"
    """What is true of one entity is said of another one in the video."""
    REVERSE_ORDER = "reverse_order"
    """Before becomes after."""
    SIMULTANEOUS = "simultaneous"
    """One after the other becomes at the same time, or vice versa."""
    REVERSE_DIRECTION = "reverse_direction"
    """A movement in another direction."""
    FREEZE = "freeze"
    """Moving becomes still, or vice versa."""
    SPLIT_TRACK = "split_track"
    """One object becomes two."""
    MERGE_TRACKS = "merge_tracks"
    """Two objects become one."""
    MOVE_ATTRIBUTE = "move_attribute"
    """Another colour or size."""
    MISCOUNT = "miscount"
    """Another number."""
    MISTIME = "mistime"
    """Another time."""
    OTHER_EDIT = "other_edit"
    """Another planted edit."""
    FALSE_FLASHBACK = "false_flashback"
    """A return, a repeated place or a cut that does not happen."""
    CHANGE_PLACE = "change_place"
    """Another place becomes the same place, or vice versa; boxes that overlap become apart."""
    ABSENT_ENTITY = "absent_entity"
    """What is true of an entity is said of one that is not in the video."""


class Corruption(Record):
    """What made the rejected answer wrong."""

    frames: FramesCorruption = FramesCorruption.NONE
    """How the frames shown to the answering model were corrupted."""
    prompt: PromptCorruption = PromptCorruption.NONE
    """How the prompt of the answering model was corrupted."""
    edit: ClaimEdit = ClaimEdit.NONE
    """The typed edit of the chosen claim."""
    edit_of: str | None = None
    """The field of the chosen claim that the edit changed."""


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
    def borrows(self) -> bool:
        """Whether it shows another video."""
        return self in (VisualKind.OTHER_VIDEO, VisualKind.FOREIGN_SEGMENT)


_TEMPORAL_KINDS = frozenset((VisualKind.OTHER_SEGMENT, VisualKind.FOREIGN_SEGMENT))
_AREA_KINDS = frozenset((VisualKind.MOVED, VisualKind.INPAINTED, VisualKind.FILLED))
_HIDING_KINDS = frozenset((VisualKind.INPAINTED, VisualKind.FILLED))
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
        untracked = needed - {"track_id"} | {"area"} if self.kind in _HIDING_KINDS else needed
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


ANNOTATED = "annotated"
"""The check of an answer whose truth rests on an annotation, not on a proof."""


class Verdict(Record):
    """The result of one check."""

    check: str
    """Name of the check: proof, single_frame, order and annotated; by a judge faithful (accepts chosen), genuine (finds
    rejected wrong, on its axis), distinct (chosen wins in both orders), preferred (so does the better of two samples)
    and blind (texts alone leave it open)."""
    passed: bool
    """Whether the pair passed."""
    score: float | None = None
    """The score that the judge gave; null if it gives none."""
    margin: float | None = None
    """By how much the pair passed or failed, in the check's unit."""
    model: str | None = None
    """The model that judged; null for a proof."""
    detail: str | None = None
    """A fixed phrase, such as the predicate that was proven."""


class Grounds(StrEnum):
    """What the labels of a pair rest on."""

    PROVEN = "proven"
    """Both answers are proven from the scene."""
    JUDGED = "judged"
    """A language model that sees the frames confirmed what is not proven."""
    ANNOTATED = "annotated"
    """People who annotated the video say so."""
    UNCHECKED = "unchecked"
    """Nothing but what the writer says."""


PREFERRED = "preferred"
"""The check of a judge that found one sample of a policy better than the other."""
_JUDGED_CHECKS = frozenset(("faithful", "genuine", "distinct", PREFERRED))
OWN_WRITERS = frozenset(("facts", "planted", "descriptions", "annotations"))
"""The writers of questions that are no language models."""


def grounds_of(checks: Iterable[str]) -> Grounds:
    """What a pair rests on, by the checks of its verdicts."""
    found = set(checks)
    if found & _JUDGED_CHECKS:
        return Grounds.JUDGED
    if ANNOTATED in found:
        return Grounds.ANNOTATED
    return Grounds.PROVEN if "proof" in found else Grounds.UNCHECKED


class Evidence(Record):
    """Where in the stored clip the answer can be seen."""

    frame_indices: tuple[int, ...] = ()
    """Sampled frames that show it."""
    track_ids: tuple[str, ...] = ()
    """Tracks that the answer refers to."""
    segment_ids: tuple[str, ...] = ()
    """Segments that show the events of the answer."""


class Pair(Record):
    """One chosen and one rejected answer to one question about one clip."""

    pair_id: str = Field(min_length=1)
    """Unique in the set."""
    group_id: str
    """Shared by all pairs of one question."""
    twin_of: str | None = None
    """The group whose counterfactual twin this group is; null if it is not a twin."""
    shown: Shown = Shown()
    """What anyone is shown of the clip: all of it as it is stored, a segment alone, or the clip with edits."""
    clip_id: str
    """The clip that the question is about."""
    video_id: str
    """The video that the clip belongs to."""
    source: str | None
    """The data set or collection of the video, as given in the manifest."""
    split: Split
    """Train, validation or test."""
    licence: str | None
    """The licence of the video, as given in the manifest."""
    question: str = Field(min_length=1)
    """The question."""
    question_type: QuestionType
    """The type of the question: one of VistaDPO's, or camera or place."""
    axis: Axis
    """The axis of the question (VideoPASTA)."""
    chosen: str = Field(min_length=1)
    """The answer that is true: proven, or confirmed as `verdicts` say."""
    rejected: str = Field(min_length=1)
    """The answer that is false, likewise."""
    chosen_spans: tuple[TextSpan, ...]
    """The words of chosen that differ from rejected, in order, for losses that reward these alone; at least one."""
    rejected_spans: tuple[TextSpan, ...]
    """The words of rejected that differ from chosen, in order; at least one. Outside of the spans both say the same."""
    rejected_kind: RejectedKind
    """Relevant: about entities of the video, but false; irrelevant: names an entity that is not in the video;
    self_sampled: a policy sampled both answers."""
    adversary_axis: Axis | None
    """The axis on which rejected was made wrong; null if it names an absent entity, or if a model was free
    to choose."""
    chosen_claims: tuple[Claim, ...]
    """What chosen asserts, clause by clause in the order of the text; empty if that is not known."""
    rejected_claims: tuple[Claim, ...]
    """What rejected asserts, likewise: one clause or the order is false, the others may be true."""
    corruption: Corruption
    """How rejected was made wrong."""
    evidence: Evidence
    """Where the answer can be seen in the stored clip."""
    event_intervals: tuple[Interval, ...]
    """Every occurrence of the event that the pair is about, in container seconds of the stored clip. The claims of a
    reversed pair use the times of the reversed clip."""
    keyframe_indices: tuple[int, ...]
    """Sampled frames inside the event."""
    visual_negatives: tuple[VisualNegative, ...] = ()
    """Corruptions of the clip that make the chosen answer false; the same in all rows of a group."""
    verdicts: tuple[Verdict, ...]
    """The results of all checks of the pair."""
    chosen_model: str
    """The writer or model that wrote chosen."""
    rejected_model: str
    """The writer or model that wrote rejected."""
    question_model: str
    """The writer or model that wrote the question."""
    prompt_hashes: tuple[str, ...] = ()
    """Hashes of the templates that the texts were made with; of prompts of language models name, version and hash."""
    difficulty: float | None = Field(default=None, ge=0, le=1)
    """1 minus the rank of the margin by which the answers are proven, among all that were on offer for the same
    predicate and the same kind of wrong answer: 0 is easiest to see; null if nothing was measured."""
    weight: float = 1.0
    """Weight of the pair in training; 1.0 when built (the trainer has weights for each axis)."""

    @property
    def grounds(self) -> Grounds:
        """What its labels rest on."""
        return grounds_of(verdict.check for verdict in self.verdicts)

    @model_validator(mode="after")
    def _differs(self) -> Self:
        if normalise_text(self.chosen) == normalise_text(self.rejected):
            raise ValueError(f"pair {self.pair_id}: chosen and rejected are equal after normalising: {self.chosen!r}")
        for role, text in (("chosen", self.chosen), ("rejected", self.rejected)):
            if not is_complete(text):
                raise ValueError(f"pair {self.pair_id}: {role} is not a complete sentence: {text!r}")
        return self

    @model_validator(mode="after")
    def _differs_in_its_spans(self) -> Self:
        if not self.chosen_spans or not self.rejected_spans:
            raise ValueError(f"pair {self.pair_id}: its answers differ, and it has no spans that say where")
        same = outside(self.chosen, self.chosen_spans), outside(self.rejected, self.rejected_spans)
        if normalise_text(same[0]) != normalise_text(same[1]):
            raise ValueError(f"pair {self.pair_id}: outside of the spans its answers say {same[0]!r} and {same[1]!r}")
        return self


_NO_WORD = re.compile(r"[\W_]+")


def normalise_text(text: str) -> str:
    """The text in lower case, without accents, punctuation and repeated blanks, for comparing answers."""
    if text.isascii():
        return " ".join(_NO_WORD.sub(" ", text.lower()).split())
    folded = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c if c.isalnum() or c.isspace() else " " for c in folded if not unicodedata.combining(c))
    return " ".join(kept.split())


def is_complete(text: str) -> bool:
    """Whether a text has a letter or digit and ends like a sentence."""
    return text.rstrip().endswith((".", "!", "?", "”", '"')) and any(c.isalnum() for c in text)
