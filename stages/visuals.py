"""Specs become pixels: the visual edit of a twin, and visual negatives with their controls. Pure, seeded functions.

Only what a spec names changes: an edit and the orders change no pixel of a frame, an area is a box with its border.
Axes: N frames, H rows, W columns, C = red green blue; R, K = rows and columns of the mask's cells.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas.clip import Frame, UnitClip
from schemas.pair import VisualEdit, VisualKind, VisualLevel, VisualNegative
from schemas.scene import Scene

Pixels = NDArray[np.uint8]
Rect = tuple[float, float, float, float]
"""x0, y0, x1, y1 in 0..1 of the upright frame."""

RUNS = 8
"""A shuffled video is cut into so many runs of equal length."""
MASK_CELLS = (12, 12)
"""Rows and columns of a random mask."""
_MASKED_SHARE = 0.5
_LEAST_BORDER = 0.012  # of the frame: what a detector's box may miss of an object
_BORDER_SHARE = 0.1  # of the object's side
_ABOUT_SECONDS = 0.3  # for so long a thing may be seen in part before it is found, or after it is lost
_INPAINT_RADIUS = 3
_INPAINT_SIGHT = 24  # pixels around the hole that are looked at
_SAME_MOMENT_SECONDS = 1e-4


@dataclass(frozen=True)
class Visual:
    """A video as a policy is shown it. ValueError if pixels and times do not fit each other."""

    frames_NHWC: Pixels
    """Upright RGB, at least one frame, all of one size."""
    pts_seconds: NDArray[np.float64]
    """(N,) times on the clip's clock, never decreasing."""

    def __post_init__(self) -> None:
        shape, times = self.frames_NHWC.shape, self.pts_seconds.shape
        if len(shape) != 4 or shape[-1] != 3 or shape[0] < 1 or self.frames_NHWC.dtype != np.uint8:
            raise ValueError(f"frames must be uint8 of shape (N >= 1, H, W, 3), got {self.frames_NHWC.dtype} {shape}")
        if times != shape[:1]:
            raise ValueError(f"{shape[0]} frames need as many times, got shape {times}")
        if np.any(np.diff(self.pts_seconds) < 0):
            raise ValueError(f"frame times must not decrease, got {self.pts_seconds.tolist()}")

    @property
    def count(self) -> int:
        """Number of frames."""
        return int(self.frames_NHWC.shape[0])


@dataclass(frozen=True)
class VisualSource:
    """Where the visuals of one pair come from."""

    clip: UnitClip
    """The pair's clip, as it is stored."""
    edit: VisualEdit
    """What is done to it before anyone sees it."""
    decode: Callable[[Sequence[Frame]], Visual]
    """Stored frames as pixels: all of them, or evenly spread ones."""

    def shown(self, frames: Sequence[Frame]) -> Visual:
        """Stored frames of the clip, edited."""
        return edited_visual(self.decode(frames), self.clip, self.edit)

    def segment(self, segment_id: str | None) -> Visual:
        """A stored segment of the clip, edited; KeyError where it has none of that id."""
        return self.shown(_segment_frames(self.clip, segment_id))

    def box(self, track_id: str, frame_index: int) -> Rect | None:
        """Where the edited frame shows a track; None where it does not."""
        return edited_rect(stored_rect(self.clip.scene, track_id, frame_index), self.edit)


def decoded_jpeg(frame: Frame, owner: str) -> Pixels:
    """The RGB pixels of a stored frame, HWC. ValueError, with `owner`, if its JPEG cannot be read."""
    pixels = cv2.imdecode(np.frombuffer(frame.jpeg, np.uint8), cv2.IMREAD_COLOR_RGB) if frame.jpeg else None
    if pixels is None:
        raise ValueError(f"{owner}: the frame at {frame.pts_seconds:.3f} s is not a readable JPEG")
    return pixels.astype(np.uint8, copy=False)


def edited_visual(visual: Visual, clip: UnitClip, edit: VisualEdit) -> Visual:
    """Frames of a clip mirrored, or from last to first with the times at which the reversed clip shows them."""
    if edit is VisualEdit.MIRRORED:
        return Visual(np.ascontiguousarray(visual.frames_NHWC[:, :, ::-1]), visual.pts_seconds)
    if edit is VisualEdit.REVERSED:
        backwards = clip.start_seconds + clip.end_seconds - visual.pts_seconds[::-1]
        return Visual(np.ascontiguousarray(visual.frames_NHWC[::-1]), backwards)
    return visual


