"""What sheets are made of: paper, text, stored frames, and pictures joined side by side or one below another."""

import io
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from schemas.clip import Frame
from schemas.errors import DatasetError
from stages.drawing.painting import Pixels
from stages.video.frame_times import evenly_spread
from stages.visuals.visual import decoded_jpeg

Drawing = Image.Image
"""An RGB picture."""
Rgb = tuple[int, int, int]

PAPER: Rgb = (250, 251, 252)
INK: Rgb = (40, 44, 52)
FAINT: Rgb = (150, 155, 160)
_MARGIN = 24


def blank(width: int, height: int) -> Drawing:
    """Empty paper."""
    return Image.new("RGB", (width, height), PAPER)


def write(
    picture: Drawing, text: str, place: tuple[int, int], size: int, colour: Rgb = INK, outline: Rgb | None = None
) -> None:
    """Write one line of text whose baseline begins at `place`; sizes and places are in pixels."""
    stroke = 0 if outline is None else 2
    draw = ImageDraw.Draw(picture)
    draw.text(place, text, colour, _font(size), anchor="ls", stroke_width=stroke, stroke_fill=outline)


def text_width(text: str, size: int) -> int:
    """The width of one line of text, in pixels."""
    return round(_font(size).getlength(text))


def cropped(text: str, width: int, size: int) -> str:
    """The text, or its beginning and an ellipsis if it is wider than `width` pixels."""
    if text_width(text, size) <= width:
        return text
    kept = next(end for end in range(len(text) - 1, -1, -1) if text_width(f"{text[:end]}…", size) <= width or end == 0)
    return f"{text[:kept].rstrip()}…"


def folded(text: str, width: int, size: int) -> Iterator[str]:
    """The text in lines of at most `width` pixels; a longer word has a line of its own."""
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if line and text_width(longer, size) > width:
            yield line
            line = word
        else:
            line = longer
    if line:
        yield line


def stored_picture(frame: Frame, clip_id: str) -> Drawing:
    """A stored frame. Raises DatasetError if its JPEG cannot be read."""
    try:
        return Image.fromarray(decoded_jpeg(frame, f"clip {clip_id}"))
    except ValueError as error:
        raise DatasetError(f"{error}; see vidpref verify") from error


def thumbnail(pixels: Drawing | Pixels, width: int, height: int) -> Drawing:
    """A picture, or RGB pixels (H, W, C), as large as fits into `width` x `height` with its proportions kept."""
    picture = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    scale = min(width / picture.width, height / picture.height)
    size = (max(1, round(scale * picture.width)), max(1, round(scale * picture.height)))
    return picture.resize(size, Image.Resampling.BOX)


def evenly_chosen(count: int, most: int) -> list[int]:
    """Indices of all of `count` frames, or of `most` of them, evenly spread."""
    return evenly_spread(np.arange(count, dtype=np.float64), 0, count, most)


def stacked(pictures: Sequence[Drawing], gap: int = 0) -> Drawing:
    """Pictures one below another, aligned on the left."""
    height = sum(picture.height for picture in pictures) + gap * (len(pictures) - 1)
    sheet = blank(max(picture.width for picture in pictures), height)
    top = 0
    for picture in pictures:
        sheet.paste(picture, (0, top))
        top += picture.height + gap
    return sheet


def side_by_side(pictures: Sequence[Drawing], gap: int = 0) -> Drawing:
    """Pictures in a row, aligned at the top."""
    width = sum(picture.width for picture in pictures) + gap * (len(pictures) - 1)
    row = blank(width, max(picture.height for picture in pictures))
    left = 0
    for picture in pictures:
        row.paste(picture, (left, 0))
        left += picture.width + gap
    return row


def framed(sheet: Drawing) -> Drawing:
    """A sheet with a margin around it."""
    paper = blank(sheet.width + 2 * _MARGIN, sheet.height + 2 * _MARGIN)
    paper.paste(sheet, (_MARGIN, _MARGIN))
    return paper


def as_png(sheet: Drawing) -> bytes:
    """The bytes of a PNG file."""
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    content = files("pipeline.presentation").joinpath("DejaVuSans.ttf").read_bytes()
    return ImageFont.truetype(io.BytesIO(content), size)
