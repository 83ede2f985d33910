"""The section `data` of a training recipe: which rows, how they are shown, and in which order."""

from enum import StrEnum

from pydantic import Field

from schemas.record import Record
from stages.visuals.resolution import Resolution


class RowSelection(StrEnum):
    """Which rows a method trains on."""

    ALL = "all"
    """Every row (DPO)."""
    BEST_OF_EACH_KIND = "best_of_each_kind"
    """The clearest relevant and the clearest irrelevant row of each group (VistaDPO)."""
    ADVERSARIES = "adversaries"
    """Rows whose rejected answer was made wrong on an axis (VideoPASTA)."""
    SELF_SAMPLED = "self_sampled"
    """Rows whose answers a policy has sampled (ISR-DPO)."""
    CHOSEN = "chosen"
    """Only the chosen answers (SFT)."""


class TrainingOrder(StrEnum):
    """In which order groups are trained on."""

    SHUFFLED = "shuffled"
    """All of them, mixed anew in each epoch."""
    EASY_FIRST = "easy_first"
    """Lot by lot, the easiest first; within a lot mixed anew in each epoch."""


class DifficultyMeasure(StrEnum):
    """What says how hard a group is."""

    ROW = "row"
    """The column `difficulty` of the set: how clearly the answers are proven apart."""
    REFERENCE = "reference"
    """How little likelier the reference finds the chosen answer."""


class VisualChoice(StrEnum):
    """Which visual negatives of a level are trained on."""

    BEST_KIND = "best_kind"
    """The one of the most useful kind."""
    HARDEST = "hardest"
    """The one on which the reference finds the chosen answer least unlikely."""
    SPREAD = "spread"
    """One that is hard in some groups and easy in others, evenly."""
    ALL = "all"
    """All of them: the level's loss is their mean."""

    @property
    def asks_reference(self) -> bool:
        """Whether it is made by the reference's scores."""
        return self in (VisualChoice.HARDEST, VisualChoice.SPREAD)


class DataConfig(Record):
    """The section `data`."""

    rows: RowSelection = RowSelection.ALL
    """all, best_of_each_kind, adversaries, self_sampled or chosen."""
    num_frames: int | None = Field(default=None, ge=1)
    """Frames of a clip that the policy is shown; by default what its family was made for, else all stored frames."""
    short_side: int | None = Field(default=None, ge=28)
    """Most pixels of the shorter side of a frame; larger frames are scaled down. Families whose processor gives every
    frame one size (LLaVA, Video-LLaVA) use the same memory whatever it is."""
    max_pixels: int | None = Field(default=None, ge=28 * 28)
    """Most pixels of a frame, like short_side; if both are set, the smaller of the two sizes."""
    held_out_share: float = Field(default=0.05, ge=0, lt=1)
    """Share of the videos that is held out if the set has no validation split; chosen by hash of the video's id."""
    held_out_groups: int = Field(default=64, ge=1)
    """Most groups of held-out videos that an evaluation scores; from as many videos as possible."""
    probe_questions: int = Field(default=8, ge=0)
    """Questions about held-out videos that the policy answers in its own words at each evaluation."""
    order: TrainingOrder = TrainingOrder.SHUFFLED
    """shuffled or easy_first."""
    stages: int = Field(default=4, ge=2)
    """Number of lots of order easy_first; each is trained on for `run.epochs` epochs before the next."""
    difficulty: DifficultyMeasure = DifficultyMeasure.ROW
    """row or reference; only for order easy_first."""
    visual: VisualChoice = VisualChoice.BEST_KIND
    """best_kind, hardest, spread or all; only for method vistadpo."""
    max_groups: int | None = Field(default=None, ge=1)
    """Most groups to train on, the first in order of id; a group and its twin are taken both or neither."""

    @property
    def resolution(self) -> Resolution:
        """How large frames are shown."""
        return Resolution(self.short_side, self.max_pixels)