def edited_rect(rect: Rect | None, edit: VisualEdit) -> Rect | None:
    """A box of a stored frame as the edited frame shows it."""
    if rect is None or edit is not VisualEdit.MIRRORED:
        return rect
    x0, y0, x1, y1 = rect
    return 1.0 - x1, y0, 1.0 - x0, y1


def stored_rect(scene: Scene, track_id: str, frame_index: int) -> Rect | None:
    """The box of a track on a stored frame; None where it is not seen there."""
    boxes = (box for track in scene.tracks if track.track_id == track_id for box in track.boxes)
    return next(((b.x0, b.y0, b.x1, b.y1) for b in boxes if b.frame_index == frame_index), None)


def one_object(scene: Scene, track_id: str) -> tuple[str, ...]:
    """A track and those that links say are the same object, in order of id."""
    ids, found = {track_id}, 0
    while len(ids) > found:
        found = len(ids)
        for link in scene.links:
            if link.same and ids & {link.track_a, link.track_b}:
                ids |= {link.track_a, link.track_b}
    return tuple(sorted(ids))


def preferred_visual(negative: VisualNegative, full: Visual, source: VisualSource) -> Visual:
    """The visual that shows the claim: the pair's own (`full`, edited), a segment of it, or its keyframe repeated."""
    if negative.level is VisualLevel.TEMPORAL:
        return source.segment(negative.preferred_segment_id)
    if negative.level is VisualLevel.PERCEPTIVE:
        return _repeated(_still(source, negative.preferred_frame_index), full)
    return full


def negative_visual(
    negative: VisualNegative, full: Visual, source: VisualSource, other: UnitClip | None = None
) -> Visual:
    """The visual that does not show the claim; another video is shown as it is stored.

    Args:
        negative: the spec.
        full: the pair's own visual, edited.
        source: where its pixels come from.
        other: the clip `other_clip_id`, for the kinds that borrow one.

    Raises: ValueError where `other` is missing or another clip; KeyError where a segment is missing.
    """
    if negative.kind.borrows:
        if other is None or other.clip_id != negative.other_clip_id:
            given = other.clip_id if other else "none"
            raise ValueError(f"visual negative {negative.kind}: needs clip {negative.other_clip_id}, got {given}")
        stored = other.frames
        if negative.kind is VisualKind.FOREIGN_SEGMENT:
            stored = _segment_frames(other, negative.segment_id)
        return source.decode(stored)
    if negative.kind is VisualKind.OTHER_SEGMENT:
        return source.segment(negative.segment_id)
    if negative.kind is VisualKind.OTHER_FRAME:
        return _repeated(_still(source, negative.frame_index), full)
    if negative.level is VisualLevel.PERCEPTIVE:
        return _repeated(_changed(negative, source, 0.0, 0.0), full)
    return _corrupted(negative, full, source)


def control_visual(negative: VisualNegative, full: Visual, source: VisualSource) -> Visual | None:
    """The keyframe with an area of equal size changed elsewhere, repeated; None for a kind that changes no area."""
    if negative.control is None:
        return None
    changed = _changed(negative, source, negative.control.shift_x, negative.control.shift_y)
    return _repeated(changed, full)


def _corrupted(negative: VisualNegative, full: Visual, source: VisualSource) -> Visual:
    frames_NHWC, count = full.frames_NHWC, len(full.frames_NHWC)
    if negative.kind is VisualKind.REVERSED:
        return edited_visual(full, source.clip, VisualEdit.REVERSED)
    if negative.kind is VisualKind.SHUFFLED:
        return Visual(frames_NHWC[_shuffled_frames(count, shuffled_order(negative.seed))], full.pts_seconds)
    if negative.kind is VisualKind.BLACK:
        return Visual(np.zeros_like(frames_NHWC), full.pts_seconds)
    if negative.kind is VisualKind.NOISE:
        noise_NHWC = np.random.default_rng(negative.seed).integers(0, 256, frames_NHWC.shape, dtype=np.uint8)
        return Visual(noise_NHWC, full.pts_seconds)
    return _masked(negative, full, source)


