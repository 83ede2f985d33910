"""A world becomes the Scene that a perfect detector would report: exact on every video frame.

Array names: H rows, W columns.
"""

from dataclasses import dataclass, field
from itertools import combinations, pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.demo.render import frames_of
from pipeline.demo.shapes import Patch, patch_of
from pipeline.demo.world import Key, Stay, Thing, World, pose_of, stay_at
from schemas.colour import Colour, ColourName, Hue
from schemas.interval import Interval
from schemas.scene import Cut, Event, EventKind, Link, Measure, PathPoint, Scene, Side, Track, TrackLabel

LEAST_PIXELS = 3
"""So many uncovered pixels inside the frame make a thing visible."""
_NEUTRAL = (ColourName.BROWN, ColourName.BLACK, ColourName.GREY, ColourName.WHITE)
_PLAIN = 10.0  # the score of what is certain
_AROUND_SECONDS = 0.5  # what leads to a start or a stop, and what follows


@dataclass(frozen=True)
class _Sight:
    """The uncovered part of a thing on one frame."""

    index: int
    box: tuple[int, int, int, int]
    """Columns and rows, first and one past the last: x0, y0, x1, y1."""
    left: int
    top: int
    mask_HW: NDArray[np.bool_]
    """Which pixels of the patch at (left, top) are seen."""


@dataclass
class _Seen:
    """What is seen of one thing in the whole clip."""

    thing: Thing
    sights: list[_Sight] = field(default_factory=list)

    def runs(self, world: World) -> list[list[_Sight]]:
        """Unbroken stretches of frames; a cut breaks none, since the thing is still in view."""
        runs: list[list[_Sight]] = []
        for sight in self.sights:
            if runs and sight.index == runs[-1][-1].index + 1:
                runs[-1].append(sight)
            else:
                runs.append([sight])
        return runs


def read_truth(path: Path) -> Scene:
    """The scene that `render_set` wrote."""
    return Scene.model_validate_json(path.read_text())


def truth_of(world: World) -> Scene:
    """Everything that holds of the clip; one track per thing that is ever visible, one path point per video frame."""
    seen = [one for one in _look(world) if one.sights]
    end = world.frame_count / world.fps
    tracks = tuple(_track(one, world) for one in seen)
    events = sorted(_events(seen, world), key=lambda event: (event.pts_seconds, event.event_id))
    return Scene(
        start_seconds=0.0,
        end_seconds=end,
        tracked=(Interval(start_seconds=0.0, end_seconds=end),),
        tracks=tracks,
        links=tuple(_links(tracks)),
        cuts=tuple(_cuts(world)),
        strongest_non_cut=0.0,
        hues=tuple(_hue(name, seen, world) for name in ColourName),
        events=tuple(events),
        measures=tuple(_measures(seen, world)),
    )


def _look(world: World) -> list[_Seen]:
    seen = [_Seen(thing) for thing in world.things]
    for index in range(world.frame_count):
        patches: list[tuple[_Seen, Patch]] = []
        for one in seen:
            pose = pose_of(one.thing, world, index / world.fps)
            patch = patch_of(one.thing.shape, pose, world.width, world.height) if pose else None
            if patch:
                patches.append((one, patch))
        for place, (one, patch) in enumerate(patches):
            mask_HW = patch.alpha_HW >= 0.5
            for _, front in patches[place + 1 :]:
                _uncover(mask_HW, patch, front)
            if np.count_nonzero(mask_HW) >= LEAST_PIXELS:
                one.sights.append(_sight(index, patch, mask_HW))
    return seen


def _uncover(mask_HW: NDArray[np.bool_], patch: Patch, front: Patch) -> None:
    """Take out of the mask what a thing in front of it covers."""
    rows = slice(max(patch.rows.start, front.rows.start), min(patch.rows.stop, front.rows.stop))
    columns = slice(max(patch.columns.start, front.columns.start), min(patch.columns.stop, front.columns.stop))
    if rows.start < rows.stop and columns.start < columns.stop:
        covered = front.alpha_HW[_shifted(rows, front.top), _shifted(columns, front.left)] >= 0.5
        mask_HW[_shifted(rows, patch.top), _shifted(columns, patch.left)] &= ~covered


def _shifted(where: slice, origin: int) -> slice:
    return slice(where.start - origin, where.stop - origin)


def _sight(index: int, patch: Patch, mask_HW: NDArray[np.bool_]) -> _Sight:
    rows, columns = np.flatnonzero(mask_HW.any(axis=1)), np.flatnonzero(mask_HW.any(axis=0))
    box = (
        patch.left + int(columns[0]),
        patch.top + int(rows[0]),
        patch.left + int(columns[-1]) + 1,
        patch.top + int(rows[-1]) + 1,
    )
    return _Sight(index, box, patch.left, patch.top, mask_HW)


