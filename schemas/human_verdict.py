"""What a person says of a pair."""

import hashlib
from enum import StrEnum

from pydantic import Field

from schemas.record import Record


class Judgement(StrEnum):
    """Whether the labels of a pair are right: the chosen answer is true of what is shown, the rejected one false."""

    RIGHT = "right"
    DOUBTFUL = "doubtful"
    """It cannot be decided by what is shown."""
    WRONG = "wrong"


class HumanVerdict(Record):
    """What one reviewer says of one pair."""

    pair_id: str = Field(min_length=1)
    """The pair."""
    texts_sha256: str
    """`texts_hash` of the texts that were judged: a pair with other texts is not judged by this."""
    reviewer: str = Field(min_length=1)
    """Who says so."""
    judgement: Judgement | None = None
    """Null if it is not judged, or not yet."""
    is_worth: bool | None = None
    """Whether it is worth training on; null if nothing is said."""
    note: str = ""
    """Words of the reviewer."""
    picked_chosen: bool | None = None
    """Whether the reviewer took the chosen answer for the true one before the labels were shown; null if they were
    shown at once."""
    judged_at: str
    """When it was last changed: UTC, ISO 8601 with seconds."""

    @property
    def objects(self) -> bool:
        """Whether the pair should not be trained on."""
        return self.judgement in (Judgement.DOUBTFUL, Judgement.WRONG) or self.is_worth is False

    @property
    def says_nothing(self) -> bool:
        """Whether nothing is said of the pair."""
        return self.judgement is None and self.is_worth is None and not self.note and self.picked_chosen is None


def texts_hash(question: str, chosen: str, rejected: str) -> str:
    """SHA-256, hex, of the texts of a pair."""
    return hashlib.sha256("\0".join((question, chosen, rejected)).encode()).hexdigest()