def _shuffled_frames(count: int, order: Sequence[int]) -> NDArray[np.intp]:
    """Which of `count` evenly spread frames the shuffled video shows at the time of each, [count].

    Runs are cut in time, as they are for the proof. Where they hold no whole number of frames, a frame near a border
    of two runs may come twice or not at all.
    """
    moments_N = (np.arange(count) + 0.5) / count * RUNS
    run_N = moments_N.astype(np.intp)
    sources_N = np.asarray(order)[run_N] + moments_N - run_N
    return (sources_N / RUNS * count).astype(np.intp)


def shuffled_order(seed: int) -> tuple[int, ...]:
    """Which run of a shuffled video comes first, second, ...: never as they were."""
    order = tuple(int(run) for run in np.random.default_rng(seed).permutation(RUNS))
    return order if order != tuple(range(RUNS)) else order[::-1]


def _masked(negative: VisualNegative, full: Visual, source: VisualSource) -> Visual:
    tracks = one_object(source.clip.scene, negative.track_id or "")
    frames_NHWC = full.frames_NHWC.copy()
    for place, frame_HWC in enumerate(frames_NHWC):
        index = _stored_index(source, float(full.pts_seconds[place]))
        boxes = boxes_about(source.clip, tracks, index, source.edit)
        cells_RK = mask_cells(negative.seed, index, boxes)
        for row, column in np.argwhere(cells_RK):
            frame_HWC[_cell(int(row), frame_HWC.shape[0], 0), _cell(int(column), frame_HWC.shape[1], 1)] = 0
    return Visual(frames_NHWC, full.pts_seconds)


def boxes_about(clip: UnitClip, track_ids: Sequence[str], frame_index: int, edit: VisualEdit) -> list[Rect]:
    """Where the edited frame may show some tracks: their boxes on it and its neighbours, and all their ways shortly
    before and after: what comes in, or goes, is in part there when it has no box.
    """
    places = [(track_id, frame_index + step) for track_id in track_ids for step in (-1, 0, 1)]
    boxes = [stored_rect(clip.scene, *place) for place in places]
    boxes += [_way_about(clip, track_id, frame_index) for track_id in track_ids]
    return [box for box in (edited_rect(box, edit) for box in boxes) if box is not None]


def _way_about(clip: UnitClip, track_id: str, frame_index: int) -> Rect | None:
    """The box around a track's way shortly before and after a stored frame."""
    moment = clip.frames[frame_index].pts_seconds
    paths = (track.path for track in clip.scene.tracks if track.track_id == track_id)
    near = [p for path in paths for p in path if abs(p.pts_seconds - moment) <= _ABOUT_SECONDS]
    if not near:
        return None
    return min(p.x0 for p in near), min(p.y0 for p in near), max(p.x1 for p in near), max(p.y1 for p in near)


def mask_cells(seed: int, frame_index: int, boxes: Sequence[Rect]) -> NDArray[np.bool_]:
    """Which cells of a frame are masked, RK: half of them at random, and all that boxes with their border touch."""
    cells_RK = np.random.default_rng([seed, frame_index]).random(MASK_CELLS) < _MASKED_SHARE
    rows, columns = MASK_CELLS
    for box in boxes:
        x0, y0, x1, y1 = bordered(box)
        cells_RK[int(y0 * rows) : int(np.ceil(y1 * rows)), int(x0 * columns) : int(np.ceil(x1 * columns))] = True
    return cells_RK


