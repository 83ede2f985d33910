"""Groups before `finalise`: one question, its true answer, and false answers to it."""

from typing import Self

from pydantic import Field, model_validator

from schemas.claim import ABOUT_EDITS, PREDICATES, Axis, Claim, Predicate, QuestionType, sole_claim
from schemas.interval import Interval
from schemas.pair import Corruption, Evidence, RejectedKind, Verdict
from schemas.projection import Projection
from schemas.record import Record
from schemas.shown import Shown
from schemas.text_span import TextSpan
from schemas.visual_negative import VisualNegative

BY_MODELS = "model"
"""The form of groups that language models write."""
BY_SAMPLING = "samples"
"""The form of groups of answers that a policy sampled."""


class CandidateAnswer(Record):
    """One answer of a group."""

    text: str = Field(min_length=1)
    """One or two plain sentences."""
    claims: tuple[Claim, ...] = ()
    """What it asserts, clause by clause in the order of the text, in a form that can be proven; empty if the writer
    types no claims."""
    parts: tuple[TextSpan, ...] = ()
    """What was filled in, in order of the text: as many parts in all answers of a group, which are equal elsewhere.
    Empty for texts of people and of models."""
    rejected_kind: RejectedKind | None
    """Null for the true answer."""
    adversary_axis: Axis | None = None
    """The axis on which it was made wrong; null for the true answer, for merely irrelevant ones, and for those of
    models that were free to choose."""
    corruption: Corruption = Corruption()
    """The edit that makes it from the true answer."""
    model: str = Field(min_length=1)
    """The writer or model that wrote it."""
    absent: str | None = None
    """For irrelevant answers of models: the thing that it names and the video does not show."""
    verdicts: tuple[Verdict, ...] = ()
    """Filled by `verify`: the proof that it is true, or false."""
    differing: tuple[int, ...] = ()
    """Filled by `verify`, for false answers of several clauses: those that the true answer has otherwise, from 0."""
    difficulty: float | None = None
    """Filled by `finalise`, for false answers: how hard it is to tell it from the true one, 0..1."""

    @property
    def claim(self) -> Claim | None:
        """What it asserts, if that is one claim."""
        return sole_claim(self.claims)


class CandidateGroup(Record):
    """One question with its answers, before finalise."""

    group_id: str
    """From the content hash, the slot and the alternative; unique in the set."""
    slot_id: str
    """The question that this group is one alternative of (other wordings, other absent entities): finalise keeps
    at most one group per slot, with its twins."""
    clip_id: str
    """The clip that the question is about."""
    twin_of: str | None = None
    """The group whose counterfactual twin this is."""
    shown: Shown = Shown()
    """What anyone is shown of the clip."""
    shown_alone: Interval | None = None
    """The stretch that is shown alone; `cut` stores it as a segment and names that in `shown`."""
    question: str = Field(min_length=1)
    """The question, one or two plain sentences."""
    question_model: str = Field(min_length=1)
    """The writer or model that wrote the question."""
    question_type: QuestionType
    """VistaDPO's type."""
    axis: Axis
    """VideoPASTA's axis."""
    form: str
    """The kind of group: grid, values, entities, opposites or numbers; `BY_MODELS` for those of language models,
    `BY_SAMPLING` for samples of a policy."""
    balance: tuple[str, ...]
    """What finalise balances over the set: names of the features that the true answer has, such as
    "camera_moves=still" or "colour=red"; each is matched by `balance_others`."""
    balance_others: tuple[tuple[str, ...], ...]
    """The same features of each false answer, in the order of `answers` without the true one."""
    absent: tuple[str, ...] = ()
    """Entities named by an answer that the video does not contain, such as "red"; finalise keeps the group only
    if each occurs in another video of the set."""
    second_choice: bool = False
    """Whether finalise takes this group only if no other of its slot can be in the set."""
    borrowed: tuple[str, ...] = ()
    """Texts of false answers that tell by themselves that they are false, unless they are true elsewhere; finalise
    keeps the group only if each is the true answer to a question of the same type about another video of the set."""
    open_words: int = Field(default=0, ge=0)
    """False answers that finalise adds: the true one's text with another word, which other videos show and this one
    does not. A group that gets none is left out."""
    answers: tuple[CandidateAnswer, ...]
    """All answers, in an order that does not depend on which is true."""
    evidence: Evidence
    """Where the answer can be seen."""
    event_intervals: tuple[Interval, ...]
    """Every occurrence of the event that the group refers to, on the stored clip's clock: each becomes a segment."""
    keyframe_indices: tuple[int, ...]
    """Sampled frames inside the event."""
    event_shown: Interval | None = None
    """The one of `event_intervals` whose segment alone shows that the true answer is true; null if none does."""
    lacking: Interval | None = None
    """An interval without the event, in which the true answer is false: it becomes a segment too."""
    visual_negatives: tuple[VisualNegative, ...] = ()
    """Specs about the true answer; `cut` adds those with segments, `finalise` those that show other videos."""
    prompt_hashes: tuple[str, ...] = ()
    """Hashes of the templates used; of prompts of language models name, version and hash."""

    @model_validator(mode="after")
    def _has_one_true_answer(self) -> Self:
        true = sum(answer.rejected_kind is None for answer in self.answers)
        false = len(self.answers) - true
        if true != 1 or not (false or self.open_words):
            raise ValueError(f"group {self.group_id}: needs 1 true and some false answers, got {true} and {false}")
        if len(self.balance_others) != false:
            raise ValueError(
                f"group {self.group_id}: {len(self.balance_others)} balance_others for {false} false answers"
            )
        return self

    def segment_of(self, event: Interval) -> str:
        """The id of the segment that `cut` made of one of the event intervals."""
        return self.evidence.segment_ids[list(dict.fromkeys(self.event_intervals)).index(event)]

    @property
    def chosen(self) -> CandidateAnswer:
        """The true answer."""
        return next(answer for answer in self.answers if answer.rejected_kind is None)

    @property
    def rejected(self) -> tuple[CandidateAnswer, ...]:
        """The false answers, in order."""
        return tuple(answer for answer in self.answers if answer.rejected_kind is not None)


