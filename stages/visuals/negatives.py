"""Visual negatives and their controls become pixels. Pure, seeded functions.

Only what a spec names is changed: edits and new orders leave the pixels of each frame as they are; a changed area is
an object's box with a border around it.
Axes: N frames, H rows, W columns, C = red green blue; R, K = rows and columns of the mask's cells.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from schemas.clip import Frame, UnitClip
from schemas.scene import Scene
from schemas.shown import EditKind, Shown
from schemas.visual_negative import VisualKind, VisualLevel, VisualNegative
from stages.drawing.painting import Pixels, area_pixels, filled, inpainted
from stages.drawing.rectangles import Rect, bordered
from stages.visuals.source import VisualSource, edited_rect, stored_rect
from stages.visuals.visual import Visual

RUNS = 8
"""A shuffled video is split into this many runs of equal length."""
MASK_CELLS = (12, 12)
"""Rows and columns of a random mask."""
_MASKED_SHARE = 0.5  # of the cells of a random mask
_ABOUT_SECONDS = 0.3  # a thing may be partly visible for this long before its first and after its last box
_SAME_MOMENT_SECONDS = 1e-4  # times that differ by less belong to one frame


def one_object(scene: Scene, track_id: str) -> tuple[str, ...]:
    """The ids of a track and of all tracks that links join with it as one object, sorted."""
    ids, found = {track_id}, 0
    while len(ids) > found:
        found = len(ids)
        for link in scene.links:
            if link.same and ids & {link.track_a, link.track_b}:
                ids |= {link.track_a, link.track_b}
    return tuple(sorted(ids))


def preferred_visual(negative: VisualNegative, full: Visual, source: VisualSource) -> Visual:
    """The visual that shows the claim: the pair's own (`full`, edited), a segment of it, or its keyframe, repeated."""
    if negative.level is VisualLevel.TEMPORAL:
        return source.segment(negative.preferred_segment_id)
    if negative.level is VisualLevel.PERCEPTIVE:
        return _repeated(_keyframe(source, negative.preferred_frame_index), full)
    return full


def negative_visual(
    negative: VisualNegative, full: Visual, source: VisualSource, other: UnitClip | None = None
) -> Visual:
    """The visual that does not show the claim. A clip of another video is shown as it is stored, without the edit.

    Args:
        negative: the spec.
        full: the pair's own visual, edited.
        source: what `full` was made from.
        other: the clip `other_clip_id`, for the kinds that borrow one.

    Raises: ValueError if `other` is missing or is a different clip; KeyError if a segment is missing.
    """
    return _MAKERS[negative.kind](negative, full, source, other)


def control_visual(negative: VisualNegative, full: Visual, source: VisualSource) -> Visual | None:
    """The keyframe with an area of equal size changed elsewhere, repeated; None for kinds that change no area."""
    if negative.control is None:
        return None
    changed = _changed(negative, source, negative.control.shift_x, negative.control.shift_y)
    return _repeated(changed, full)


def _reversed(_negative: VisualNegative, full: Visual, source: VisualSource, _other: UnitClip | None) -> Visual:
    clip = source.clip
    times = clip.start_seconds + clip.end_seconds - full.pts_seconds[::-1]
    return Visual(np.ascontiguousarray(full.frames_NHWC[::-1]), times)


def _shuffled(negative: VisualNegative, full: Visual, _source: VisualSource, _other: UnitClip | None) -> Visual:
    places = shuffled_frames(full.count, shuffled_order(negative.seed))
    return Visual(full.frames_NHWC[places], full.pts_seconds)


def _other_video(negative: VisualNegative, _full: Visual, source: VisualSource, other: UnitClip | None) -> Visual:
    return source.as_stored(_borrowed(negative, other).frames)


def _black(_negative: VisualNegative, full: Visual, _source: VisualSource, _other: UnitClip | None) -> Visual:
    return Visual(np.zeros_like(full.frames_NHWC), full.pts_seconds)


def _noise(negative: VisualNegative, full: Visual, _source: VisualSource, _other: UnitClip | None) -> Visual:
    rng = np.random.default_rng(negative.seed)
    return Visual(rng.integers(0, 256, full.frames_NHWC.shape, dtype=np.uint8), full.pts_seconds)


