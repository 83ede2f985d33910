"""Words drawn in pixels.

Array names: H rows, W columns.
"""

import io
from functools import cache, lru_cache
from importlib.resources import files

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from pipeline.demo.world.shapes import FINER, Patch
from pipeline.demo.world.world import Caption, Pose, Typeface, Writing

DARK, LIGHT = (24, 24, 28), (240, 240, 236)
"""RGB of the letters."""
_ON_BOARD = 0.58  # size of the letters, of the height of their board
_RIM = 0.5  # of the board's height, to the left and right of the word together
_OUTLINE = 0.08  # width of the outline of a caption's letters, of their size
_MEASURED = 200  # size at which words are measured, in pixels


def board_aspect(writing: Writing) -> float:
    """Width over height of a board with the word on it."""
    columns: int = _ink(writing, _MEASURED, 0).shape[1]
    return columns / _MEASURED * _ON_BOARD + _RIM


def written_on(writing: Writing, pose: Pose, width: int, height: int) -> Patch | None:
    """The pixels that the word covers on a board inside a frame of `width` x `height`; None if it is outside."""
    return _inside(whole_word(writing, pose, width, height), width, height)


def whole_word(writing: Writing, pose: Pose, width: int, height: int) -> Patch:
    """The pixels that the word covers on a board, those outside the frame too."""
    return _drawn(writing, pose.x * width, pose.y * height, pose.size * _ON_BOARD * height, 0.0)


def laid_over(caption: Caption, width: int, height: int) -> tuple[Patch, Patch] | None:
    """The pixels that the letters of a caption cover with their outline, and those without it."""
    x, y, size = caption.x * width, caption.y * height, caption.size * height
    wide, plain = (_inside(_drawn(caption.writing, x, y, size, o), width, height) for o in (_OUTLINE, 0.0))
    return None if wide is None or plain is None else (wide, plain)


def _drawn(writing: Writing, x: float, y: float, size: float, outline: float) -> Patch:
    """The word with its centre at (x, y), its letters `size` pixels large."""
    ink = _ink(writing, max(1, round(size * FINER)), round(size * outline * FINER))
    rows, columns = (int(np.ceil(side / FINER)) + 2 for side in ink.shape)
    left, top = int(np.floor(x - columns / 2)), int(np.floor(y - rows / 2))
    fine = np.zeros((rows * FINER, columns * FINER), np.uint8)
    down = round((y - top) * FINER - ink.shape[0] / 2)
    right = round((x - left) * FINER - ink.shape[1] / 2)
    fine[down : down + ink.shape[0], right : right + ink.shape[1]] = ink
    alpha = np.asarray(cv2.resize(fine, (columns, rows), interpolation=cv2.INTER_AREA), np.float32) / np.float32(255)
    return Patch(left, top, alpha)


def _inside(patch: Patch, width: int, height: int) -> Patch | None:
    """The part of a patch inside a frame of `width` x `height`; None if there is none."""
    rows = slice(max(0, -patch.top), min(patch.alpha.shape[0], height - patch.top))
    columns = slice(max(0, -patch.left), min(patch.alpha.shape[1], width - patch.left))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return None
    return Patch(patch.left + columns.start, patch.top + rows.start, patch.alpha[rows, columns])


@lru_cache(maxsize=64)
def _ink(writing: Writing, pixels: int, outline: int) -> NDArray[np.uint8]:
    """The word without a margin, 0..255, its letters `pixels` large, with an outline of so many pixels."""
    font, bold = _font(writing.typeface, pixels), pixels // 24 if writing.typeface is Typeface.BOLD else 0
    left, top, right, bottom = (int(side) for side in font.getbbox(writing.text, stroke_width=bold + outline))
    image = Image.new("L", (right - left, bottom - top))
    ImageDraw.Draw(image).text((-left, -top), writing.text, fill=255, font=font, stroke_width=bold + outline)
    ink_HW = np.asarray(image)
    rows, columns = np.flatnonzero(ink_HW.any(axis=1)), np.flatnonzero(ink_HW.any(axis=0))
    return ink_HW[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


@lru_cache(maxsize=64)
def _font(typeface: Typeface, pixels: int) -> ImageFont.FreeTypeFont:
    if typeface is Typeface.ROUND:
        font = ImageFont.load_default(pixels)
        if not isinstance(font, ImageFont.FreeTypeFont):
            raise RuntimeError("Pillow was built without FreeType, and cannot draw words")
        return font
    return ImageFont.truetype(io.BytesIO(_dejavu()), pixels)


@cache
def _dejavu() -> bytes:
    return files("pipeline.presentation").joinpath("DejaVuSans.ttf").read_bytes()
