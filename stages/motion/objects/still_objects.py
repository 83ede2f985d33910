"""Adds tracks for things that stand still in one shot and move in another shot of the clip.

A thing that never moves needs no track. One that moves in another shot needs one, so that it is known when it is in
view. A shot in which such a thing may or may not stand does not count as tracked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas.box import size_class
from schemas.interval import Interval
from schemas.scene import OBJECT, Track
from stages.motion.colour import count_names, dominant_colour
from stages.motion.objects.identity import Look, families, likeness
from stages.motion.objects.linker import lab_of
from stages.motion.objects.regions import PixelBox, Region, meet, regions_of
from stages.motion.objects.tracks import Backdrop, ShotTracks, TrackingConfig, path_point

_SCORE = 0.9  # of the track of a thing that stands still
_AROUND = 8  # pixels around a thing that show its background
_RIM = 4  # pixels over which codecs mix colours
_SHOWS = 0.15  # a pixel is foreground if at least this share of its colour is the thing's
_INNERMOST = 0.7  # pixels at this share of the largest depth, or deeper, have the thing's own colour
_INNER_PIXELS = 2  # pixels deeper than this are counted by colour name
_PASSING_PIXELS = 2  # a track that comes this near may cover the thing
_KERNEL = np.ones((3, 3), np.uint8)


@dataclass(frozen=True, eq=False)
class _StillObject:
    """A region of the background that is a thing, and how it looks."""

    region: Region
    look: Look


def with_still_objects(shots: Sequence[ShotTracks], config: TrackingConfig) -> list[ShotTracks]:
    """The shots of one clip, in order, with tracks for the things that stand still in one and move in another."""
    settled = []
    for shot in shots:
        elsewhere = [look for other in shots if other is not shot for look in (*other.looks, *other.strays)]
        settled.append(_with_tracks(shot, shot.backdrop, elsewhere, config) if shot.backdrop else shot)
    return settled


def _with_tracks(
    shot: ShotTracks, backdrop: Backdrop, elsewhere: Sequence[Look | None], config: TrackingConfig
) -> ShotTracks:
    """The shot with tracks for the things of `elsewhere` that stand still in it, or not tracked if that is unclear."""
    clear = [look for look in elsewhere if look is not None]
    here = [look.lab for look in shot.looks if look is not None]
    if len(clear) < len(elsewhere) or len(here) < len(shot.looks):
        return replace(shot, tracked=())
    lab_HWC = lab_of(backdrop.image_HWC)
    for family in families([look.lab for look in clear], config.identity):
        look = clear[family[0]]
        if any(float(np.linalg.norm(look.lab - lab)) < config.identity.rival_lab for lab in here):
            continue
        regions = _like(look, lab_HWC, config)
        if not regions:
            continue
        found = _the_one(regions, [clear[i] for i in family], lab_HWC, config) if len(regions) == 1 else None
        track = _track(found, shot, backdrop) if found else None
        if found is None or track is None:
            return replace(shot, tracked=())
        shot = replace(shot, tracks=(*shot.tracks, track), looks=(*shot.looks, found.look))
    return shot


def _like(look: Look, lab_HWC: NDArray[np.float32], config: TrackingConfig) -> list[Region]:
    """The regions of the background that have the look's colour."""
    near = (np.linalg.norm(lab_HWC - look.lab, axis=2) < config.linking.tolerance).astype(np.uint8)
    return regions_of(np.asarray(cv2.dilate(near, _KERNEL), np.uint8), config.linking.birth_area)


def _the_one(
    regions: Sequence[Region], looks: Sequence[Look], lab_HWC: NDArray[np.float32], config: TrackingConfig
) -> _StillObject | None:
    """The region as the thing that has these looks; None if size or shape do not agree."""
    (region,) = regions
    height, width = lab_HWC.shape[:2]
    x0, y0, x1, y1 = region.box
    if x0 <= 1 or y0 <= 1 or x1 >= width - 1 or y1 >= height - 1:
        return None
    region = _as_foreground(region, looks[0], lab_HWC)
    depths = region.depths()
    x0, y0, x1, y1 = region.box
    size = ((x1 - x0) / height, (y1 - y0) / height)
    lab = np.median(lab_HWC[region.crop][depths >= _INNERMOST * depths.max()], axis=0).astype(np.float32)
    own = Look(lab=lab, first_size=size, last_size=size, shape=region.shape(), full_sightings=1)
    if any(likeness(look, own, config.identity) <= 0 and likeness(own, look, config.identity) <= 0 for look in looks):
        return None
    return _StillObject(region, own)


def _as_foreground(region: Region, look: Look, lab_HWC: NDArray[np.float32]) -> Region:
    """The region as foreground would show it if it moved: with the rim that differs from what is around it."""
    height, width = lab_HWC.shape[:2]
    x0, y0, x1, y1 = region.box
    left, top = max(0, x0 - _AROUND), max(0, y0 - _AROUND)
    crop = np.s_[top : min(height, y1 + _AROUND), left : min(width, x1 + _AROUND)]
    inside = np.zeros((height, width), np.uint8)
    inside[region.crop] = region.mask_hw
    far = cv2.dilate(inside, np.ones((2 * _RIM + 1, 2 * _RIM + 1), np.uint8))[crop] == 0
    around = np.median(lab_HWC[crop][far], axis=0)
    way = look.lab - around
    share = ((lab_HWC[crop] - around) @ way / (float(way @ way) + 1.0) > _SHOWS) & ~far
    return max(regions_of(share.astype(np.uint8), 1, (left, top)), key=lambda one: one.area, default=region)


def _track(found: _StillObject, shot: ShotTracks, backdrop: Backdrop) -> Track | None:
    """The track of a still object; None if another track passes it, or if its colour has no clear name."""
    span = backdrop.span
    if any(meet(found.region.box, _pixels(track, span.width, span.height), _PASSING_PIXELS) for track in shot.tracks):
        return None
    inner = found.region.depths() > _INNER_PIXELS
    colour = dominant_colour(count_names(backdrop.image_HWC[found.region.crop][inner]))
    if colour is None:
        return None
    path = tuple(path_point(found.region.box, float(when), span) for when in backdrop.pts_seconds)
    return Track(
        track_id=f"{backdrop.prefix}t{len(shot.tracks)}",
        label=OBJECT,
        score=_SCORE,
        colour=colour,
        size=size_class(path),
        moves=False,
        first_seconds=span.start_seconds,
        last_seconds=span.end_seconds,
        visible=(Interval(start_seconds=span.start_seconds, end_seconds=span.end_seconds),),
        enters_from=None,
        leaves_to=None,
        boxes=(),
        path=path,
    )


def _pixels(track: Track, width: int, height: int) -> PixelBox:
    """The box around all of a track's path, in pixels of the analysis frame."""
    return (
        int(min(point.x0 for point in track.path) * width),
        int(min(point.y0 for point in track.path) * height),
        int(max(point.x1 for point in track.path) * width) + 1,
        int(max(point.y1 for point in track.path) * height) + 1,
    )