def _masked(negative: VisualNegative, full: Visual, source: VisualSource, _other: UnitClip | None) -> Visual:
    tracks = one_object(source.clip.scene, negative.track_id or "")
    frames_NHWC = full.frames_NHWC.copy()
    for place, frame_HWC in enumerate(frames_NHWC):
        index = _stored_index(source, float(full.pts_seconds[place]))
        boxes = boxes_about(source.clip, tracks, index, source.show)
        cells_RK = mask_cells(negative.seed, index, boxes)
        for row, column in np.argwhere(cells_RK):
            frame_HWC[_cell(int(row), frame_HWC.shape[0], 0), _cell(int(column), frame_HWC.shape[1], 1)] = 0
    return Visual(frames_NHWC, full.pts_seconds)


def _other_edits(negative: VisualNegative, _full: Visual, source: VisualSource, _other: UnitClip | None) -> Visual:
    return source.shown_as(negative.shown or Shown())


def _other_segment(negative: VisualNegative, _full: Visual, source: VisualSource, _other: UnitClip | None) -> Visual:
    return source.segment(negative.segment_id)


def _foreign_segment(negative: VisualNegative, _full: Visual, source: VisualSource, other: UnitClip | None) -> Visual:
    return source.as_stored(_segment_frames(_borrowed(negative, other), negative.segment_id))


def _area_changed(negative: VisualNegative, full: Visual, source: VisualSource, _other: UnitClip | None) -> Visual:
    return _repeated(_changed(negative, source, 0.0, 0.0), full)


def _other_frame(negative: VisualNegative, full: Visual, source: VisualSource, _other: UnitClip | None) -> Visual:
    return _repeated(_keyframe(source, negative.frame_index), full)


_MAKERS: Mapping[VisualKind, Callable[[VisualNegative, Visual, VisualSource, UnitClip | None], Visual]] = {
    VisualKind.REVERSED: _reversed,
    VisualKind.SHUFFLED: _shuffled,
    VisualKind.OTHER_VIDEO: _other_video,
    VisualKind.BLACK: _black,
    VisualKind.NOISE: _noise,
    VisualKind.RANDOM_MASK: _masked,
    VisualKind.OTHER_EDITS: _other_edits,
    VisualKind.OTHER_SEGMENT: _other_segment,
    VisualKind.FOREIGN_SEGMENT: _foreign_segment,
    VisualKind.MOVED: _area_changed,
    VisualKind.INPAINTED: _area_changed,
    VisualKind.FILLED: _area_changed,
    VisualKind.OTHER_FRAME: _other_frame,
}
"""What makes the corrupted visual of each kind; complete by test."""


def _borrowed(negative: VisualNegative, other: UnitClip | None) -> UnitClip:
    if other is None or other.clip_id != negative.other_clip_id:
        given = other.clip_id if other else "none"
        raise ValueError(f"visual negative {negative.kind}: needs clip {negative.other_clip_id}, got {given}")
    return other


def shuffled_frames(count: int, order: Sequence[int]) -> NDArray[np.intp]:
    """For each of `count` evenly spread frames, the index of the frame that the shuffled video shows instead, [count].

    The runs are split by time, as in the proof. If a run does not hold a whole number of frames, a frame near its end
    may appear twice or not at all.
    """
    moments_N = (np.arange(count) + 0.5) / count * RUNS
    run_N = moments_N.astype(np.intp)
    sources_N = np.asarray(order)[run_N] + moments_N - run_N
    return (sources_N / RUNS * count).astype(np.intp)


def shuffled_order(seed: int) -> tuple[int, ...]:
    """Which run of a shuffled video comes first, second, ...; never the original order."""
    order = tuple(int(run) for run in np.random.default_rng(seed).permutation(RUNS))
    return order if order != tuple(range(RUNS)) else order[::-1]


def boxes_about(clip: UnitClip, track_ids: Sequence[str], frame_index: int, shown: Shown) -> list[Rect]:
    """Where the edited frame may show some tracks: their boxes on it and its neighbours, their paths shortly before and
    after. A thing that enters or leaves is partly visible at moments when it has no box.
    """
    places = [(track_id, frame_index + step) for track_id in track_ids for step in (-1, 0, 1)]
    boxes = [stored_rect(clip.scene, *place) for place in places]
    boxes += [_path_box(clip, track_id, frame_index) for track_id in track_ids]
    return [box for box in (edited_rect(box, clip, shown) for box in boxes) if box is not None]


