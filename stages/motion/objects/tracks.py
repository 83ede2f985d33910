"""The tracks of one shot and their events, from its analysis frames.

N H W C = frames, rows, columns, RGB.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from schemas.box import Box, PathPoint, size_class
from schemas.colour import Colour
from schemas.interval import Interval
from schemas.record import Record
from schemas.scene import OBJECT, Event, Track
from stages.motion.objects.abstain import (
    Abstention,
    ThingsConfig,
    comes_to_be,
    cut_short,
    goes,
    is_moving,
    is_seen_in_part,
    is_sure,
    stable_pixels,
    stable_share_beside,
    too_odd,
    unexplained,
)
from stages.motion.objects.background import (
    BackgroundConfig,
    Image,
    foreground,
    levelled,
    repaired_background,
    smoothed,
)
from stages.motion.objects.events import GAP_FRAMES, EventConfig, ShotExtent
from stages.motion.objects.identity import IdentityConfig, Look
from stages.motion.objects.linker import Linker
from stages.motion.objects.live_trail import LinkingConfig
from stages.motion.objects.parts import Part, chains_of, part_of, turns_of
from stages.motion.objects.regions import PixelBox
from stages.motion.objects.resumed import resumed
from stages.motion.objects.steady import in_the_picture, may_be_the_camera
from stages.motion.objects.trail import Trail, split_at_border, unified

_RIM_PIXELS = 1  # the foreground is wider than its thing by this on each side, on average
_RIM_LEAST_SIDE = 8  # pixels: shorter sides are not corrected for the rim
_UNSEEN_SECONDS = 1.0  # a thing may be partly visible for this long before its first and after its last sighting
_CLEARLY_AWAY_SECONDS = 0.5  # a thing that is out of view for less may not have left
_LEAST_TRACKED_SECONDS = 0.2  # shorter tracked intervals are not kept
_LEAST_VISIBLE_SECONDS = 1e-3  # a visible interval is at least this long


class TrackingConfig(Record):
    """How the things of a shot are tracked."""

    background: BackgroundConfig = BackgroundConfig()
    """How the background is made, and what differs from it."""
    linking: LinkingConfig = LinkingConfig()
    """How regions become trails."""
    events: EventConfig = EventConfig()
    """When a trail has an event."""
    identity: IdentityConfig = IdentityConfig()
    """When two trails are one object."""
    things: ThingsConfig = ThingsConfig()
    """When nothing is asserted about the moving regions."""


@dataclass(frozen=True, eq=False)
class Backdrop:
    """The background of a shot, and what is needed to add tracks to the shot."""

    image_HWC: Image
    """The background, RGB, smoothed."""
    pts_seconds: NDArray[np.float64]
    """Container times of its analysis frames, [N]."""
    span: ShotExtent
    """When the shot begins and ends, and the size of its frames."""
    prefix: str
    """Prefix of the ids of its tracks."""


@dataclass(frozen=True, eq=False)
class ShotTracks:
    """The tracks of one shot."""

    tracks: tuple[Track, ...]
    """Still without boxes on sampled frames, which `sampled_boxes` makes."""
    looks: tuple[Look | None, ...]
    """How each track looks, in the order of `tracks`."""
    events: tuple[Event, ...]
    """The events of the tracks, in order of time."""
    tracked: tuple[Interval, ...]
    """The intervals in which every moving thing has a track."""
    abstained: Abstention | None
    """Why nothing is asserted about the shot; None if something is."""
    backdrop: Backdrop | None = None
    """None if nothing is asserted."""
    strays: tuple[Look | None, ...] = ()
    """How the moving regions look that got no track."""


def track_shot(
    frames_NHWC: Image,
    pts_seconds: NDArray[np.float64],
    end_seconds: float,
    config: TrackingConfig,
    prefix: str = "",
    *,
    camera_is_known: bool = True,
) -> ShotTracks:
    """The tracks of one shot whose camera stands still.

    If the ground is too plain to know that (`camera_is_known` is false), the tracks are those of the picture: no thing
    starts or stops, and no stretch is `tracked`, since a thing may move with the picture and not by itself.

    Args:
        frames_NHWC: its RGB analysis frames.
        pts_seconds: their container times, increasing, [N].
        end_seconds: when the last frame ends.
        config: how things are tracked.
        prefix: what the ids of the tracks begin with.
        camera_is_known: whether the camera certainly stands still.
    """
    things = config.things
    if len(frames_NHWC) < things.least_frames:
        return _nothing(Abstention.TOO_SHORT)
    span = _span_of(frames_NHWC, pts_seconds, end_seconds)
    level_NHWC = levelled(frames_NHWC)
    stable_HW = stable_pixels(level_NHWC, things.stable_difference)
    if stable_HW.mean() < things.least_ever_stable:
        return _nothing(Abstention.NOT_STABLE)
    background, difference = repaired_background(level_NHWC, 1.0 / span.frame_seconds, config.background)
    trails, shares = _trails(level_NHWC, background, difference, span.frame_seconds, config)
    if max(shares) > things.most_foreground:
        return _nothing(Abstention.TOO_MUCH_FOREGROUND)
    parts = [part_of(trail, pts_seconds, span, config.events) for trail in trails]
    glimpses = [[part] for part in parts if part.is_glimpse and cut_short(part, span)]
    long_enough = [part for part in parts if not part.is_glimpse]
    chains = [chain for chain in chains_of(long_enough, span, config.identity) if is_moving(chain, span)]
    certain, doubt = _things_among(chains, stable_HW, span, things)
    if not camera_is_known and may_be_the_camera(certain, span):
        certain, doubt = [], Abstention.NOT_THINGS
    if doubt and not certain:
        return _nothing(doubt)
    odd = [chain for chain in chains if chain not in certain]
    seen_in_part = [chain for chain in certain if unexplained(chain, span)]
    tracked = _assembled(certain, [*odd, *seen_in_part, *glimpses], Backdrop(background, pts_seconds, span, prefix))
    tracked = replace(tracked, strays=tuple(_look(chain) for chain in odd))
    if not camera_is_known:
        tracks = tuple(track.model_copy(update={"turns_known": False}) for track in tracked.tracks)
        tracked = replace(tracked, tracks=tracks, events=tuple(in_the_picture(tracked.events)))
    return tracked if camera_is_known and not doubt else replace(tracked, tracked=())


def sampled_boxes(track: Track, sampled_pts: Sequence[float]) -> tuple[Box, ...]:
    """The track's box on each sampled frame on which it is visible; `sampled_pts` are their container times."""
    times = np.array([point.pts_seconds for point in track.path])
    edges = np.array([(point.x0, point.y0, point.x1, point.y1) for point in track.path])
    boxes = []
    for index, moment in enumerate(sampled_pts):
        if not any(stretch.contains(moment) for stretch in track.visible):
            continue
        x0, y0, x1, y1 = (float(np.interp(moment, times, edges[:, edge])) for edge in range(4))
        boxes.append(Box(frame_index=index, x0=x0, y0=y0, x1=x1, y1=y1))
    return tuple(boxes)


