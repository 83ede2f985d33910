"""What is held in flight: the rows of a question, and the same with pixels. Axes: N frame, H, W, C channel."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas.claim import Axis, QuestionType
from schemas.pair import RejectedKind, VisualEdit, VisualLevel, VisualNegative


@dataclass(frozen=True)
class Frames:
    """A visual: what a policy is shown."""

    frames_NHWC: NDArray[np.uint8]
    """Upright RGB pixels, all of one size."""
    pts_seconds: NDArray[np.float64]
    """(N,) true times on the clip's clock, never decreasing."""

    def __post_init__(self) -> None:
        shape, times = self.frames_NHWC.shape, self.pts_seconds.shape
        if len(shape) != 4 or shape[-1] != 3 or shape[0] < 1 or self.frames_NHWC.dtype != np.uint8:
            raise ValueError(f"frames must be uint8 of shape (N >= 1, H, W, 3), got {self.frames_NHWC.dtype} {shape}")
        if times != shape[:1]:
            raise ValueError(f"{shape[0]} frames need as many times, got shape {times}")
        if np.any(np.diff(self.pts_seconds) < 0):
            raise ValueError(f"frame times must not decrease, got {self.pts_seconds.tolist()}")

    @property
    def count(self) -> int:
        """Number of frames."""
        return int(self.frames_NHWC.shape[0])


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
    preferred: Frames | None
    """The visual that shows the claim; null where that is the group's own visual (instance level)."""
    negative: Frames
    """The visual that does not."""


@dataclass(frozen=True)
class TrainGroup:
    """A question with its pixels: one visual, K answers, and at most one contrast a level."""

    rows: GroupRows
    preferred: Frames
    """What the question is about, the visual edit done."""
    contrasts: tuple[Contrast, ...] = ()
    """In order of level: instance, temporal, perceptive; a level without a negative is not there."""
