"""The choices of a training recipe about the order of groups and about visual negatives."""

from enum import StrEnum


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