def _things_among(
    chains: Sequence[list[Part]], stable_HW: NDArray[np.bool_], span: ShotExtent, config: ThingsConfig
) -> tuple[list[list[Part]], Abstention | None]:
    """The chains that are things, and why others may have been missed; None if these may be all things that move.

    Where too much is unexplained or not stable, only a chain that keeps its look is a thing.
    """
    odd = [chain for chain in chains if unexplained(chain, span)]
    certain = [chain for chain in chains if chain not in odd or is_seen_in_part(chain, span)]
    is_stable = stable_HW.mean() >= config.least_stable
    if is_stable and not too_odd(chains, odd, config):
        return certain, None
    certain = [chain for chain in certain if is_sure(chain)]
    if is_stable:
        return certain, Abstention.NOT_THINGS
    beside = stable_share_beside(certain, stable_HW)
    return certain if beside >= config.least_stable else [], Abstention.NOT_STABLE


def _nothing(reason: Abstention) -> ShotTracks:
    return ShotTracks((), (), (), (), reason)


def _span_of(frames_NHWC: Image, pts_seconds: NDArray[np.float64], end_seconds: float) -> ShotExtent:
    step = float(np.median(np.diff(pts_seconds)))
    height, width = frames_NHWC.shape[1:3]
    return ShotExtent(float(pts_seconds[0]), float(pts_seconds[-1]), end_seconds, step, width, height)


def _trails(
    frames_NHWC: Image, background: Image, difference: int, frame_seconds: float, config: TrackingConfig
) -> tuple[list[Trail], list[float]]:
    """The trails of the shot, and the share of foreground of each frame."""
    linker = Linker(config.linking, background)
    shares = []
    for index, frame in enumerate(frames_NHWC):
        mask = foreground(smoothed(frame), background, difference)
        shares.append(float(np.count_nonzero(mask)) / mask.size)
        linker.add(index, frame, mask)
    frame_box = (0, 0, background.shape[1], background.shape[0])
    pieces: list[Trail] = []
    for trail in resumed(unified(linker.trails, frame_box), frame_seconds, background.shape[0]):
        pieces += split_at_border(trail, frame_box, len(frames_NHWC) + len(pieces))
    return pieces, shares


def _assembled(chains: Sequence[list[Part]], odd: Sequence[list[Part]], backdrop: Backdrop) -> ShotTracks:
    span = backdrop.span
    tracks, looks, events = [], [], []
    for number, chain in enumerate(chains):
        track_id = f"{backdrop.prefix}t{number}"
        track = _track(track_id, chain, span)
        tracks.append(track)
        looks.append(_look(chain))
        events += _events(track_id, chain)
    events.sort(key=lambda event: (event.pts_seconds, event.event_id))
    return ShotTracks(tuple(tracks), tuple(looks), tuple(events), _tracked(odd, span), None, backdrop)


