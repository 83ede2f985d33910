"""The scene of a clip that is mirrored or played backwards as a whole; twins are proven from it."""

import re
from typing import TypeVar

from schemas.box import PathPoint, Rectangle
from schemas.interval import Interval
from schemas.scene import (
    MEASURE_SECONDS,
    WRITING,
    Break,
    Cut,
    Event,
    EventKind,
    Fade,
    Link,
    Measure,
    PlaceDistance,
    Scene,
    Side,
    Track,
)
from schemas.search import Reading, Search, SearchedFrame
from schemas.shown import EditKind, Shown

_ACROSS = {Side.LEFT: Side.RIGHT, Side.RIGHT: Side.LEFT}
_BACKWARDS = {
    EventKind.ENTERS: EventKind.LEAVES,
    EventKind.LEAVES: EventKind.ENTERS,
    EventKind.STARTS: EventKind.STOPS,
    EventKind.STOPS: EventKind.STARTS,
    EventKind.CUT: EventKind.CUT,
}

_OF_WHOLE = (EditKind.MIRRORED, EditKind.REVERSED)
"""The edits of a whole clip after which its scene is known."""

B = TypeVar("B", bound=Rectangle)
M = TypeVar("M", PathPoint, SearchedFrame, Reading, Break, Cut)

_SIDED = re.compile(r"\b(left|right|side|(left|right)(hand|most)|(anti|counter)?clockwise)\b", re.IGNORECASE)
"""Words that mean something else in a mirrored picture."""
_TIMED = re.compile(
    r"\b(first|last|second|third|then|before|after|later|earlier|again|early|late|begins?|ends?|starts?|stops?|still|who"
    r"|that|which|into|onto|from|towards?|away|up|down|forwards?|backwards?|open|opened|closed|new|old|next|previous"
    r"|(?!thing\b)\w+ing|(?!red\b)\w+ed)\b",
    re.IGNORECASE,
)
"""Words that may mean something else in a clip that is played backwards: words of time, motion and change."""


def edited(scene: Scene, shown: Shown) -> Scene:
    """The scene as it is shown, on the same part of the container's clock.

    Raises: ValueError if a part of it is edited, or shown alone: nothing is known of the things in such a clip.
    """
    if not is_known_as_shown(scene, shown):
        raise ValueError(f"the scene of a clip that is shown with {shown.name} in a part of it is not known")
    if shown.is_whole(EditKind.MIRRORED, scene):
        scene = mirrored(scene)
    return backwards(scene) if shown.is_whole(EditKind.REVERSED, scene) else scene


def is_known_as_shown(scene: Scene, shown: Shown) -> bool:
    """Whether what is shown has a scene: that of the whole clip, as it is, mirrored or played backwards."""
    kinds = {edit.kind for edit in shown.edits}
    whole = {kind for kind in _OF_WHOLE if shown.is_whole(kind, scene)}
    return shown.segment_id is None and len(kinds) == len(shown.edits) and kinds == whole


def edited_seconds(scene: Scene, shown: Shown, pts_seconds: float) -> float:
    """When the edited clip shows what the clip shows at that container time."""
    reverses = shown.is_whole(EditKind.REVERSED, scene)
    return scene.start_seconds + scene.end_seconds - pts_seconds if reverses else pts_seconds


def edited_interval(scene: Scene, shown: Shown, interval: Interval) -> Interval:
    """When the edited clip shows what the clip shows in the interval; applied twice it returns the interval."""
    moments = (edited_seconds(scene, shown, pts) for pts in (interval.start_seconds, interval.end_seconds))
    start, end = sorted(moments)
    return Interval(start_seconds=start, end_seconds=end)


def mirrored(scene: Scene) -> Scene:
    """The scene with left and right exchanged."""
    tracks = tuple(
        track.model_copy(
            update={
                "boxes": tuple(_mirrored_box(box) for box in track.boxes),
                "path": tuple(_mirrored_box(point) for point in track.path),
                "enters_from": track.enters_from and _ACROSS.get(track.enters_from, track.enters_from),
                "leaves_to": track.leaves_to and _ACROSS.get(track.leaves_to, track.leaves_to),
                "phrase": _unless(_SIDED, track.phrase),
                "text": None,  # mirrored letters are no longer what is written
            }
        )
        for track in scene.tracks
    )
    measures = tuple(
        measure.model_copy(
            update={
                "motion_left": measure.motion_right,
                "motion_right": measure.motion_left,
                "shift_x": None if measure.shift_x is None else -measure.shift_x,
            }
        )
        for measure in scene.measures
    )
    events = tuple(e for e in scene.events if e.phrase is None or not _SIDED.search(e.phrase))
    kept = {event.event_id for event in events}
    return scene.model_copy(
        update={
            "tracks": tracks,
            "measures": measures,
            "searched": tuple(_mirrored_search(search) for search in scene.searched if search.noun != WRITING),
            "readings": (),
            "events": events,
            "events_complete": scene.events_complete and len(events) == len(scene.events),
            "ordered": tuple(o for o in scene.ordered if {o.before, o.after} <= kept),
        }
    )


