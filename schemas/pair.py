"""A preference pair as it is stored, and its parts."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from schemas.claim import Axis, Claim, QuestionType
from schemas.interval import Interval
from schemas.record import Record
from schemas.shown import Shown
from schemas.text_span import TextSpan, outside
from schemas.video import Split
from schemas.visual_negative import VisualNegative


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
