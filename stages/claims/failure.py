"""Why something is not proven."""

from dataclasses import dataclass

from schemas.drop import Drop, DropReason, ItemType


@dataclass(frozen=True)
class Failure:
    """Why an answer, a pair or a group is not proven."""

    reason: DropReason
    detail: str
    """The predicate, or a fixed phrase."""
    measured: float | None = None
    """The margin, or what else was measured."""
    limit: float | None = None
    """The least of it that is enough."""

    def drop(self, item_id: str, item_type: ItemType, stage: str) -> Drop:
        """The drop of an item that fails so, by a stage."""
        return Drop(
            item_id=item_id,
            item_type=item_type,
            video_id=None,
            uri=None,
            stage=stage,
            reason=self.reason,
            measured=self.measured,
            limit=self.limit,
            detail=self.detail,
        )