def _unless(words: re.Pattern[str], phrase: str | None) -> str | None:
    """The phrase; None if it has one of the words, so that it names nothing."""
    return None if phrase is None or words.search(phrase) else phrase


def _mirrored_search(search: Search) -> Search:
    frames = (
        frame.model_copy(update={"candidates": tuple(_mirrored_box(c) for c in frame.candidates)})
        for frame in search.frames
    )
    return search.model_copy(update={"frames": tuple(frames)})


def _mirrored_box(box: B) -> B:
    return box.model_copy(update={"x0": 1.0 - box.x1, "x1": 1.0 - box.x0})


def backwards(scene: Scene) -> Scene:
    """The scene with time running backwards."""
    return _Backwards(scene).scene()


class _Backwards:
    """Builds a scene with time running backwards."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._sum = scene.start_seconds + scene.end_seconds

    def scene(self) -> Scene:
        scene, last_shot = self._scene, len(self._scene.cuts)
        return scene.model_copy(
            update={
                "tracked": self._stretches(scene.tracked),
                "tracks": tuple(self._track(track) for track in scene.tracks),
                "links": tuple(self._link(link) for link in scene.links),
                "cuts": tuple(self._moment(cut) for cut in reversed(scene.cuts)),
                "fades": tuple(self._fade(fade) for fade in reversed(scene.fades)),
                "places": tuple(self._place(place, last_shot) for place in scene.places),
                # what somebody named when it ran forwards may be called otherwise when it runs backwards
                "events": tuple(self._event(e) for e in reversed(scene.events) if e.kind is not EventKind.NAMED),
                "events_complete": False,
                "ordered": (),
                "searched": tuple(self._search(search) for search in scene.searched),
                "readings": tuple(self._moment(reading) for reading in scene.readings),
                "breaks": tuple(self._moment(one) for one in reversed(scene.breaks)),
                "measures": tuple(self._measure(measure) for measure in reversed(scene.measures)),
            }
        )

    def _stretches(self, stretches: tuple[Interval, ...]) -> tuple[Interval, ...]:
        return tuple(
            Interval(start_seconds=self._sum - stretch.end_seconds, end_seconds=self._sum - stretch.start_seconds)
            for stretch in reversed(stretches)
        )

    def _track(self, track: Track) -> Track:
        path = tuple(self._moment(point) for point in reversed(track.path))
        return track.model_copy(
            update={
                "first_seconds": self._sum - track.last_seconds,
                "last_seconds": self._sum - track.first_seconds,
                "visible": self._stretches(track.visible),
                "enters_from": track.leaves_to,
                "leaves_to": track.enters_from,
                "boxes": (),  # the sampled frames of the reversed clip have other numbers
                "path": path,
                "phrase": _unless(_TIMED, track.phrase),
            }
        )

    def _moment(self, shown: M) -> M:
        """What is seen at one moment, at the moment at which the reversed clip shows it."""
        return shown.model_copy(update={"pts_seconds": self._sum - shown.pts_seconds})

    def _search(self, search: Search) -> Search:
        return search.model_copy(update={"frames": tuple(self._moment(frame) for frame in reversed(search.frames))})

    def _link(self, link: Link) -> Link:
        return link.model_copy(update={"track_a": link.track_b, "track_b": link.track_a})

    def _fade(self, fade: Fade) -> Fade:
        return fade.model_copy(
            update={
                "pts_seconds": self._sum - fade.pts_seconds,
                "start_seconds": self._sum - fade.end_seconds,
                "end_seconds": self._sum - fade.start_seconds,
            }
        )

    def _place(self, place: PlaceDistance, last_shot: int) -> PlaceDistance:
        return place.model_copy(update={"shot_a": last_shot - place.shot_b, "shot_b": last_shot - place.shot_a})

    def _event(self, event: Event) -> Event:
        return event.model_copy(
            update={
                "kind": _BACKWARDS[event.kind],
                "pts_seconds": self._sum - event.pts_seconds,
                "start_seconds": self._sum - event.end_seconds,
                "end_seconds": self._sum - event.start_seconds,
            }
        )

    def _measure(self, measure: Measure) -> Measure:
        end = min(measure.pts_seconds + MEASURE_SECONDS, self._scene.end_seconds)
        return measure.model_copy(
            update={
                "pts_seconds": self._sum - end,
                "shift_x": None if measure.shift_x is None else -measure.shift_x,
                "shift_y": None if measure.shift_y is None else -measure.shift_y,
                "scale": None if measure.scale is None else 1.0 / measure.scale,
            }
        )
