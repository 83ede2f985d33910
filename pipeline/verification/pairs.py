"""Checks that each pair refers to what the set holds, and that its clip proves its claims and visual negatives."""

from collections.abc import Iterator

from pipeline.dataset.finished_set import FinishedSet
from pipeline.verification.clips import StoredClips
from pipeline.verification.failure import SetFailure
from pipeline.verification.groups import GroupCheck
from pipeline.verification.rows import rows_of
from schemas.claim import sole_claim
from schemas.clip import UnitClip
from schemas.drop import DropCause
from schemas.interval import Interval
from schemas.pair import Pair
from schemas.visual_negative import VisualKind, VisualNegative
from stages.claims.answers import prove_pair
from stages.claims.proof import ClipProver
from stages.negatives.check import ClipChecks


class PairCheck:
    """Reads all pairs once."""

    def __init__(self, opened: FinishedSet, clips: StoredClips) -> None:
        self._opened = opened
        self._clips = clips
        self._pair_ids: set[int] = set()  # hashes, to save memory
        self._checks: ClipChecks | None = None  # of the clip that was needed last
        self.groups = GroupCheck()
        self.videos: set[str] = set()
        """Videos with at least one pair."""
        self.clip_ids: set[str] = set()
        """Clips that a pair is about, or borrows for a visual negative."""

    @property
    def count(self) -> int:
        """Pairs read so far."""
        return len(self._pair_ids)

    def failures(self) -> Iterator[SetFailure]:
        """Read all pairs and yield the failures; call it once."""
        for row in rows_of(self._opened, Pair, "pairs"):
            if isinstance(row, SetFailure):
                yield row
            else:
                problems = dict.fromkeys(self._problems(row.record))  # both answers may fail in the same way
                yield from (SetFailure(f"pair {row.record.pair_id}", problem) for problem in problems)
        yield from self.groups.twin_failures()

    def _problems(self, pair: Pair) -> Iterator[str]:
        if hash(pair.pair_id) in self._pair_ids:
            yield "another pair has the same id"
        self._pair_ids.add(hash(pair.pair_id))
        is_new_group = self.groups.is_new(pair)
        yield from self.groups.add(pair)
        self.videos.add(pair.video_id)
        swapped = {edit.other_clip_id for edit in pair.shown.edits if edit.other_clip_id is not None}
        clip_ids = {pair.clip_id} | {n.other_clip_id for n in pair.visual_negatives if n.other_clip_id is not None}
        clip_ids |= swapped
        self.clip_ids |= clip_ids
        for clip_id in sorted(clip_ids):
            if clip_id not in self._clips:
                yield f"clip {clip_id} is not in the set"
        if pair.clip_id in self._clips:
            if (owner := self._clips.video_id(pair.clip_id)) != pair.video_id:
                yield f"its video is {pair.video_id}, but its clip is of video {owner}"
            prover = self._clips.prover(pair.clip_id)
            for clip_id in sorted(swapped):
                if clip_id in self._clips:
                    prover.lend(self._clips.prover(clip_id).clip)
            yield from (_words(failure) for failure in prove_pair(pair, prover))
            if alone := prover.clip.segment(pair.shown.segment_id):
                self.groups.add_stretch(pair, alone.interval)
            if is_new_group:  # visual negatives are about the chosen answer, and equal in all pairs of a group
                yield from _overlaps(pair, prover.clip)
                yield from self._negative_problems(pair, prover)

    def _negative_problems(self, pair: Pair, prover: ClipProver) -> Iterator[str]:
        claim = sole_claim(pair.chosen_claims)
        if claim is None:
            if pair.visual_negatives and not _is_judged(pair):
                yield "its visual negatives are neither proven, since its chosen answer is not one claim, nor judged"
            return
        for negative in pair.visual_negatives:
            if not prover.clip.has_frames(negative.frame_indices):
                continue  # `prove_pair` reports it
            other = None
            if negative.other_clip_id is not None:
                if negative.other_clip_id not in self._clips:
                    continue  # reported above
                other = self._clips.prover(negative.other_clip_id)
                yield from self._borrowing_problems(pair, negative, other.clip)
            if self._checks is None or self._checks.prover is not prover:
                self._checks = ClipChecks(prover, self._clips.proof)
            texts, view = (pair.question, pair.chosen), other.view() if other else None
            failure = self._checks.failure(pair.shown, claim, texts, negative, view)
            if failure is not None:
                yield f"visual negative {negative.kind.value}: {_words(failure)}"

    def _borrowing_problems(self, pair: Pair, negative: VisualNegative, other: UnitClip) -> Iterator[str]:
        if self._clips.video_id(other.clip_id) == pair.video_id:
            yield f"visual negative {negative.kind.value}: clip {other.clip_id} is of the same video"
        if negative.segment_id is not None and negative.segment_id not in {s.segment_id for s in other.segments}:
            yield f"visual negative {negative.kind.value}: clip {other.clip_id} has no segment {negative.segment_id}"


def _is_judged(pair: Pair) -> bool:
    """Whether a judge has seen the chosen answer and its visual negatives, because no claim decides."""
    return not pair.chosen_claims and any(v.check == "faithful" and v.passed for v in pair.verdicts)


def _overlaps(pair: Pair, clip: UnitClip) -> Iterator[str]:
    segments = {s.segment_id: Interval(start_seconds=s.start_seconds, end_seconds=s.end_seconds) for s in clip.segments}
    for negative in pair.visual_negatives:
        segment = segments.get(negative.segment_id or "")
        if negative.kind is VisualKind.OTHER_SEGMENT and segment is not None:
            for event in pair.event_intervals:
                if (iou := segment.iou(event)) > 0:
                    yield f"segment {negative.segment_id} of a temporal negative shows the event: IoU {iou:.2f}, not 0"


def _words(cause: DropCause) -> str:
    numbers = {"measured": cause.measured, "limit": cause.limit}
    figures = ", ".join(f"{name} {number:g}" for name, number in numbers.items() if number is not None)
    words = ": ".join(filter(None, (cause.reason.value.replace("_", " "), cause.detail)))
    return f"{words} ({figures})" if figures else words
