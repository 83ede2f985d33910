"""Which videos of a set are evaluated."""

from enum import StrEnum


class EvaluatedSplit(StrEnum):
    """As --split names them."""

    VALIDATION = "validation"
    """Those that training holds out."""
    TEST = "test"
    """The test split."""
    ALL = "all"
    """All, those that were trained on too."""
