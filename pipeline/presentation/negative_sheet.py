"""The visual negatives of a pair on one picture: per spec what shows the claim, what does not, and the control."""

from collections.abc import Mapping, Sequence

import cv2
import numpy as np

from pipeline.presentation.canvas import Image, blank, decoded_picture, framed, spread, write
from schemas.clip import Clip, Frame
from schemas.pair import Pair, VisualLevel, VisualNegative
from stages.negatives.painting import Pixels
from stages.visuals import Visual, VisualSource, control_visual, negative_visual, preferred_visual

_CELL_WIDTH = 148
_FRAMES = 4
_GAP = 8


def negative_sheet(pair: Pair, clip: Clip, others: Mapping[str, Clip]) -> Image:
    """One row per spec: frames of the preferred visual, of the corrupted one, and of the control where there is one.

    Args:
        pair: whose specs are drawn.
        clip: its clip, as it is stored.
        others: the clips that specs borrow, by id.
    """
    source = VisualSource(clip, pair.visual_edit, lambda frames: _decoded(frames, clip.clip_id))
    full = source.shown(clip.frames)
    rows = [_row(spec, full, source, others.get(spec.other_clip_id or "")) for spec in pair.visual_negatives]
    width = max((row.shape[1] for row in rows), default=_CELL_WIDTH)
    return framed(np.concatenate([_padded(row, width) for row in rows]) if rows else blank(_CELL_WIDTH, 1))


def _row(spec: VisualNegative, full: Visual, source: VisualSource, other: Clip | None) -> Image:
    visuals = [
        (f"{spec.level.value}: shows it", preferred_visual(spec, full, source)),
        (spec.kind.value.replace("_", " "), negative_visual(spec, full, source, other)),
    ]
    control = control_visual(spec, full, source)
    if control is not None:
        visuals.append(("control", control))
    still = spec.level is VisualLevel.PERCEPTIVE
    strips = [_strip(name, visual, 1 if still else _FRAMES) for name, visual in visuals]
    height = max(strip.shape[0] for strip in strips)
    parts = [part for strip in strips for part in (_lower(strip, height), blank(2 * _GAP, height))]
    return np.concatenate(parts[:-1], axis=1)


def _strip(caption: str, visual: Visual, most: int) -> Image:
    places = spread(len(visual.frames_NHWC), most)
    cells = [_cell(visual.frames_NHWC[place], float(visual.pts_seconds[place])) for place in places]
    body = np.concatenate([part for cell in cells for part in (cell, blank(_GAP, cell.shape[0]))][:-1], axis=1)
    head = blank(body.shape[1], 20)
    write(head, caption, (0, 14), 0.4)
    return np.concatenate([head, body])


def _cell(frame_HWC: Pixels, pts_seconds: float) -> Image:
    height = round(_CELL_WIDTH * frame_HWC.shape[0] / frame_HWC.shape[1])
    small = cv2.resize(frame_HWC[:, :, ::-1], (_CELL_WIDTH, height), interpolation=cv2.INTER_AREA).astype(np.uint8)
    foot = blank(_CELL_WIDTH, 18)
    write(foot, f"{pts_seconds:.2f} s", (0, 13), 0.35)
    return np.concatenate([small, foot])


def _decoded(frames: Sequence[Frame], clip_id: str) -> Visual:
    pixels = [np.ascontiguousarray(decoded_picture(frame, clip_id)[:, :, ::-1]) for frame in frames]
    return Visual(np.stack(pixels), np.array([frame.pts_seconds for frame in frames]))


def _lower(strip: Image, height: int) -> Image:
    return np.concatenate([strip, blank(strip.shape[1], height - strip.shape[0])])


def _padded(row: Image, width: int) -> Image:
    wide = np.concatenate([row, blank(width - row.shape[1], row.shape[0])], axis=1)
    return np.concatenate([wide, blank(width, _GAP)])
