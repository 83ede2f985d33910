"""Shots to shots in which what moves elsewhere in the clip, and only stands here, has a track as well.

A thing that never moves needs no track; one that moves in another shot does, or nothing could be said of when it is
in view. Where such a thing may or may not stand in a shot, that shot does not count as tracked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas.interval import Interval
from schemas.scene import Track, TrackLabel, size_class
from stages.motion.colour import count_names, dominant_colour
from stages.motion.objects.identity import Look, families, likeness
from stages.motion.objects.linker import lab_of
from stages.motion.objects.regions import PixelBox, Region, meet, regions_of
from stages.motion.objects.tracks import Backdrop, ShotTracks, TrackingConfig, path_point

_SCORE = 0.9
_AROUND = 8  # pixels around a thing that show what it stands before
_RIM = 4  # pixels over which codecs mix colours
_SHOWS = 0.15  # share of its colour from which on a pixel of a moving thing is foreground
_KERNEL = np.ones((3, 3), np.uint8)


@dataclass(frozen=True, eq=False)
class _StillObject:
    region: Region
    look: Look


def with_still_objects(shots: Sequence[ShotTracks], config: TrackingConfig) -> list[ShotTracks]:
    """The shots of one clip, in order, with tracks of what stands in one and moves in another."""
    settled = []
    for shot in shots:
        elsewhere = [look for other in shots if other is not shot for look in (*other.looks, *other.strays)]
        settled.append(_settled(shot, shot.backdrop, elsewhere, config) if shot.backdrop else shot)
    return settled


def _settled(
    shot: ShotTracks, backdrop: Backdrop, elsewhere: Sequence[Look | None], config: TrackingConfig
) -> ShotTracks:
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
    """The region as what the looks are of, or None where size and shape do not agree."""
    (region,) = regions
    height, width = lab_HWC.shape[:2]
    x0, y0, x1, y1 = region.box
    if x0 <= 1 or y0 <= 1 or x1 >= width - 1 or y1 >= height - 1:
        return None
    region = _as_foreground(region, looks[0], lab_HWC)
    depths = region.depths()
    x0, y0, x1, y1 = region.box
    size = ((x1 - x0) / height, (y1 - y0) / height)
    lab = np.median(lab_HWC[region.crop][depths >= 0.7 * depths.max()], axis=0).astype(np.float32)
    own = Look(lab=lab, first_size=size, last_size=size, shape=region.shape(), whole_sightings=1)
    if any(likeness(look, own, config.identity) <= 0 and likeness(own, look, config.identity) <= 0 for look in looks):
        return None
    return _StillObject(region, own)


def _as_foreground(region: Region, look: Look, lab_HWC: NDArray[np.float32]) -> Region:
    """The region with its rim, as far as it would stand out from what is around it if it moved."""
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
    """The found's track, or None where something passes it or its colour has no clear name."""
    span = backdrop.span
    if any(meet(found.region.box, _pixels(track, span.width, span.height), 2) for track in shot.tracks):
        return None
    inner = found.region.depths() > 2
    colour = dominant_colour(count_names(backdrop.image_HWC[found.region.crop][inner]))
    if colour is None:
        return None
    path = tuple(path_point(found.region.box, float(when), span) for when in backdrop.pts_seconds)
    return Track(
        track_id=f"{backdrop.prefix}t{len(shot.tracks)}",
        label=TrackLabel.OBJECT,
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
    """The box around all of a track's path, in analysis pixels."""
    return (
        int(min(point.x0 for point in track.path) * width),
        int(min(point.y0 for point in track.path) * height),
        int(max(point.x1 for point in track.path) * width) + 1,
        int(max(point.y1 for point in track.path) * height) + 1,
    )
