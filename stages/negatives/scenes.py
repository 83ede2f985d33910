"""The scene of a corrupted clip, as a detector that makes no mistakes would report it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.box import PathPoint
from schemas.interval import Interval
from schemas.scene import MEASURE_SECONDS, Measure, PlaceDistance, Scene, Track
from schemas.search import Search

_ROUNDING = 1e-6  # of times, seconds


def black(scene: Scene) -> Scene:
    """The scene of black frames: nothing visible, one shot, a camera that stands still."""
    whole = Interval(start_seconds=scene.start_seconds, end_seconds=scene.end_seconds)
    nothing = {"luma": 0.0, "motion_left": 0.0, "motion_centre": 0.0, "motion_right": 0.0}
    return Scene(
        start_seconds=scene.start_seconds,
        end_seconds=scene.end_seconds,
        tracked=(whole,),
        tracks=(),
        links=(),
        cuts=(),
        fades=(),
        places=(PlaceDistance(shot_a=0, shot_b=0, nearest=0.0, farthest=0.0),),
        strongest_non_cut=0.0,
        hues=tuple(hue.model_copy(update={"largest_share": 0.0, "largest_share_outside": 0.0}) for hue in scene.hues),
        events=(),
        measures=tuple(
            Measure(pts_seconds=measure.pts_seconds, shift_x=0.0, shift_y=0.0, scale=1.0, **nothing)
            for measure in scene.measures
        ),
        searched=tuple(_in_vain(search) for search in scene.searched),
    )


def _in_vain(search: Search) -> Search:
    """The search of frames in which nothing is to be found."""
    frames = tuple(frame.model_copy(update={"candidates": ()}) for frame in search.frames)
    return search.model_copy(update={"frames": frames})


def moved(frame: Scene, track_id: str, shift_x: float, shift_y: float) -> Scene | None:
    """The scene of one frame with one track moved by shares of the frame; None if it would leave the frame."""
    tracks = []
    for track in frame.tracks:
        shown = track
        if track.track_id == track_id:
            (point,) = track.path
            x0, x1, y0, y1 = point.x0 + shift_x, point.x1 + shift_x, point.y0 + shift_y, point.y1 + shift_y
            if min(x0, y0) < 0 or max(x1, y1) > 1:
                return None
            there = PathPoint(pts_seconds=point.pts_seconds, x0=x0, y0=y0, x1=x1, y1=y1)
            shown = track.model_copy(update={"path": (there,)})
        tracks.append(shown)
    return frame.model_copy(update={"tracks": tuple(tracks)})


def shuffled(scene: Scene, order: Sequence[int]) -> Scene:
    """The scene with its time split into runs of equal length, with run `order[i]` shown in place i.

    It has what is visible at each moment: the boxes of things and the brightness. Events, cuts and motion are removed,
    because what seems to happen between two runs is not an event of the scene.
    """
    length = (scene.end_seconds - scene.start_seconds) / len(order)
    runs = [_Run(scene.start_seconds + old * length, length, (new - old) * length) for new, old in enumerate(order)]
    tracks = (_shuffled_track(track, runs) for track in scene.tracks)
    return scene.model_copy(
        update={
            "tracked": tuple(_shuffled_stretches(scene.tracked, runs)),
            "tracks": tuple(track for track in tracks if track is not None),
            "cuts": (),
            "fades": (),
            "places": (),
            "strongest_non_cut": 1.0,
            "events": (),
            "searched": (),
            "readings": (),
            "breaks": (),
            "events_complete": False,
            "ordered": (),
            "measures": tuple(_shuffled_measures(scene, runs)),
        }
    )


@dataclass(frozen=True)
class _Run:
    """One run of a shuffled clip."""

    start_seconds: float
    length_seconds: float
    later_seconds: float
    """By how much later it is shown than before; negative: earlier."""

    @property
    def end_seconds(self) -> float:
        return self.start_seconds + self.length_seconds

    def part(self, start: float, end: float) -> Interval | None:
        """When the shuffled clip shows the part of an interval that lies in the run; None if there is none."""
        first, last = max(start, self.start_seconds), min(end, self.end_seconds)
        if last - first < _ROUNDING:
            return None
        return Interval(start_seconds=first + self.later_seconds, end_seconds=last + self.later_seconds)


def _shuffled_stretches(stretches: Sequence[Interval], runs: Sequence[_Run]) -> Iterator[Interval]:
    for run in runs:
        parts = (run.part(stretch.start_seconds, stretch.end_seconds) for stretch in stretches)
        yield from (part for part in parts if part is not None)


def _shuffled_track(track: Track, runs: Sequence[_Run]) -> Track | None:
    visible = tuple(_shuffled_stretches(track.visible, runs))
    path: list[PathPoint] = []
    for run in runs:
        for point in track.path:
            later = point.pts_seconds + run.later_seconds
            # with a tolerance, so that the points of all tracks at a border fall into the same run
            inside = run.start_seconds - _ROUNDING <= point.pts_seconds < run.end_seconds - _ROUNDING
            if inside and (not path or later > path[-1].pts_seconds):
                path.append(point.model_copy(update={"pts_seconds": later}))
    if not visible or not path:
        return None
    return track.model_copy(
        update={
            "first_seconds": visible[0].start_seconds,
            "last_seconds": visible[-1].end_seconds,
            "visible": visible,
            "enters_from": None,
            "leaves_to": None,
            "boxes": (),
            "path": tuple(path),
        }
    )


def _shuffled_measures(scene: Scene, runs: Sequence[_Run]) -> Iterator[Measure]:
    for run in runs:
        for measure in scene.measures:
            part = run.part(measure.pts_seconds, min(measure.pts_seconds + MEASURE_SECONDS, scene.end_seconds))
            if part is not None:
                unknown = {"shift_x": None, "shift_y": None, "scale": None}
                yield measure.model_copy(update={"pts_seconds": part.start_seconds, **unknown})
