"""The rows of one question, and the same with pixels."""

from dataclasses import dataclass

from schemas.claim import Axis, QuestionType
from schemas.pair import RejectedKind
from schemas.shown import AS_STORED, Shown
from schemas.text_span import TextSpan
from schemas.visual_negative import VisualLevel, VisualNegative
from stages.visuals.visual import Visual


@dataclass(frozen=True)
class AnswerText:
    """One answer of a group: the chosen one, or a rejected one with the row that it comes from."""

    text: str
    pair_id: str | None = None
    """The row that holds it as rejected; null for the chosen answer."""
    kind: RejectedKind | None = None
    """Null for the chosen answer."""
    adversary_axis: Axis | None = None
    """The axis on which it was made wrong; null for the chosen answer and for merely irrelevant ones."""
    weight: float = 1.0
    """The row's weight, axis weights included; 1 for the chosen answer."""
    spans: tuple[TextSpan, ...] = ()
    """The words in which a rejected answer differs from the chosen one; none for the chosen answer."""
    chosen_spans: tuple[TextSpan, ...] = ()
    """The words in which the chosen answer differs from this rejected one."""
    difficulty: float | None = None
    """0 (easiest to see) to 1; null for the chosen answer, and if nothing was measured."""


@dataclass(frozen=True)
class GroupRows:
    """All rows of one question, without pixels: those of a whole set are held in memory."""

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
    """Specs of corrupted visuals on which the chosen answer is false."""
    shown: Shown = AS_STORED
    """What is shown of the clip."""
    twin_of: str | None = None
    """The group whose counterfactual twin this is."""

    @property
    def chosen(self) -> AnswerText:
        """The answer that is proven true."""
        return self.answers[0]

    @property
    def rejected(self) -> tuple[AnswerText, ...]:
        """The answers that are proven false; none for SFT."""
        return self.answers[1:]

    @property
    def twins_id(self) -> str:
        """The same id for a group and its twin."""
        return self.twin_of or self.group_id

    def place_of(self, kind: RejectedKind) -> int | None:
        """Index in `answers` of the first of that kind; None if there is none."""
        return next((k for k, answer in enumerate(self.answers) if answer.kind is kind), None)


@dataclass(frozen=True)
class Contrast:
    """One visual negative as pixels: the chosen answer must be likelier on `preferred` than on `negative`."""

    level: VisualLevel
    kind: str
    """The corruption at that level."""
    preferred: Visual | None
    """The visual that shows the claim; null if it is the group's own visual (instance level)."""
    negative: Visual
    """The visual that does not show the claim."""
    place: int = 0
    """Its spec's place in `GroupRows.negatives`."""
    share: float = 1.0
    """Its part of the level: a level's loss is the mean over its contrasts."""


@dataclass(frozen=True)
class TrainGroup:
    """A question with its pixels: one visual, K answers, and its contrasts, by default at most one per level."""

    rows: GroupRows
    preferred: Visual
    """The clip that the question is about, as the group shows it."""
    contrasts: tuple[Contrast, ...] = ()
    """In order of level: instance, temporal, perceptive; levels without a negative are missing."""
