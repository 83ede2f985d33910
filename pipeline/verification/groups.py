"""Checks that the pairs of a group agree with each other, and a twin with its group."""

from collections.abc import Iterator

from pipeline.verification.failure import SetFailure
from schemas.interval import Interval
from schemas.pair import Pair

_ROUNDING_SECONDS = 1e-6
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
        self._questions: set[int] = set()
        self._stretches: dict[int, Interval] = {}
        """The stretches of groups that show one alone."""

    @property
    def questions(self) -> int:
        """Questions so far: a twin asks that of its group, and samples of a policy make several groups of one."""
        return len(self._questions)

    def is_new(self, pair: Pair) -> bool:
        """Whether no pair of this group was added before."""
        return hash(pair.group_id) not in self._shared

    def add(self, pair: Pair) -> Iterator[str]:
        """Count the pair, and yield what is wrong with it as part of its group."""
        group = hash(pair.group_id)
        texts = hash(pair.rejected) + (hash(pair.question) + hash(pair.chosen) if self.is_new(pair) else 0)
        self._texts[group] = self._texts.get(group, 0) + texts
        if pair.twin_of is None:
            self._questions.add(hash((pair.clip_id, pair.shown, pair.question)))
        else:
            self._twins[pair.group_id] = pair.twin_of
        shared = hash(tuple(getattr(pair, name) for name in _SHARED))
        if self._shared.setdefault(group, shared) != shared:
            yield f"another pair of group {pair.group_id} differs in what a group shares"

    def add_stretch(self, pair: Pair, stretch: Interval) -> None:
        """Note which stretch a pair's group shows alone."""
        self._stretches[hash(pair.group_id)] = stretch

    def twin_failures(self) -> Iterator[SetFailure]:
        """After all pairs were added: twins without their group, with other texts than their group, or about a stretch
        that shares frames with that of their group.
        """
        for group_id, twin_of in sorted(self._twins.items()):
            if hash(twin_of) not in self._shared:
                yield SetFailure(f"group {group_id}", f"it is the twin of {twin_of}, which is not in the set")
            elif self._texts[hash(twin_of)] != self._texts[hash(group_id)]:
                problem = f"it is the twin of {twin_of}, which has another question or other answers"
                yield SetFailure(f"group {group_id}", problem)
            stretches = [self._stretches.get(hash(name)) for name in (group_id, twin_of)]
            if not _are_apart(*stretches):
                problem = (
                    f"it shows a stretch of the clip alone, and its group, {twin_of}, shows none or a part of that"
                )
                yield SetFailure(f"group {group_id}", problem)


def _are_apart(one: Interval | None, other: Interval | None) -> bool:
    """Whether two groups show stretches that share no frame, or both none."""
    if one is None or other is None:
        return one is other
    return one.overlap_seconds(other) <= _ROUNDING_SECONDS
