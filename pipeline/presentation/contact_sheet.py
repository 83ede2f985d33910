"""A clip on one picture: sampled frames with boxes, names and times, and below them a timeline of its tracks."""

from collections.abc import Iterator, Sequence

from PIL import ImageDraw

from pipeline.presentation.canvas import (
    FAINT,
    INK,
    PAPER,
    Drawing,
    Rgb,
    as_png,
    blank,
    evenly_chosen,
    folded,
    framed,
    side_by_side,
    stacked,
    stored_picture,
    text_width,
    thumbnail,
    write,
)
from pipeline.presentation.timeline import timeline
from pipeline.presentation.track_colours import is_dark, track_colour
from pipeline.presentation.words import track_name
from schemas.clip import Clip
from schemas.counted import counted
from schemas.interval import Interval
from schemas.problems import printable

_WIDTH = 1236  # of a sheet without its margins
_CELL_WIDTH, _CELL_HEIGHT = 300, 240  # of a frame, at most
_LEAST_CELL_WIDTH = 130  # for the caption
_GAP = 12
_MOST_FRAMES = 16
_TITLE, _TEXT, _SMALL = 19, 14, 12  # text sizes
_LINE = 21


def contact_sheet(
    clip: Clip, lines: Sequence[str] = (), highlighted: Sequence[Interval] = (), below: Drawing | None = None
) -> bytes:
    """Draw the sheet as PNG. Raises DatasetError if a stored frame is not a readable JPEG.

    Args:
        clip: its frames, tracks and events are drawn.
        lines: text above the frames.
        highlighted: times to shade on the timeline.
        below: another picture, for the bottom of the sheet.
    """
    cells = [_cell(clip, index) for index in evenly_chosen(len(clip.frames), _MOST_FRAMES)]
    parts = [_header(clip), *_text(lines), _grid(cells), timeline(clip, _WIDTH, highlighted)]
    sheet = framed(stacked(parts, _GAP))
    return as_png(sheet if below is None else stacked([sheet, below]))


def _header(clip: Clip) -> Drawing:
    image = blank(_WIDTH, 50)
    write(image, printable(clip.uri), (0, 18), _TITLE)
    facts = (
        f"clip {clip.clip_id}",
        f"{clip.width} x {clip.height}",
        f"{clip.start_seconds:.1f} to {clip.end_seconds:.1f} s",
        counted(len(clip.scene.shot_starts) + 1, "shot"),
        counted(len(clip.scene.tracks), "track"),
    )
    write(image, "   ".join(facts), (0, 42), _TEXT)
    return image


def _text(lines: Sequence[str]) -> Iterator[Drawing]:
    shown = [part for line in lines for part in folded(line, _WIDTH, _TEXT)]
    if shown:
        image = blank(_WIDTH, _LINE * len(shown))
        for number, line in enumerate(shown):
            write(image, line, (0, _LINE * number + 15), _TEXT)
        yield image


def _grid(cells: Sequence[Drawing]) -> Drawing:
    columns = (_WIDTH + _GAP) // (cells[0].width + _GAP)
    starts = range(0, len(cells), columns)
    return stacked([side_by_side(cells[start : start + columns], _GAP) for start in starts], 4)


def _cell(clip: Clip, index: int) -> Drawing:
    """One frame with its boxes, and its time below it."""
    frame = clip.frames[index]
    image = thumbnail(stored_picture(frame, clip.clip_id), _CELL_WIDTH, _CELL_HEIGHT)
    for track in clip.scene.tracks:
        for box in (box for box in track.boxes if box.frame_index == index):
            corners = (
                round(box.x0 * image.width),
                round(box.y0 * image.height),
                round(box.x1 * image.width),
                round(box.y1 * image.height),
            )
            _draw_box(image, corners, track_name(track), track_colour(track))
    caption = blank(max(image.width, _LEAST_CELL_WIDTH), 22)
    write(caption, f"{frame.pts_seconds:.2f} s", (0, 16), _SMALL)
    number = f"frame {index}"
    write(caption, number, (caption.width - text_width(number, _SMALL), 16), _SMALL, FAINT)
    return stacked([image, caption])


def _draw_box(image: Drawing, corners: tuple[int, int, int, int], name: str, colour: Rgb) -> None:
    """Draw a box with its name on a filled plate: above the box if there is room, always inside the picture."""
    draw = ImageDraw.Draw(image)
    left, top, right, bottom = corners
    draw.rectangle((left - 2, top - 2, right + 2, bottom + 2), outline=INK, width=1)
    draw.rectangle((left - 1, top - 1, right + 1, bottom + 1), outline=colour, width=2)
    width, height = text_width(name, _SMALL) + 8, 16
    x = max(0, min(left - 2, image.width - width))
    y = top - 2 - height if top - 2 >= height else min(bottom + 3, image.height - height)
    draw.rectangle((x, y, x + width, y + height), fill=colour)
    write(image, name, (x + 4, y + 12), _SMALL, PAPER if is_dark(colour) else INK)