class ClaimOutline(Projection):
    """The part of a claim that `finalise` reads to choose."""

    full = Claim

    predicate: Predicate
    value: str | None
    margin: float | None


class AnswerOutline(Projection):
    """The part of an answer that `finalise` reads to choose."""

    full = CandidateAnswer

    text: str
    claims: tuple[ClaimOutline, ...]
    differing: tuple[int, ...]
    rejected_kind: RejectedKind | None


class GroupOutline(Projection):
    """The part of a group that `finalise` reads to choose: a set has ten times as many groups on offer as it holds."""

    full = CandidateGroup

    group_id: str
    slot_id: str
    clip_id: str
    twin_of: str | None
    shown: Shown
    question: str
    question_type: QuestionType
    axis: Axis
    form: str
    balance: tuple[str, ...]
    balance_others: tuple[tuple[str, ...], ...]
    absent: tuple[str, ...]
    second_choice: bool
    borrowed: tuple[str, ...]
    open_words: int
    answers: tuple[AnswerOutline, ...]

    @property
    def chosen(self) -> AnswerOutline:
        """The true answer."""
        return next(answer for answer in self.answers if answer.rejected_kind is None)

    @property
    def rejected(self) -> tuple[AnswerOutline, ...]:
        """The false answers, in order."""
        return tuple(answer for answer in self.answers if answer.rejected_kind is not None)


DESCRIPTION = "description"
"""The theme of answers of several clauses."""


EDIT_THEMES = frozenset(
    value
    for predicate in ABOUT_EDITS
    for value in ((predicate.value,) if predicate is Predicate.PARTS_ORDERED else PREDICATES[predicate].values)
)
"""The themes of answers about planted edits."""


def theme_of(group: CandidateGroup | GroupOutline, answer: CandidateAnswer | AnswerOutline) -> str:
    """What an answer of a group is about, for the balance of the set.

    That is the predicate of its claim, the kind of edit if it is about a planted one, `DESCRIPTION` if it has several
    claims, and the question type if it has none.
    """
    if len(answer.claims) > 1:
        return DESCRIPTION
    if not answer.claims:
        return group.question_type.value
    [claim] = answer.claims
    edit = claim.value if claim.predicate in ABOUT_EDITS and claim.predicate is not Predicate.PARTS_ORDERED else None
    return edit or claim.predicate.value