def _cell(number: int, size: int, axis: int) -> slice:
    return slice(number * size // MASK_CELLS[axis], (number + 1) * size // MASK_CELLS[axis])


def _stored_index(source: VisualSource, pts_seconds: float) -> int:
    """Number of the stored frame that the edited clip shows at a time."""
    clip = source.clip
    backwards = source.edit is VisualEdit.REVERSED
    moment = clip.start_seconds + clip.end_seconds - pts_seconds if backwards else pts_seconds
    times = np.array([frame.pts_seconds for frame in clip.frames])
    index = int(np.abs(times - moment).argmin())
    if abs(times[index] - moment) > _SAME_MOMENT_SECONDS:
        raise ValueError(f"clip {clip.clip_id} stores no frame of {moment:.3f} s: a mask needs the boxes of its frames")
    return index


def _changed(negative: VisualNegative, source: VisualSource, away_x: float, away_y: float) -> Pixels:
    """The keyframe with the area changed that lies so far from the object; (0, 0) is the object itself."""
    frame_HWC = _still(source, negative.preferred_frame_index).frames_NHWC[0]
    box = source.box(negative.track_id or "", negative.preferred_frame_index or 0)
    if box is None:
        raise ValueError(
            f"clip {source.clip.clip_id}: frame {negative.preferred_frame_index} shows no "
            f"{negative.track_id}, which the visual negative {negative.kind} changes"
        )
    rows, columns = _area(bordered(box), frame_HWC, away_x, away_y)
    if negative.kind is VisualKind.FILLED:
        return _filled(frame_HWC, rows, columns)
    emptied_HWC = _inpainted(frame_HWC, rows, columns)
    if negative.kind is VisualKind.MOVED:
        shift_x, shift_y = away_x + (negative.shift_x or 0.0), away_y + (negative.shift_y or 0.0)
        emptied_HWC[_area(bordered(box), frame_HWC, shift_x, shift_y)] = frame_HWC[rows, columns]
    return emptied_HWC


def bordered(box: Rect) -> Rect:
    """The box with a border, as far as the frame goes: a detector's box may miss an object's rim."""
    x0, y0, x1, y1 = box
    across, along = (max(_LEAST_BORDER, _BORDER_SHARE * side) for side in (x1 - x0, y1 - y0))
    return max(0.0, x0 - across), max(0.0, y0 - along), min(1.0, x1 + across), min(1.0, y1 + along)


def _area(rect: Rect, frame_HWC: Pixels, away_x: float, away_y: float) -> tuple[slice, slice]:
    """Rows and columns of a rectangle moved by shares of the frame: of one size wherever it is moved to."""
    height, width = frame_HWC.shape[:2]
    return _side(rect[1], rect[3], away_y, height), _side(rect[0], rect[2], away_x, width)


def _side(start: float, end: float, away: float, size: int) -> slice:
    first, last = int(np.floor(start * size)), int(np.ceil(end * size))
    moved = min(max(first + round(away * size), 0), size - (last - first))
    return slice(moved, moved + last - first)


def _filled(frame_HWC: Pixels, rows: slice, columns: slice) -> Pixels:
    """The area in the mean colour of the rest."""
    outside_HW = np.ones(frame_HWC.shape[:2], dtype=np.bool_)
    outside_HW[rows, columns] = False
    filled_HWC = frame_HWC.copy()
    filled_HWC[rows, columns] = np.round(frame_HWC[outside_HW].mean(axis=0)).astype(np.uint8)
    return filled_HWC


def _inpainted(frame_HWC: Pixels, rows: slice, columns: slice) -> Pixels:
    """The area painted from what surrounds it (Telea's method)."""
    sight_rows, sight_columns = _widened(rows, frame_HWC.shape[0]), _widened(columns, frame_HWC.shape[1])
    hole_HW = np.zeros(frame_HWC.shape[:2], np.uint8)
    hole_HW[rows, columns] = 255
    seen_HWC = np.ascontiguousarray(frame_HWC[sight_rows, sight_columns])
    painted = cv2.inpaint(seen_HWC, hole_HW[sight_rows, sight_columns], _INPAINT_RADIUS, cv2.INPAINT_TELEA)
    result_HWC = frame_HWC.copy()
    result_HWC[sight_rows, sight_columns] = painted
    return result_HWC


def _widened(side: slice, size: int) -> slice:
    return slice(max(0, side.start - _INPAINT_SIGHT), min(size, side.stop + _INPAINT_SIGHT))


def _segment_frames(clip: UnitClip, segment_id: str | None) -> tuple[Frame, ...]:
    for segment in clip.segments:
        if segment.segment_id == segment_id:
            return segment.frames
    raise KeyError(f"clip {clip.clip_id} has no segment {segment_id}")


def _still(source: VisualSource, frame_index: int | None) -> Visual:
    return source.shown([source.clip.frames[frame_index or 0]])


def _repeated(still: Visual | Pixels, full: Visual) -> Visual:
    """One frame as a static video, as many frames and at the same times as the pair's own visual."""
    frame_HWC = still.frames_NHWC[0] if isinstance(still, Visual) else still
    return Visual(np.repeat(frame_HWC[None], len(full.frames_NHWC), axis=0), full.pts_seconds)
