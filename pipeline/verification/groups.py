"""Checks that the pairs of a group agree with each other, and a twin with its group."""

from collections.abc import Iterator

from pipeline.verification.failure import SetFailure
from schemas.pair import Pair

_SHARED = (
    "clip_id",
    "video_id",
    "split",
    "shown",
    "twin_of",
    "question",
    "question_type",
    "axis",
    "chosen",
    "chosen_claims",
    "evidence",
    "event_intervals",
    "keyframe_indices",
    "visual_negatives",
)
"""The fields that are equal in all pairs of a group."""


class GroupCheck:
    """What the pairs read so far say about their groups.

    Ids and texts are kept as their hashes, 8 bytes each, so that a set of ten million pairs fits in memory.
    """

    def __init__(self) -> None:
        self._shared: dict[int, int] = {}
        self._texts: dict[int, int] = {}
        """Per group the sum of the hashes of its question and answers: a sum, as a twin's come in another order."""
        self._twins: dict[str, str] = {}

    @property
    def questions(self) -> int:
        """Groups so far, without twins: a twin asks the question of its group."""
        return len(self._shared) - len(self._twins)

    def is_new(self, pair: Pair) -> bool:
        """Whether no pair of this group was added before."""
        return hash(pair.group_id) not in self._shared

    def add(self, pair: Pair) -> Iterator[str]:
        """Count the pair, and yield what is wrong with it as part of its group."""
        group = hash(pair.group_id)
        texts = hash(pair.rejected) + (hash(pair.question) + hash(pair.chosen) if self.is_new(pair) else 0)
        self._texts[group] = self._texts.get(group, 0) + texts
        if pair.twin_of is not None:
            self._twins[pair.group_id] = pair.twin_of
        shared = hash(tuple(getattr(pair, name) for name in _SHARED))
        if self._shared.setdefault(group, shared) != shared:
            yield f"another pair of group {pair.group_id} differs in what a group shares"

    def twin_failures(self) -> Iterator[SetFailure]:
        """After all pairs were added: twins without their group, and twins with other texts than their group."""
        for group_id, twin_of in sorted(self._twins.items()):
            if hash(twin_of) not in self._shared:
                yield SetFailure(f"group {group_id}", f"it is the twin of {twin_of}, which is not in the set")
            elif self._texts[hash(twin_of)] != self._texts[hash(group_id)]:
                problem = f"it is the twin of {twin_of}, which has another question or other answers"
                yield SetFailure(f"group {group_id}", problem)
