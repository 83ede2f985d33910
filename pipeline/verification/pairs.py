"""Does each pair hold together, refer to what is there, and say what its clip proves?"""

from collections.abc import Iterator

from pipeline.dataset.finished_set import FinishedSet
from pipeline.verification.clips import ClipShelf
from pipeline.verification.rows import rows_of
from schemas.clip import UnitClip
from schemas.drop import DropCause
from schemas.interval import Interval
from schemas.pair import Pair, VisualKind, VisualNegative
from stages.claims.proof import ClipProver, prove_pair
from stages.negatives.check import ClipChecks

_GROUP_FIELDS = (
    "clip_id",
    "video_id",
    "split",
    "visual_edit",
    "twin_of",
    "question",
    "question_type",
    "axis",
    "chosen",
    "chosen_claim",
    "evidence",
    "event_intervals",
    "keyframe_indices",
    "visual_negatives",
)
"""What all rows of a group share."""


class PairCheck:
    """Reads all pairs once; what it keeps of them are ids alone."""

    def __init__(self, opened: FinishedSet, shelf: ClipShelf) -> None:
        self._opened = opened
        self._shelf = shelf
        self._pair_ids: set[int] = set()
        self._groups: dict[int, int] = {}
        self._twins: dict[str, str] = {}
        self._texts: dict[int, int] = {}
        """Of each group a sum of the hashes of its texts, in whatever order they come."""
        self._checks: ClipChecks | None = None
        """Those of the clip that was asked about last."""
        self.videos: set[str] = set()
        """Videos with at least one pair."""
        self.clips: set[str] = set()
        """Clips that a pair is about, or borrows for a visual negative."""

    @property
    def count(self) -> int:
        """Pairs read so far."""
        return len(self._pair_ids)

    @property
    def questions(self) -> int:
        """Groups read so far; a twin asks no question of its own."""
        return len(self._groups) - len(self._twins)

    def failures(self) -> Iterator[str]:
        """One line per failure, over all pairs; read only once."""
        for row in rows_of(self._opened, Pair, "pairs"):
            if isinstance(row, str):
                yield row
            else:
                found = dict.fromkeys(self._pair_failures(row.record))  # both answers may fail in one way: said once
                yield from (f"pair {row.record.pair_id}: {what}" for what in found)
        for twin_of, group_id in sorted((twin, group) for group, twin in self._twins.items()):
            if hash(twin_of) not in self._groups:
                yield f"group {group_id}: it is the twin of {twin_of}, which is not in the set"
            elif self._texts[hash(twin_of)] != self._texts[hash(group_id)]:
                yield f"group {group_id}: it is the twin of {twin_of}, which has another question or other answers"

    def _pair_failures(self, pair: Pair) -> Iterator[str]:
        if hash(pair.pair_id) in self._pair_ids:
            yield "a second pair of that id"
        self._pair_ids.add(hash(pair.pair_id))
        first = hash(pair.group_id) not in self._groups
        yield from self._group_failures(pair)
        self.videos.add(pair.video_id)
        borrowed = {n.other_clip_id for n in pair.visual_negatives if n.other_clip_id is not None}
        self.clips |= {pair.clip_id} | borrowed
        for clip_id in sorted({pair.clip_id} | borrowed):
            if clip_id not in self._shelf:
                yield f"clip {clip_id} is not in the set"
        if pair.clip_id in self._shelf:
            if (owner := self._shelf.video_id(pair.clip_id)) != pair.video_id:
                yield f"its video is {pair.video_id}, that of its clip {owner}"
            prover = self._shelf.prover(pair.clip_id)
            yield from (_in_words(failure) for failure in prove_pair(pair, prover))
            if first:
                yield from _overlaps(pair, prover.clip)
                yield from self._unbroken(pair, prover)

    def _group_failures(self, pair: Pair) -> Iterator[str]:
        if pair.twin_of is not None:
            self._twins[pair.group_id] = pair.twin_of
        first = 0 if hash(pair.group_id) in self._groups else hash(pair.question) + hash(pair.chosen)
        self._texts[hash(pair.group_id)] = self._texts.get(hash(pair.group_id), 0) + first + hash(pair.rejected)
        shared = hash(tuple(getattr(pair, name) for name in _GROUP_FIELDS))
        if self._groups.setdefault(hash(pair.group_id), shared) != shared:
            yield f"it differs from another pair of group {pair.group_id} in what a group shares"

    def _unbroken(self, pair: Pair, prover: ClipProver) -> Iterator[str]:
        """Specs that are not proven again; they are about the chosen answer, equal in all rows of the group."""
        claim = pair.chosen_claim
        if claim is None:
            if pair.visual_negatives:
                yield "visual negatives of an answer without a claim cannot be proven"
            return
        for negative in pair.visual_negatives:
            if not prover.clip.has_frames(negative.frame_indices):
                continue  # said above
            other = None
            if negative.other_clip_id is not None:
                if negative.other_clip_id not in self._shelf:
                    continue  # said above
                other = self._shelf.prover(negative.other_clip_id)
                yield from _borrowed_wrongly(pair, negative, other.clip, self._shelf)
            if self._checks is None or self._checks.prover is not prover:
                self._checks = ClipChecks(prover, self._shelf.proof)
            check, texts = self._checks.of(pair.visual_edit), (pair.question, pair.chosen)
            failure = check.failure(claim, texts, negative, other.view() if other else None)
            if failure is not None:
                yield f"visual negative {_in_words(failure)}"


def _borrowed_wrongly(pair: Pair, negative: VisualNegative, other: UnitClip, shelf: ClipShelf) -> Iterator[str]:
    if shelf.video_id(other.clip_id) == pair.video_id:
        yield f"visual negative {negative.kind}: clip {other.clip_id} is of the same video"
    if negative.segment_id is not None and negative.segment_id not in {s.segment_id for s in other.segments}:
        yield f"visual negative {negative.kind}: clip {other.clip_id} has no segment {negative.segment_id}"


def _overlaps(pair: Pair, clip: UnitClip) -> Iterator[str]:
    segments = {s.segment_id: Interval(start_seconds=s.start_seconds, end_seconds=s.end_seconds) for s in clip.segments}
    for negative in pair.visual_negatives:
        shown = segments.get(negative.segment_id or "")
        if negative.kind is VisualKind.OTHER_SEGMENT and shown is not None:
            for event in pair.event_intervals:
                if (iou := shown.iou(event)) > 0:
                    yield f"a temporal negative shows the event: IoU {iou:.2f}, must be 0"


def _in_words(failure: DropCause) -> str:
    figures = "" if failure.measured is None else f" ({failure.measured:g}"
    if figures:
        figures += ")" if failure.limit is None else f" against {failure.limit:g})"
    return f"{failure.reason.value.replace('_', ' ')}: {failure.detail}{figures}"
