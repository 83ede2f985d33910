"""The rows of one question, and the same with pixels."""

from dataclasses import dataclass

from schemas.claim import Axis, QuestionType
from schemas.pair import RejectedKind, VisualEdit, VisualLevel, VisualNegative
from stages.visuals import Visual


@dataclass(frozen=True)
class AnswerText:
    """One answer of a group: the chosen one, or a rejected one with the row that it comes from."""

    text: str
    """The answer."""
    pair_id: str | None = None
    """The row that holds it as rejected; null for the chosen answer."""
    kind: RejectedKind | None = None
    """Relevant, irrelevant, self_sampled; null for the chosen answer."""
    adversary_axis: Axis | None = None
    """The axis on which it was made wrong; null for the chosen answer and for merely irrelevant ones."""
    weight: float = 1.0
    """The row's weight, axis weights included; 1 for the chosen answer."""


@dataclass(frozen=True)
class GroupRows:
    """All rows of one question, without pixels: a whole set of these is held in memory."""

    group_id: str
    clip_id: str
    video_id: str
    axis: Axis
    """The axis of the question."""
    question_type: QuestionType
    question: str
    answers: tuple[AnswerText, ...]
    """The chosen answer first, then the rejected ones in order of pair_id."""
    negatives: tuple[VisualNegative, ...] = ()
    """Specs about the chosen answer."""
    visual_edit: VisualEdit = VisualEdit.NONE
    """What is done to the clip before anyone sees it."""
    twin_of: str | None = None
    """The group whose counterfactual twin this is."""

    @property
    def chosen(self) -> AnswerText:
        """The answer that is proven true."""
        return self.answers[0]

    @property
    def rejected(self) -> tuple[AnswerText, ...]:
        """The answers that are proven false, at least one but for SFT."""
        return self.answers[1:]

    @property
    def family_id(self) -> str:
        """The same for a group and its twin."""
        return self.twin_of or self.group_id

    def place_of(self, kind: RejectedKind) -> int | None:
        """Which of `answers` is the first of that kind; None where there is none."""
        return next((k for k, answer in enumerate(self.answers) if answer.kind is kind), None)


@dataclass(frozen=True)
class Contrast:
    """One visual negative made into pixels: the chosen answer must be likelier on `preferred` than on `negative`."""

    level: VisualLevel
    kind: str
    """The corruption at that level."""
    preferred: Visual | None
    """The visual that shows the claim; null where that is the group's own visual (instance level)."""
    negative: Visual
    """The visual that does not."""


@dataclass(frozen=True)
class TrainGroup:
    """A question with its pixels: one visual, K answers, and at most one contrast a level."""

    rows: GroupRows
    preferred: Visual
    """What the question is about, the visual edit done."""
    contrasts: tuple[Contrast, ...] = ()
    """In order of level: instance, temporal, perceptive; a level without a negative is not there."""
