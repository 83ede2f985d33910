"""A proven group gets its visual negatives: for each kind that may break its true answer, one that provably does."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from schemas.claim import Claim
from schemas.group import CandidateGroup
from schemas.interval import Interval
from schemas.visual_negative import VisualKind, VisualLevel, VisualNegative
from stages.claims.checked import TruthValue
from stages.claims.edited_scene import edited_interval
from stages.claims.proof import ProofConfig
from stages.negatives.areas import area_of, control_of, moves
from stages.negatives.check import ClipChecks, NegativeCheck
from stages.negatives.table import BREAKS

_FRAMES_TRIED = 12  # keyframes tried for one claim
_LENGTH_RATIO = 1.25  # the segment without the event is at most this many times longer or shorter than the event
_WINDOW_STEP = 0.5  # of the event's length

Texts = tuple[str, str]


@dataclass(frozen=True)
class _Choice:
    """What is chosen for one claim."""

    negatives: tuple[VisualNegative, ...]
    shown: Interval | None
    lacking: Interval | None


class NegativeChooser:
    """Chooses the visual negatives of one clip's groups. Groups with the same claim share one choice."""

    def __init__(
        self,
        checks: ClipChecks,
        proof: ProofConfig,
        *,
        kinds: frozenset[VisualKind],
        intervals: tuple[Interval, ...],
        orders: tuple[int, ...],
    ) -> None:
        """Set up for the clip of `checks`.

        Args:
            checks: of the clip, with the margins of `proof`.
            proof: what it takes to prove a claim.
            kinds: the kinds that may be chosen.
            intervals: intervals that become segments anyway; a segment without the event is first looked for here.
            orders: seeds of the orders tried in shuffling. A few: each of them makes a scene of its own.
        """
        self._checks = checks
        self._proof = proof
        self._kinds = kinds
        self._intervals = intervals
        self._orders = orders
        self._clip = checks.prover.clip
        self._choices: dict[tuple[object, ...], _Choice] = {}
        self._looks: dict[Interval, tuple[set[int], range, float]] = {}

    def chosen(self, group: CandidateGroup, rng: Generator) -> CandidateGroup:
        """The group with its visual negatives, best kinds first.

        Those that need a segment are completed by the stage `cut`, from the intervals `event_shown` and `lacking`.
        """
        seed = int(rng.integers(2**31))
        if group.chosen.claim is None:
            return group  # nothing that a corrupted clip could be proven to break
        claim = group.chosen.claim.model_copy(update={"margin": None})
        # alternatives of a question differ in wording alone, which changes nothing here
        said = (claim.predicate, claim.value, claim.subject_tracks, claim.object_tracks, claim.intervals)
        key = (group.shown, group.event_intervals, *said)
        if key not in self._choices:
            check = self._checks.of(group.shown)
            specs = tuple(self._specs(claim, (group.question, group.chosen.text), check, seed))
            self._choices[key] = _Choice(specs, *self._segments(group, claim, check))
        choice = self._choices[key]
        return group.model_copy(
            update={"visual_negatives": choice.negatives, "event_shown": choice.shown, "lacking": choice.lacking}
        )

    def _specs(self, claim: Claim, texts: Texts, check: NegativeCheck, seed: int) -> Iterator[VisualNegative]:
        """For each kind that needs neither a segment nor another video: the first candidate that breaks the claim."""
        offers: dict[VisualKind, Callable[[], Iterator[VisualNegative]]] = {
            VisualKind.SHUFFLED: lambda: (_spec(VisualKind.SHUFFLED, seed=order) for order in self._orders),
            VisualKind.RANDOM_MASK: lambda: self._masks(claim, seed),
            VisualKind.MOVED: lambda: self._moved(claim, check),
            VisualKind.INPAINTED: lambda: self._wiped(claim, check, VisualKind.INPAINTED),
            VisualKind.FILLED: lambda: self._wiped(claim, check, VisualKind.FILLED),
            VisualKind.OTHER_FRAME: lambda: self._other_frames(claim, check),
        }
        for kind in VisualKind:
            if kind not in BREAKS[claim.predicate] & self._kinds or kind.borrows or kind.level is VisualLevel.TEMPORAL:
                continue
            offered = offers[kind]() if kind in offers else iter([_spec(kind, seed=seed)])
            proven = (spec for spec in offered if check.failure(claim, texts, spec) is None)
            yield from [spec for spec in [next(proven, None)] if spec is not None]

    def _masks(self, claim: Claim, seed: int) -> Iterator[VisualNegative]:
        tracks = {track.track_id: track for track in self._clip.scene.tracks}
        for track_id in claim.subject_tracks:
            if tracks[track_id].boxes and not self._may_be_elsewhere(track_id):
                yield _spec(VisualKind.RANDOM_MASK, track_id=track_id, seed=seed)

    def _may_be_elsewhere(self, track_id: str) -> bool:
        """Whether another track of its noun may be the same thing: then hiding this one does not hide the thing."""
        view = self._checks.prover.view()
        thing = view.thing(track_id)
        return thing is not None and any(
            other is not thing and other.noun == thing.noun and view.parting(thing, other) is None
            for other in view.things
            if other.noun is not None
        )

    def _keyframes(self, claim: Claim, check: NegativeCheck) -> Iterator[int]:
        """Frames inside the claim's interval that show by themselves that it is true, nearest to its middle first."""
        if len(claim.intervals) != 1:
            return
        interval = claim.intervals[0]
        middle = (interval.start_seconds + interval.end_seconds) / 2
        moments = self._moments_within_shots(check)
        inside = [index for index, moment in moments.items() if interval.contains(moment)]
        for index in sorted(inside, key=lambda index: abs(moments[index] - middle))[:_FRAMES_TRIED]:
            found = check.on_frame(claim, index)
            if found.truth is TruthValue.TRUE and self._proof.margins.allow(found):
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
        """When each stored frame is shown; without the frames so near to a cut that their shot is uncertain."""
        moments = {index: check.footage.seconds(index) for index in range(len(self._clip.frames))}
        starts, edge = check.footage.scene.shot_starts, self._proof.edge_seconds
        return {i: at for i, at in moments.items() if all(abs(at - start) > edge for start in starts)}

    def _segments(
        self, group: CandidateGroup, claim: Claim, check: NegativeCheck
    ) -> tuple[Interval | None, Interval | None]:
        """An event whose segment shows that the claim is true, and an interval of like length without any event."""
        if VisualKind.OTHER_SEGMENT not in BREAKS[claim.predicate]:
            return None, None
        margins = self._proof.margins
        scene = check.footage.scene
        for shown in group.event_intervals:
            found = check.on_segment(claim, edited_interval(scene, group.shown, shown))
            if found.truth is not TruthValue.TRUE or not margins.allow(found):
                continue
            for lacking in self._windows(shown, group.event_intervals):
                off = check.off_segment(claim, edited_interval(scene, group.shown, lacking))
                if off.truth is TruthValue.FALSE and margins.allow(off):
                    return shown, lacking if VisualKind.OTHER_SEGMENT in self._kinds else None
            return shown, None
        return None, None

    def _windows(self, shown: Interval, events: Sequence[Interval]) -> Iterator[Interval]:
        """Intervals of like length that overlap no event: those that become segments anyway, then new ones.

        Within each of the two, those that look most like `shown` come first.
        """
        clip, length = self._clip, shown.duration_seconds
        planned = [i for i in self._intervals if 1 / _LENGTH_RATIO <= i.duration_seconds / length <= _LENGTH_RATIO]
        starts = np.arange(clip.start_seconds, clip.end_seconds - length + 1e-9, _WINDOW_STEP * length)
        fresh = [Interval(start_seconds=float(s), end_seconds=float(s) + length) for s in starts]
        for windows in (planned, fresh):
            free = [w for w in windows if not any(w.iou(event) > 0 for event in events)]
            yield from sorted(free, key=lambda window: self._unlikeness(shown, window))

    def _unlikeness(self, a: Interval, b: Interval) -> tuple[float, float]:
        """How differently two intervals look (things in view, shots, brightness), then the seconds between them."""
        (seen_a, shots_a, luma_a), (seen_b, shots_b, luma_b) = self._look(a), self._look(b)
        things = len(seen_a ^ seen_b) / max(1, len(seen_a | seen_b))
        return round(things + (shots_a != shots_b) + abs(luma_a - luma_b), 6), -a.overlap_seconds(b)

    def _look(self, interval: Interval) -> tuple[set[int], range, float]:
        """The things (by number), the shots and the mean brightness of an interval of the stored clip."""
        if interval not in self._looks:
            view = self._checks.prover.view()
            seconds_M = view.seconds_M(interval)
            luma = float(seconds_M @ view.lumas_M) / max(1e-9, float(seconds_M.sum()))
            seen = {number for number, thing in enumerate(view.things) if thing.is_seen(interval)}
            self._looks[interval] = (seen, view.shots(interval), luma)
        return self._looks[interval]


def _spec(kind: VisualKind, **fields: object) -> VisualNegative:
    return VisualNegative.model_validate({"level": kind.level, "kind": kind, **fields})