def _path_box(clip: UnitClip, track_id: str, frame_index: int) -> Rect | None:
    """The box around a track's path shortly before and after a stored frame."""
    moment = clip.frames[frame_index].pts_seconds
    paths = (track.path for track in clip.scene.tracks if track.track_id == track_id)
    near = [p for path in paths for p in path if abs(p.pts_seconds - moment) <= _ABOUT_SECONDS]
    if not near:
        return None
    return min(p.x0 for p in near), min(p.y0 for p in near), max(p.x1 for p in near), max(p.y1 for p in near)


def mask_cells(seed: int, frame_index: int, boxes: Sequence[Rect]) -> NDArray[np.bool_]:
    """Which cells of a frame are masked, RK: half of them at random, and all that the bordered boxes touch."""
    cells_RK = np.random.default_rng([seed, frame_index]).random(MASK_CELLS) < _MASKED_SHARE
    rows, columns = MASK_CELLS
    for box in boxes:
        x0, y0, x1, y1 = bordered(box)
        cells_RK[int(y0 * rows) : int(np.ceil(y1 * rows)), int(x0 * columns) : int(np.ceil(x1 * columns))] = True
    return cells_RK


def _cell(number: int, size: int, axis: int) -> slice:
    return slice(number * size // MASK_CELLS[axis], (number + 1) * size // MASK_CELLS[axis])


def _stored_index(source: VisualSource, pts_seconds: float) -> int:
    """Index of the stored frame that the edited clip shows at a time."""
    clip = source.clip
    reverses = source.show.is_whole(EditKind.REVERSED, clip)
    moment = clip.start_seconds + clip.end_seconds - pts_seconds if reverses else pts_seconds
    times = np.array([frame.pts_seconds for frame in clip.frames])
    index = int(np.abs(times - moment).argmin())
    if abs(times[index] - moment) > _SAME_MOMENT_SECONDS:
        raise ValueError(f"clip {clip.clip_id} stores no frame of {moment:.3f} s: a mask needs the boxes of its frames")
    return index


def _changed(negative: VisualNegative, source: VisualSource, away_x: float, away_y: float) -> Pixels:
    """The keyframe with an area changed that is (away_x, away_y) away from the object; (0, 0) is the object itself."""
    frame_HWC = _keyframe(source, negative.preferred_frame_index).frames_NHWC[0]
    box = source.key_area(negative)
    if box is None:
        raise ValueError(
            f"clip {source.clip.clip_id}: frame {negative.preferred_frame_index} shows no "
            f"{negative.track_id}, which the visual negative {negative.kind} changes"
        )
    rows, columns = area_pixels(bordered(box), frame_HWC, away_x, away_y)
    if negative.kind is VisualKind.FILLED:
        return filled(frame_HWC, rows, columns)
    emptied_HWC = inpainted(frame_HWC, rows, columns)
    if negative.kind is VisualKind.MOVED:
        shift_x, shift_y = away_x + (negative.shift_x or 0.0), away_y + (negative.shift_y or 0.0)
        emptied_HWC[area_pixels(bordered(box), frame_HWC, shift_x, shift_y)] = frame_HWC[rows, columns]
    return emptied_HWC


def _segment_frames(clip: UnitClip, segment_id: str | None) -> tuple[Frame, ...]:
    for segment in clip.segments:
        if segment.segment_id == segment_id:
            return segment.frames
    raise KeyError(f"clip {clip.clip_id} has no segment {segment_id}")


def _keyframe(source: VisualSource, frame_index: int | None) -> Visual:
    return source.keyframe(frame_index or 0)


def _repeated(still: Visual | Pixels, full: Visual) -> Visual:
    """One frame as a static video, with the number of frames and the times of the pair's own visual."""
    frame_HWC = still.frames_NHWC[0] if isinstance(still, Visual) else still
    return Visual(np.repeat(frame_HWC[None], len(full.frames_NHWC), axis=0), full.pts_seconds)
