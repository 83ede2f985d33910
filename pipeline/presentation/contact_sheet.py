"""A clip on one picture: its sampled frames with boxes, names and times, and below them who is in view when."""

import textwrap
from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from pipeline.presentation.canvas import (
    FAINT,
    FONT,
    INK,
    PAPER,
    Bgr,
    Image,
    blank,
    decoded_picture,
    framed,
    spread,
    write,
)
from pipeline.presentation.words import track_name
from schemas.clip import Clip
from schemas.colour import ColourName
from schemas.counted import counted
from schemas.scene import EventKind, Track

_CUT: Bgr = (60, 60, 210)
_NAMED: dict[ColourName, Bgr] = {
    ColourName.RED: (50, 45, 215),
    ColourName.ORANGE: (20, 125, 245),
    ColourName.YELLOW: (0, 205, 250),
    ColourName.GREEN: (60, 150, 35),
    ColourName.CYAN: (205, 195, 30),
    ColourName.BLUE: (215, 95, 30),
    ColourName.PURPLE: (160, 50, 125),
    ColourName.PINK: (175, 120, 250),
    ColourName.BROWN: (40, 75, 120),
    ColourName.BLACK: (30, 30, 30),
    ColourName.GREY: (130, 130, 130),
    ColourName.WHITE: (235, 235, 235),
}
"""A track is drawn in its own colour."""
_UNNAMED: Bgr = (110, 90, 70)
_CELL_WIDTH = 300
_COLUMNS = 4
_GAP = 12
_MOST_FRAMES = 16
_LANE = 24
_LINE = 22
_CHARACTER_WIDTH = 10  # of text at the size of the lines, at most
_NAMES_WIDTH = 170
_MARKS = {EventKind.ENTERS: ">", EventKind.LEAVES: "<", EventKind.STARTS: "+", EventKind.STOPS: "x"}


def contact_sheet(clip: Clip, said: Sequence[str] = (), below: Image | None = None) -> bytes:
    """The sheet as PNG, with lines of text above its frames and another picture below it, where there are any.

    ValueError where a stored frame is no picture.
    """
    grid = _grid([_cell(clip, index) for index in spread(len(clip.frames), _MOST_FRAMES)])
    width = grid.shape[1]
    parts = [_header(clip, width), *_text(said, width), grid, _timeline(clip, width)]
    sheet = framed(np.concatenate([_padded(part) for part in parts]))
    if below is not None:
        width = max(sheet.shape[1], below.shape[1])
        sheet = np.concatenate([_widened(sheet, width), _widened(below, width)])
    return cv2.imencode(".png", sheet)[1].tobytes()


def _widened(image: Image, width: int) -> Image:
    return np.concatenate([image, blank(width - image.shape[1], image.shape[0])], axis=1)


def _cell(clip: Clip, index: int) -> Image:
    """One frame with its boxes, and its time below it."""
    frame = clip.frames[index]
    image = decoded_picture(frame, clip.clip_id)
    height = round(_CELL_WIDTH * image.shape[0] / image.shape[1])
    image = cv2.resize(image, (_CELL_WIDTH, height), interpolation=cv2.INTER_AREA).astype(np.uint8)
    for track in clip.scene.tracks:
        for box in (box for box in track.boxes if box.frame_index == index):
            left, top = round(box.x0 * _CELL_WIDTH), round(box.y0 * height)
            right, bottom = round(box.x1 * _CELL_WIDTH), round(box.y1 * height)
            cv2.rectangle(image, (left, top), (right, bottom), INK, 4, cv2.LINE_AA)
            cv2.rectangle(image, (left, top), (right, bottom), _colour(track), 2, cv2.LINE_AA)
            _tag(image, track_name(track), (left, top), _colour(track))
    caption = blank(_CELL_WIDTH, 22)
    write(caption, f"{frame.pts_seconds:.2f} s", (0, 16), 0.45)
    write(caption, f"frame {index}", (_CELL_WIDTH - 70, 16), 0.4, FAINT)
    return np.concatenate([image, caption])


def _tag(image: Image, text: str, corner: tuple[int, int], colour: Bgr) -> None:
    """A name on a filled plate, above its box where there is room, inside the picture always."""
    (width, height), _ = cv2.getTextSize(text, FONT, 0.4, 1)
    x = max(0, min(corner[0] - 1, image.shape[1] - width - 6))
    y = corner[1] - 4 if corner[1] >= height + 8 else corner[1] + height + 7
    y = min(y, image.shape[0] - 4)
    cv2.rectangle(image, (x, y - height - 4), (x + width + 6, y + 4), colour, -1)
    write(image, text, (x + 3, y), 0.4, PAPER if _is_dark(colour) else INK)


