"""Which videos of a set are evaluated."""

from enum import StrEnum


class EvaluatedSplit(StrEnum):
    """As --split names them."""

    VALIDATION = "validation"
    """Those that training holds out."""
    TRAIN = "train"
    """Those that training is on; with `data.max_groups`, the groups that this policy was trained on."""
    TEST = "test"
    """The test split."""
    ALL = "all"
    """All, those that were trained on too."""
