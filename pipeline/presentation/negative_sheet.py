"""The visual negatives of a pair on one picture: what is preferred, what is corrupted, and the control."""

from collections.abc import Mapping

from pipeline.presentation.as_shown import source_of
from pipeline.presentation.canvas import (
    Drawing,
    blank,
    evenly_chosen,
    framed,
    side_by_side,
    stacked,
    text_width,
    thumbnail,
    write,
)
from pipeline.presentation.words import negative_words
from schemas.clip import Clip
from schemas.pair import Pair
from schemas.visual_negative import VisualLevel, VisualNegative
from stages.visuals.negatives import control_visual, negative_visual, preferred_visual
from stages.visuals.source import VisualSource
from stages.visuals.visual import Visual

_CELL_SIZE = 148  # of a frame, at most
_MOST_FRAMES = 4
_GAP = 8
_SIZE = 12  # of the text


def negative_sheet(pair: Pair, clip: Clip, others: Mapping[str, Clip]) -> Drawing:
    """Draw one row per visual negative; the pair needs at least one.

    Args:
        pair: its visual negatives are drawn.
        clip: its clip, as it is stored.
        others: the clips that the negatives borrow, by id.
    """
    source = source_of(pair.shown, clip, others)
    full = source.full()
    rows = [_row(spec, full, source, others.get(spec.other_clip_id or "")) for spec in pair.visual_negatives]
    return framed(stacked(rows, 2 * _GAP))


def _row(spec: VisualNegative, full: Visual, source: VisualSource, other: Clip | None) -> Drawing:
    most = 1 if spec.level is VisualLevel.PERCEPTIVE else _MOST_FRAMES
    strips = [
        _strip("preferred", preferred_visual(spec, full, source), most),
        _strip("corrupted", negative_visual(spec, full, source, other), most),
    ]
    control = control_visual(spec, full, source)
    if control is not None:
        strips.append(_strip("control", control, most))
    return stacked([_line(negative_words(spec)), side_by_side(strips, 3 * _GAP)])


def _strip(caption: str, visual: Visual, most: int) -> Drawing:
    cells = []
    for index in evenly_chosen(visual.count, most):
        frame = thumbnail(visual.frames_NHWC[index], _CELL_SIZE, _CELL_SIZE)
        cells.append(stacked([frame, _line(f"{visual.pts_seconds[index]:.2f} s")]))
    return stacked([_line(caption), side_by_side(cells, _GAP)])


def _line(text: str) -> Drawing:
    line = blank(text_width(text, _SIZE), 20)
    write(line, text, (0, 14), _SIZE)
    return line
