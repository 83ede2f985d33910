"""Which videos of a set are evaluated."""

from enum import StrEnum


class EvaluatedSplit(StrEnum):
    """The values of --split."""

    VALIDATION = "validation"
    """The videos that training holds out."""
    TRAIN = "train"
    """The videos of the training; if `data.max_groups` limited it, only the groups that this policy was trained on."""
    TEST = "test"
    """The test split."""
    ALL = "all"
    """All videos, including those of the training."""