def _grid(cells: Sequence[Image]) -> Image:
    columns = min(_COLUMNS, len(cells))
    height = max(cell.shape[0] for cell in cells)
    rows = []
    for start in range(0, len(cells), columns):
        row = blank(columns * _CELL_WIDTH + (columns - 1) * _GAP, height)
        for place, cell in enumerate(cells[start : start + columns]):
            left = place * (_CELL_WIDTH + _GAP)
            row[: cell.shape[0], left : left + _CELL_WIDTH] = cell
        rows.append(row)
    return np.concatenate(rows)


def _header(clip: Clip, width: int) -> Image:
    image = blank(width, 52)
    shots = len(clip.scene.shot_starts) + 1
    write(image, clip.uri, (0, 18), 0.6)
    facts = (
        f"clip {clip.clip_id}   {clip.width} x {clip.height}   {clip.start_seconds:.1f} to {clip.end_seconds:.1f} s   "
        f"{counted(shots, 'shot')}   {counted(len(clip.scene.tracks), 'track')}"
    )
    write(image, facts, (0, 42), 0.42)
    return image


def _text(said: Sequence[str], width: int) -> Iterator[Image]:
    """Lines of text, folded to the width."""
    lines = [line for text in said for line in textwrap.wrap(text, width // _CHARACTER_WIDTH)]
    if lines:
        image = blank(width, _LINE * len(lines))
        for number, line in enumerate(lines):
            write(image, line, (0, _LINE * number + 14), 0.5)
        yield image


def _timeline(clip: Clip, width: int) -> Image:
    """One lane per track: bars where it is visible, marks where something happens; lines through all part the shots."""
    tracks = clip.scene.tracks
    image = blank(width, _LANE * (len(tracks) + 2))
    x_of = _Scale(clip, width)
    for lane, track in enumerate(tracks):
        _lane(image, clip, track, lane, x_of)
    floor = _LANE * len(tracks) + 4
    for start in clip.scene.shot_starts:
        _dashed(image, x_of(start), floor)
    cv2.line(image, (_NAMES_WIDTH, floor), (width - 1, floor), INK, 1, cv2.LINE_AA)
    for second in x_of.ticks():
        cv2.line(image, (x_of(second), floor), (x_of(second), floor + 5), INK, 1, cv2.LINE_AA)
        write(image, f"{second:g}", (x_of(second) - 4, floor + 20), 0.38)
    key = "> enters   < leaves   + starts   x stops" + ("   | next shot" if clip.scene.shot_starts else "")
    write(image, key, (_NAMES_WIDTH, floor + 40), 0.38)
    return image


def _lane(image: Image, clip: Clip, track: Track, lane: int, x_of: "_Scale") -> None:
    middle = lane * _LANE + _LANE // 2
    write(image, track_name(track), (0, middle + 4), 0.42)
    cv2.line(image, (_NAMES_WIDTH, middle), (image.shape[1] - 1, middle), FAINT, 1, cv2.LINE_AA)
    for stretch in track.visible:
        start, end = x_of(stretch.start_seconds), x_of(stretch.end_seconds)
        cv2.rectangle(image, (start, middle - 7), (max(start + 2, end), middle + 7), _colour(track), -1)
        cv2.rectangle(image, (start, middle - 7), (max(start + 2, end), middle + 7), FAINT, 1)
    for event in clip.scene.events:
        if track.track_id in event.track_ids and event.kind in _MARKS:
            place = (min(x_of(event.pts_seconds), image.shape[1] - 10) - 4, middle + 4)
            write(image, _MARKS[event.kind], place, 0.45, PAPER, outline=INK)


class _Scale:
    """Where on the timeline a moment lies."""

    def __init__(self, clip: Clip, width: int) -> None:
        self._start, self._end = clip.start_seconds, clip.end_seconds
        self._width = width - _NAMES_WIDTH - 12

    def __call__(self, seconds: float) -> int:
        share = (seconds - self._start) / (self._end - self._start)
        return _NAMES_WIDTH + round(min(1.0, max(0.0, share)) * self._width)

    def ticks(self) -> Iterator[float]:
        """Round times, some ten of them."""
        span = self._end - self._start
        step = next((step for step in (0.1, 0.5, 1, 2, 5, 10, 20) if span / step <= 12), 60)
        first = -(-self._start // step)
        while first * step <= self._end:
            yield round(first * step, 3)
            first += 1


def _colour(track: Track) -> Bgr:
    return _NAMED[track.colour.name] if track.colour else _UNNAMED


def _is_dark(colour: Bgr) -> bool:
    blue, green, red = colour
    return 0.114 * blue + 0.587 * green + 0.299 * red < 150


def _dashed(image: Image, x: int, bottom: int) -> None:
    for y in range(0, bottom, 8):
        cv2.line(image, (x, y), (x, min(bottom, y + 4)), _CUT, 2)


def _padded(part: Image) -> Image:
    return np.concatenate([part, blank(part.shape[1], _GAP)])