def _track(one: _Seen, world: World) -> Track:
    first, last = one.sights[0], one.sights[-1]
    return Track(
        track_id=one.thing.thing_id,
        label=TrackLabel.OBJECT,
        score=1.0,
        colour=Colour(name=one.thing.colour, share=1.0, margin=1.0),
        moves=any(_moving_at(one.thing, sight.index / world.fps) for sight in one.sights),
        first_seconds=first.index / world.fps,
        last_seconds=last.index / world.fps,
        visible=tuple(
            Interval(start_seconds=run[0].index / world.fps, end_seconds=(run[-1].index + 1) / world.fps)
            for run in one.runs(world)
        ),
        enters_from=_only_border(first, world) if _crosses(one.thing, world, first.index, -1) else None,
        leaves_to=_only_border(last, world) if _crosses(one.thing, world, last.index, 1) else None,
        boxes=(),
        path=tuple(_point(sight, world) for sight in one.sights),
    )


def _point(sight: _Sight, world: World) -> PathPoint:
    x0, y0, x1, y1 = sight.box
    return PathPoint(
        pts_seconds=sight.index / world.fps,
        x0=x0 / world.width,
        y0=y0 / world.height,
        x1=x1 / world.width,
        y1=y1 / world.height,
    )


def _borders(sight: _Sight, world: World) -> list[Side]:
    x0, y0, x1, y1 = sight.box
    touched = (
        (Side.LEFT, x0 == 0),
        (Side.TOP, y0 == 0),
        (Side.RIGHT, x1 == world.width),
        (Side.BOTTOM, y1 == world.height),
    )
    return [side for side, touches in touched if touches]


def _only_border(sight: _Sight, world: World) -> Side | None:
    borders = _borders(sight, world)
    return borders[0] if len(borders) == 1 else None


def _crosses(thing: Thing, world: World, index: int, step: int) -> bool:
    """Whether a thing that is in view on this frame is outside the frame on the next one (step 1) or the one before
    (step -1): neither a cut, nor the clip's own ends, nor another thing before it makes it enter or leave.
    """
    seconds, other = index / world.fps, (index + step) / world.fps
    if not 0 <= index + step < world.frame_count or world.shot_at(seconds) != world.shot_at(other):
        return False
    pose = pose_of(thing, world, other)
    patch = patch_of(thing.shape, pose, world.width, world.height) if pose else None
    return pose is not None and (patch is None or np.count_nonzero(patch.alpha_HW >= 0.5) < LEAST_PIXELS)


def _moving_at(thing: Thing, seconds: float) -> bool:
    stay = stay_at(thing, seconds)
    if stay is None:
        return False
    return any(a.seconds <= seconds < b.seconds and _moves(a, b) for a, b in pairwise(stay.keys))


def _moves(a: Key, b: Key) -> bool:
    return (a.x, a.y) != (b.x, b.y)


def _events(seen: list[_Seen], world: World) -> list[Event]:
    events = []
    for one in seen:
        for run in one.runs(world):
            events += _border_events(one.thing, run, world)
        for stay in one.thing.stays:
            events += _turning_events(one, stay, world)
    for shot in world.shots[1:]:
        events.append(_event(EventKind.CUT, (), shot.start_seconds, shot.start_seconds, shot.start_seconds))
    return events


def _border_events(thing: Thing, run: list[_Sight], world: World) -> list[Event]:
    """Enter and leave; what leads to the moment is the time at which the thing touches the border."""
    events = []
    if _crosses(thing, world, run[0].index, -1):
        inside = next((sight for sight in run if not _borders(sight, world)), run[-1])
        moment = run[0].index / world.fps
        events.append(_event(EventKind.ENTERS, (thing.thing_id,), moment, moment, inside.index / world.fps))
    if _crosses(thing, world, run[-1].index, 1):
        inside = next((sight for sight in reversed(run) if not _borders(sight, world)), run[0])
        moment = run[-1].index / world.fps
        events.append(_event(EventKind.LEAVES, (thing.thing_id,), moment, inside.index / world.fps, moment))
    return events


def _turning_events(one: _Seen, stay: Stay, world: World) -> list[Event]:
    """Start and stop, where the thing is in view."""
    in_view = {sight.index for sight in one.sights}
    events = []
    for a, b, c in zip(stay.keys, stay.keys[1:], stay.keys[2:], strict=False):
        if _moves(a, b) != _moves(b, c) and round(b.seconds * world.fps) in in_view:
            kind = EventKind.STARTS if _moves(b, c) else EventKind.STOPS
            around = (b.seconds - _AROUND_SECONDS, b.seconds + _AROUND_SECONDS)
            events.append(_event(kind, (one.thing.thing_id,), b.seconds, *around))
    return events


def _event(kind: EventKind, track_ids: tuple[str, ...], moment: float, start: float, end: float) -> Event:
    name = "-".join((kind, *track_ids, f"{moment:.3f}"))
    return Event(
        event_id=name,
        kind=kind,
        track_ids=track_ids,
        pts_seconds=moment,
        start_seconds=start,
        end_seconds=end,
        margin=_PLAIN,
    )