def _look(chain: Sequence[Part]) -> Look | None:
    looks = [part.look for part in chain if part.look is not None]
    if not looks:
        return None
    clearest = max(looks, key=lambda look: look.full_sightings)
    return replace(clearest, first_size=looks[0].first_size, last_size=looks[-1].last_size)


def _track(track_id: str, chain: Sequence[Part], span: ShotExtent) -> Track:
    visible = [stretch for part in chain for stretch in _visible(part, span)]
    points = [
        path_point(one.box, float(when), span)
        for part in chain
        for one, when in zip(part.trail.sightings, part.course.times, strict=True)
    ]
    first, last = chain[0], chain[-1]
    clear = sum(not one.touching for part in chain for one in part.trail.sightings)
    return Track(
        track_id=track_id,
        label=OBJECT,
        score=clear / len(points),
        colour=_colour(chain),
        size=size_class(points),
        moves=True,
        turns_known=turns_of(chain).complete,
        first_seconds=visible[0].start_seconds,
        last_seconds=visible[-1].end_seconds,
        visible=tuple(visible),
        enters_from=first.enters.side if first.enters else None,
        leaves_to=last.leaves.side if last.leaves else None,
        boxes=(),
        path=tuple(points),
    )


def _colour(chain: Sequence[Part]) -> Colour | None:
    return max(chain, key=lambda part: part.weight).colour


def path_point(box: PixelBox, when: float, span: ShotExtent) -> PathPoint:
    """The box as a point of a path, in 0..1 of the frame, without the rim by which the foreground is too wide."""
    x0, x1 = _without_rim(box[0], box[2], span.width)
    y0, y1 = _without_rim(box[1], box[3], span.height)
    return PathPoint(pts_seconds=when, x0=x0, y0=y0, x1=x1, y1=y1)


def _without_rim(low: int, high: int, size: int) -> tuple[float, float]:
    rim = _RIM_PIXELS if high - low >= _RIM_LEAST_SIDE else 0
    return (low + rim if low > 0 else low) / size, (high - rim if high < size else high) / size


def _visible(part: Part, span: ShotExtent) -> list[Interval]:
    """The intervals in which the part is visible. If it enters or leaves, it is visible from or until that moment."""
    times, half = part.course.times, span.frame_seconds / 2
    breaks = np.flatnonzero(np.diff(times) > GAP_FRAMES * span.frame_seconds)
    firsts = [0, *(breaks + 1).tolist()]
    lasts = [*breaks.tolist(), len(times) - 1]
    stretches = []
    for first, last in zip(firsts, lasts, strict=True):
        start = max(span.start_seconds, float(times[first]) - half)
        end = min(span.end_seconds, float(times[last]) + half)
        if first == 0 and part.enters:
            start = part.enters.pts_seconds
        if last == len(times) - 1:
            if part.leaves:
                end = part.leaves.pts_seconds
            elif part.trail.last.frame and times[last] >= span.last_seconds - 0.5 * span.frame_seconds:
                end = span.end_seconds
        stretches.append(Interval(start_seconds=start, end_seconds=max(end, start + _LEAST_VISIBLE_SECONDS)))
    return stretches


def _events(track_id: str, chain: Sequence[Part]) -> list[Event]:
    moments = list(turns_of(chain).moments)
    for part in chain:
        moments += [moment for moment in (part.enters, part.leaves) if moment]
    for before, after in pairwise(chain):
        away = (after.course.times[0] - before.course.times[-1]) / _CLEARLY_AWAY_SECONDS
        between = (before.leaves, after.enters)
        moments = [replace(one, margin=min(one.margin, away)) if one in between else one for one in moments]
    moments.sort(key=lambda moment: (moment.pts_seconds, moment.kind))
    return [
        Event(
            event_id=f"{track_id}e{number}",
            kind=moment.kind,
            track_ids=(track_id,),
            pts_seconds=moment.pts_seconds,
            start_seconds=moment.start_seconds,
            end_seconds=moment.end_seconds,
            margin=moment.margin,
        )
        for number, moment in enumerate(moments)
    ]


def _tracked(odd: Sequence[list[Part]], span: ShotExtent) -> tuple[Interval, ...]:
    """The intervals of the shot in which no untracked chain may be visible.

    A chain may be partly visible for a while before its first sighting and after its last one, unless it enters or
    leaves.
    """
    free = [(span.start_seconds, span.end_seconds)]
    for chain in odd:
        before = span.frame_seconds if comes_to_be(chain, span) else _UNSEEN_SECONDS
        after = span.frame_seconds if goes(chain, span) else _UNSEEN_SECONDS
        start = float(chain[0].course.times[0]) - before
        end = float(chain[-1].course.times[-1]) + after
        if end > span.last_seconds:
            end = span.end_seconds  # the thing is visible as long as the last frame is
        rest = [piece for a, b in free for piece in ((a, min(b, start)), (max(a, end), b))]
        free = [(a, b) for a, b in rest if b - a > _LEAST_TRACKED_SECONDS]
    return tuple(Interval(start_seconds=a, end_seconds=b) for a, b in free)
