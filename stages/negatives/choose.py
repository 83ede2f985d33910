"""A proven group gets its visual negatives: of every kind that may break its true answer, a spec that the checker finds
to break it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from schemas.claim import Claim
from schemas.group import CandidateGroup
from schemas.interval import Interval
from schemas.pair import VisualKind, VisualLevel, VisualNegative
from stages.claims.checked import Truth
from stages.claims.proof import ClipProver, ProofConfig
from stages.claims.visual_edit import edited_interval
from stages.negatives.check import Checks, NegativeCheck
from stages.negatives.places import area_of, control_of, moves
from stages.negatives.table import BREAKS

_FRAMES_TRIED = 12
_LIKE_LENGTH = 1.25
"""A segment without the event is no longer and no shorter than that of the event by more than this factor."""
_WINDOW_STEP = 0.5  # of the event's length

Texts = tuple[str, str]


@dataclass(frozen=True)
class NegativeChooser:
    """Chooses the specs of one clip's groups."""

    prover: ClipProver
    proof: ProofConfig
    checks: Checks
    """By the same margins."""
    kinds: frozenset[VisualKind]
    """What may be offered."""
    intervals: tuple[Interval, ...]
    """What becomes a segment anyway: a segment without the event is first sought among these."""
    orders: tuple[int, ...]
    """Seeds of the orders that are tried in shuffling: few, for each is a scene of its own."""
    _done: dict[tuple[object, ...], tuple[tuple[VisualNegative, ...], Interval | None, Interval | None]] = field(
        default_factory=dict
    )
    _looks: dict[Interval, tuple[set[int], range, float]] = field(default_factory=dict)

    def chosen(self, group: CandidateGroup, rng: Generator) -> CandidateGroup:
        """The group with its specs, best kinds first; those of segments wait for `cut`, in `shown` and `lacking`."""
        seed = int(rng.integers(2**31))
        claim = group.chosen.claim.model_copy(update={"margin": None})
        # alternatives of a question differ in words that change nothing of this
        said = (claim.predicate, claim.value, claim.subject_tracks, claim.object_tracks, claim.intervals)
        key = (group.visual_edit, group.event_intervals, *said)
        if key not in self._done:
            check = self.checks.of(self.prover, group.visual_edit)
            specs = tuple(self._specs(claim, (group.question, group.chosen.text), check, seed))
            self._done[key] = (specs, *self._segments(group, claim, check))
        specs, shown, lacking = self._done[key]
        return group.model_copy(update={"visual_negatives": specs, "shown": shown, "lacking": lacking})

    def _specs(self, claim: Claim, texts: Texts, check: NegativeCheck, seed: int) -> Iterator[VisualNegative]:
        offers: dict[VisualKind, Callable[[], Iterator[VisualNegative]]] = {
            VisualKind.SHUFFLED: lambda: (_spec(VisualKind.SHUFFLED, seed=order) for order in self.orders),
            VisualKind.RANDOM_MASK: lambda: self._masks(claim, seed),
            VisualKind.MOVED: lambda: self._moved(claim, check),
            VisualKind.INPAINTED: lambda: self._wiped(claim, check, VisualKind.INPAINTED),
            VisualKind.FILLED: lambda: self._wiped(claim, check, VisualKind.FILLED),
            VisualKind.OTHER_FRAME: lambda: self._other_frames(claim, check),
        }
        for kind in VisualKind:
            if kind not in BREAKS[claim.predicate] & self.kinds or kind.borrows or kind.level is VisualLevel.TEMPORAL:
                continue
            offered = offers[kind]() if kind in offers else iter([_spec(kind, seed=seed)])
            proven = (spec for spec in offered if check.failure(claim, texts, spec) is None)
            yield from [spec for spec in [next(proven, None)] if spec is not None]

    def _masks(self, claim: Claim, seed: int) -> Iterator[VisualNegative]:
        tracks = {track.track_id: track for track in self.prover.clip.scene.tracks}
        for track_id in claim.subject_tracks:
            if tracks[track_id].boxes:
                yield _spec(VisualKind.RANDOM_MASK, track_id=track_id, seed=seed)

    def _keyframes(self, claim: Claim, check: NegativeCheck) -> Iterator[int]:
        """Frames inside the claim's stretch that alone show that it is true, those nearest to its middle first."""
        if len(claim.intervals) != 1:
            return
        interval = claim.intervals[0]
        middle = (interval.start_seconds + interval.end_seconds) / 2
        moments = self._moments_within_shots(check)
        inside = [index for index, moment in moments.items() if interval.contains(moment)]
        for index in sorted(inside, key=lambda index: abs(moments[index] - middle))[:_FRAMES_TRIED]:
            found = check.on_still(claim, index)
            if found.truth is Truth.TRUE and self.proof.margins.allow(found):
                yield index

    def _wiped(self, claim: Claim, check: NegativeCheck, kind: VisualKind) -> Iterator[VisualNegative]:
        for index in self._keyframes(claim, check):
            for track_id in (check.seen_as(named, index) for named in claim.subject_tracks):
                area = area_of(check, track_id, index)
                control = control_of(area, None, check, index) if area else None
                if control:
                    yield _spec(kind, preferred_frame_index=index, track_id=track_id, control=control)

    def _moved(self, claim: Claim, check: NegativeCheck) -> Iterator[VisualNegative]:
        for index in self._keyframes(claim, check):
            for track_id in (check.seen_as(named, index) for named in claim.subject_tracks):
                area = area_of(check, track_id, index)
                for shift in moves(claim, area, check, index) if area else ():
                    there = {"shift_x": shift.shift_x, "shift_y": shift.shift_y}
                    control = control_of(area, shift, check, index) if area else None
                    if control:
                        yield _spec(
                            VisualKind.MOVED, preferred_frame_index=index, track_id=track_id, control=control, **there
                        )

    def _other_frames(self, claim: Claim, check: NegativeCheck) -> Iterator[VisualNegative]:
        key = next(self._keyframes(claim, check), None)
        if key is None:
            return
        moments = self._moments_within_shots(check)
        outside = [index for index, moment in moments.items() if not claim.intervals[0].contains(moment)]
        for index in sorted(outside, key=lambda index: abs(index - key)):
            yield _spec(VisualKind.OTHER_FRAME, preferred_frame_index=key, frame_index=index)

    def _moments_within_shots(self, check: NegativeCheck) -> dict[int, float]:
        """When the stored frames are shown, by number, of those of which it is certain which shot they belong to."""
        moments = {index: check.footage.seconds(index) for index in range(len(self.prover.clip.frames))}
        starts, edge = check.footage.scene.shot_starts, self.proof.edge_seconds
        return {i: at for i, at in moments.items() if all(abs(at - start) > edge for start in starts)}

    def _segments(
        self, group: CandidateGroup, claim: Claim, check: NegativeCheck
    ) -> tuple[Interval | None, Interval | None]:
        """An event whose segment shows that the claim is true, and a stretch of like length without any event."""
        if VisualKind.OTHER_SEGMENT not in BREAKS[claim.predicate]:
            return None, None
        margins = self.proof.margins
        scene = check.footage.scene
        for shown in group.event_intervals:
            found = check.on_segment(claim, edited_interval(scene, group.visual_edit, shown))
            if found.truth is not Truth.TRUE or not margins.allow(found):
                continue
            for lacking in self._windows(shown, group.event_intervals):
                off = check.off_segment(claim, edited_interval(scene, group.visual_edit, lacking))
                if off.truth is Truth.FALSE and margins.allow(off):
                    return shown, lacking if VisualKind.OTHER_SEGMENT in self.kinds else None
            return shown, None
        return None, None

    def _windows(self, shown: Interval, events: Sequence[Interval]) -> Iterator[Interval]:
        """Stretches of like length that share nothing with an event: stored ones first, each the most alike first."""
        clip, length = self.prover.clip, shown.duration_seconds
        stored = [i for i in self.intervals if 1 / _LIKE_LENGTH <= i.duration_seconds / length <= _LIKE_LENGTH]
        starts = np.arange(clip.start_seconds, clip.end_seconds - length + 1e-9, _WINDOW_STEP * length)
        fresh = [Interval(start_seconds=float(s), end_seconds=float(s) + length) for s in starts]
        for windows in (stored, fresh):
            free = [w for w in windows if not any(w.iou(event) > 0 for event in events)]
            yield from sorted(free, key=lambda window: self._unlikeness(shown, window))

    def _unlikeness(self, a: Interval, b: Interval) -> tuple[float, float]:
        """How differently two stretches of the clip look: things in view, shot and brightness; then seconds between."""
        (seen_a, shots_a, luma_a), (seen_b, shots_b, luma_b) = self._look(a), self._look(b)
        things = len(seen_a ^ seen_b) / max(1, len(seen_a | seen_b))
        return round(things + (shots_a != shots_b) + abs(luma_a - luma_b), 6), -a.overlap_seconds(b)

    def _look(self, stretch: Interval) -> tuple[set[int], range, float]:
        """Which things a stretch of the stored clip shows, which shots, and how bright it is."""
        if stretch not in self._looks:
            view = self.prover.view()
            seconds_M = view.seconds_M(stretch)
            luma = float(seconds_M @ view.lumas_M) / max(1e-9, float(seconds_M.sum()))
            seen = {number for number, thing in enumerate(view.things) if thing.is_seen(stretch)}
            self._looks[stretch] = (seen, view.shots(stretch), luma)
        return self._looks[stretch]


def _spec(kind: VisualKind, **fields: object) -> VisualNegative:
    return VisualNegative.model_validate({"level": kind.level, "kind": kind, **fields})