def _links(tracks: tuple[Track, ...]) -> list[Link]:
    """Each thing is one track, so any two tracks are two things."""
    in_order = sorted(tracks, key=lambda track: (track.first_seconds, track.track_id))
    return [Link(track_a=a.track_id, track_b=b.track_id, same=False, score=1.0) for a, b in combinations(in_order, 2)]


def _cuts(world: World) -> list[Cut]:
    return [
        Cut(
            pts_seconds=after.start_seconds,
            score_a=_PLAIN,
            score_b=_PLAIN,
            place_distance=0.0 if before.place == after.place else 1.0,
        )
        for before, after in pairwise(world.shots)
    ]


def _hue(name: ColourName, seen: list[_Seen], world: World) -> Hue:
    if name in _NEUTRAL:  # the scenery may be called by any of these
        return Hue(name=name, largest_share=1.0, largest_share_outside=1.0)
    pixels = np.zeros(world.frame_count)
    for one in seen:
        if one.thing.colour is name:
            for sight in one.sights:
                pixels[sight.index] += np.count_nonzero(sight.mask_HW)
    return Hue(name=name, largest_share=float(pixels.max()) / (world.width * world.height), largest_share_outside=0.0)


def _measures(seen: list[_Seen], world: World) -> list[Measure]:
    seconds = range(int(world.duration_seconds + 1e-6))
    motion = _motion_per_frame(seen, world)
    frames_HWC = frames_of(world, [int((second + 0.5) * world.fps) for second in seconds])
    measures = []
    for second, frame_HWC in zip(seconds, frames_HWC, strict=True):
        left, centre, right = motion[second * world.fps : (second + 1) * world.fps].mean(axis=0)
        shift_x, shift_y, scale = _camera(world, second)
        measures.append(
            Measure(
                pts_seconds=float(second),
                luma=float(cv2.cvtColor(frame_HWC, cv2.COLOR_RGB2GRAY).mean()) / 255,
                motion_left=float(left),
                motion_centre=float(centre),
                motion_right=float(right),
                shift_x=shift_x,
                shift_y=shift_y,
                scale=scale,
            )
        )
    return measures


def _camera(world: World, second: float) -> tuple[float | None, float | None, float | None]:
    """How far the background shifts over [second, second + 1), and its growth; None where a cut lies between."""
    last = second + 1 - 1 / world.fps
    if world.shot_at(second) != world.shot_at(last):
        return None, None, None
    before, after = world.view_at(second), world.view_at(min(second + 1.0, world.duration_seconds))
    if world.shot_at(second) != world.shot_at(second + 1.0):
        after = world.view_at(last)
    zoom = after.zoom / before.zoom
    return (before.x - after.x) * before.zoom, (before.y - after.y) * before.zoom, zoom


def _motion_per_frame(seen: list[_Seen], world: World) -> NDArray[np.float64]:
    """(frames, 3): the share of the left, centre and right third whose pixels things that move by themselves enter or
    leave, from the frame a tenth of a second before.
    """
    step = max(1, world.fps // 10)
    third = world.width / 3 * world.height
    motion = np.zeros((world.frame_count, 3))
    for one in seen:
        sights = {sight.index: sight for sight in one.sights}
        for index in range(step, world.frame_count):
            seconds, before = index / world.fps, (index - step) / world.fps
            if world.shot_at(seconds) == world.shot_at(before) and (
                _moving_at(one.thing, before) or _moving_at(one.thing, seconds - 0.5 / world.fps)
            ):
                changed = _columns(sights.get(index), sights.get(index - step), world)
                edges = np.linspace(0, world.width, 4).round().astype(int)
                motion[index] += [changed[a:b].sum() / third for a, b in pairwise(edges)]
    return motion


def _columns(now: _Sight | None, before: _Sight | None, world: World) -> NDArray[np.int64]:
    """How many pixels of each column are seen of a thing on one of the frames and not on the other."""
    changed = np.zeros(world.width, np.int64)
    for sight, other in ((now, before), (before, now)):
        if sight is None:
            continue
        only_HW = sight.mask_HW.copy()
        if other is not None:
            _take_out(only_HW, sight, other)
        changed[sight.left : sight.left + only_HW.shape[1]] += only_HW.sum(axis=0)
    return changed


def _take_out(mask_HW: NDArray[np.bool_], sight: _Sight, other: _Sight) -> None:
    height, width = mask_HW.shape
    top, left = max(sight.top, other.top), max(sight.left, other.left)
    bottom = min(sight.top + height, other.top + other.mask_HW.shape[0])
    right = min(sight.left + width, other.left + other.mask_HW.shape[1])
    if top < bottom and left < right:
        theirs = other.mask_HW[top - other.top : bottom - other.top, left - other.left : right - other.left]
        mask_HW[top - sight.top : bottom - sight.top, left - sight.left : right - sight.left] &= ~theirs
