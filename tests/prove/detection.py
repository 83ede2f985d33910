"""How well the detector finds boxes and events."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from schemas.scene import FACE, WRITING, Event, EventKind, Scene
from tests.prove.clips import Rendered
from tests.prove.matching import Boxes, iou, match, thing_of, tick
from tests.prove.seen import Seen

_SAME_EVENT_SECONDS = 0.5


@dataclass
class Detection:
    """Counts over clips."""

    true_boxes: int = 0
    """Visible boxes of things that move, on the analysis frames."""
    found_boxes: int = 0
    """Of these, those that a box of the detector matches at IoU 0.5."""
    seen_boxes: int = 0
    """Boxes of the detector."""
    right_boxes: int = 0
    """Of these, those that match a true box."""
    true_events: int = 0
    """Fades included."""
    found_events: int = 0
    seen_events: int = 0
    false_events: int = 0
    errors_seconds: list[float] = field(default_factory=list)
    """Time error of each event that was found."""
    misses: list[str] = field(default_factory=list)
    """What was missed or is false, for a person to look at."""

    @property
    def recall(self) -> float:
        """Share of true boxes that were found."""
        return self.found_boxes / max(1, self.true_boxes)

    @property
    def precision(self) -> float:
        """Share of the detector's boxes that are right."""
        return self.right_boxes / max(1, self.seen_boxes)

    @property
    def events_found(self) -> float:
        """Share of true events that were found."""
        return self.found_events / max(1, self.true_events)

    @property
    def events_false(self) -> float:
        """Share of the detector's events that are false."""
        return self.false_events / max(1, self.seen_events)

    @property
    def error_p95_seconds(self) -> float:
        """95 % of the events that were found are timed at least this well."""
        return float(np.percentile(self.errors_seconds, 95)) if self.errors_seconds else 0.0


def measure(clips: Sequence[Rendered], seen: Sequence[Seen], part: str) -> Detection:
    """Counts over the clips of one part."""
    counts = Detection()
    for clip, one in zip(clips, seen, strict=True):
        if clip.part == part:
            _count_boxes(counts, clip.world.name, clip.truth, one)
            _count_events(counts, clip.world.name, clip.truth, one.scene)
            _count_fades(counts, clip.world.name, clip.truth, one.scene)
    return counts


def falsely_still(clips: Sequence[Rendered], seen: Sequence[Seen]) -> list[str]:
    """The clips whose camera moves, and is said to stand still in every second."""
    return [
        clip.world.name
        for clip, one in zip(clips, seen, strict=True)
        if any(len(shot.views) > 1 for shot in clip.world.shots)
        and all((m.shift_x, m.shift_y, m.scale) == (0.0, 0.0, 1.0) for m in one.scene.measures)
    ]


def _count_boxes(counts: Detection, name: str, truth: Scene, seen: Seen) -> None:
    true_boxes = Boxes(truth)
    moving = {track.track_id for track in truth.tracks if track.moves and track.label != WRITING}
    missed: dict[str, int] = {}
    by_tick: dict[int, list[np.ndarray]] = {}
    for track in seen.scene.tracks:
        if track.label not in (FACE, WRITING):
            for p in track.path:
                by_tick.setdefault(tick(p.pts_seconds), []).append(np.array([p.x0, p.y0, p.x1, p.y1]))
    for seconds in seen.analysis_seconds:
        true_now, seen_now = true_boxes.at(seconds), by_tick.get(tick(seconds), [])
        for track_id, box in true_now.items():
            if track_id in moving:
                found = any(iou(box, other) >= 0.5 for other in seen_now)
                counts.true_boxes += 1
                counts.found_boxes += found
                missed[track_id] = missed.get(track_id, 0) + (not found)
        counts.seen_boxes += len(seen_now)
        counts.right_boxes += sum(any(iou(box, other) >= 0.5 for other in true_now.values()) for box in seen_now)
    for track_id, times in missed.items():
        if times >= 5:
            counts.misses.append(f"{name}: {times} boxes of {track_id} not found")


def _count_events(counts: Detection, name: str, truth: Scene, seen: Scene) -> None:
    matched = match(seen, truth)
    found_events = [event for event in seen.events if event.kind is not EventKind.NAMED]
    open_events = list(found_events)
    moving = {track.track_id for track in truth.tracks if track.moves and track.label != WRITING}
    for event in (event for event in truth.events if event.kind is not EventKind.NAMED):
        if event.track_ids and not moving.issuperset(event.track_ids):
            continue
        counts.true_events += 1
        near = [other for other in open_events if _same(event, other, matched)]
        if near:
            best = min(near, key=lambda other: abs(other.pts_seconds - event.pts_seconds))
            open_events.remove(best)
            counts.found_events += 1
            counts.errors_seconds.append(abs(best.pts_seconds - event.pts_seconds))
        else:
            counts.misses.append(f"{name}: {event.event_id} not found")
    counts.seen_events += len(found_events)
    counts.false_events += len(open_events)
    counts.misses += [f"{name}: false {e.kind} of {e.track_ids} at {e.pts_seconds:.2f} s" for e in open_events]


def _count_fades(counts: Detection, name: str, truth: Scene, seen: Scene) -> None:
    """Fades count as events."""
    open_fades = list(seen.fades)
    for fade in truth.fades:
        near = [other for other in open_fades if abs(other.pts_seconds - fade.pts_seconds) <= _SAME_EVENT_SECONDS]
        if near:
            open_fades.remove(near[0])
            counts.errors_seconds.append(abs(near[0].pts_seconds - fade.pts_seconds))
        else:
            counts.misses.append(f"{name}: fade at {fade.pts_seconds:.2f} s not found")
        counts.found_events += bool(near)
    counts.true_events += len(truth.fades)
    counts.seen_events += len(seen.fades)
    counts.false_events += len(open_fades)
    counts.misses += [f"{name}: false fade at {fade.pts_seconds:.2f} s" for fade in open_fades]


def _same(event: Event, other: Event, matched: dict[str, str]) -> bool:
    if event.kind is not other.kind or abs(event.pts_seconds - other.pts_seconds) > _SAME_EVENT_SECONDS:
        return False
    things = {thing_of(matched[track_id]) for track_id in other.track_ids if track_id in matched}
    return things == {thing_of(track_id) for track_id in event.track_ids}
