"""Clips with rendered words: many fonts, sizes, grounds and ways to move, and what is written in each."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from schemas.clip import Frame
from schemas.scene import Scene
from stages.drawing.jpeg import jpeg_of
from stages.payloads import ClipHeader, DecodedClip

WORDS = """
    modern corner burning illicit clinic village million stadium harbour bakery museum garden library station theatre
    fashion bicycle orchard whisper lantern mineral crystal velvet timber signal kitchen journey weather picture
    holiday market coffee dentist florist jewels parking exit welcome closed open sale reduced special fresh bread
    pizza hotel taxi police school airport platform ticket office service centre queue notice danger caution private
    evan carmichael joshua schuhmann bletchley niemand zukunft arbeit leben freiheit libre amour maison soleil
    clothes pharmacy cinema burger noodles summer winter autumn spring monday friday morning evening tonight
"""
SIZE = (796, 448)
SECONDS = 8.0
FRAMES = 16
_FOLDERS = (Path(matplotlib.get_data_path()) / "fonts/ttf", Path("/usr/share/fonts"))
_ODD = ("STIXSiz", "STIXNonUni", "LastResort", "cmex", "cmsy", "cmmi", "Display", "D050000L", "StandardSymbols")
_HERSHEY = tuple(range(8))


@dataclass(frozen=True)
class RenderedLine:
    """A line with everything that is drawn of it."""

    text: str
    mask_HW: NDArray[np.float32]
    """How much of each pixel is ink, 0..1."""
    height_pixels: int
    """The font's size: from the top of a capital to below the lower letters."""
    ink: NDArray[np.float32]
    begin: tuple[float, float]
    """Left top corner at the start of the clip, pixels."""
    velocity: tuple[float, float]
    """Pixels a second."""
    seen: tuple[float, float]
    """When it is visible, seconds."""

    @property
    def words(self) -> frozenset[str]:
        """Its words."""
        return frozenset(self.text.casefold().split())


@cache
def fonts() -> tuple[Path, ...]:
    """The fonts of this machine that have Latin letters; those of matplotlib are always there."""
    found = (path for folder in _FOLDERS for kind in ("ttf", "otf") for path in folder.rglob(f"*.{kind}"))
    return tuple(sorted(path for path in found if not path.name.startswith(_ODD) and _has_letters(path)))


def _has_letters(path: Path) -> bool:
    """Whether its small and capital letters are drawn, and not all as the same box."""
    font = ImageFont.truetype(str(path), 40)
    drawn = [bytes(font.getmask(letter)) for letter in "abAB"]
    return all(any(ink) for ink in drawn) and len(set(drawn)) == len(drawn)


def rendered_clip(rng: Generator) -> tuple[DecodedClip, tuple[RenderedLine, ...]]:
    """A clip of a few lines, each in a row of its own."""
    ground_HWC = _ground(rng)
    rows = rng.permutation(4)[: int(rng.integers(2, 5))]
    lines = tuple(_line(rng, int(row), ground_HWC) for row in rows)
    noise = float(rng.choice([0.0, 3.0, 8.0]))
    times = [(i + 0.5) * SECONDS / FRAMES for i in range(FRAMES)]
    frames = tuple(Frame(pts_seconds=t, jpeg=jpeg_of(_picture(ground_HWC, lines, t, noise, rng), 90)) for t in times)
    return DecodedClip(header(), frames, ()), lines


def header() -> ClipHeader:
    """The facts of a rendered clip."""
    return ClipHeader("clip", "0" * 64, "h264", *SIZE, 0, 0.0, SECONDS, SECONDS, SECONDS)


def nothing_known() -> Scene:
    """The scene of a rendered clip before it is read."""
    none = dict.fromkeys(("tracked", "tracks", "links", "cuts", "fades", "hues", "events", "measures"), ())
    return Scene(start_seconds=0.0, end_seconds=SECONDS, strongest_non_cut=0.0, **none)


def _line(rng: Generator, row: int, ground_HWC: NDArray[np.float32]) -> RenderedLine:
    words = [str(word) for word in rng.choice(WORDS.split(), int(rng.integers(1, 4)), replace=False)]
    text = _cased(" ".join(words), rng)
    height = int(rng.integers(14, 64))
    mask = _ink(text, height, rng)
    while mask.shape[1] > 0.75 * SIZE[0]:
        text = text.rpartition(" ")[0] or text[:5]
        mask = _ink(text, height, rng)
    moves = rng.random() < 0.4
    velocity = (float(rng.uniform(-25, 25)), float(rng.uniform(-2, 2))) if moves else (0.0, 0.0)
    room = SIZE[0] - mask.shape[1] - abs(velocity[0]) * SECONDS
    x = float(rng.uniform(0.03 * SIZE[0], max(0.04 * SIZE[0], room))) - min(0.0, velocity[0]) * SECONDS
    y = row * SIZE[1] / 4 + float(rng.uniform(12, 20))
    dark = ground_HWC.mean() > 127
    ink = (rng.uniform(0, 60, 3) if dark else rng.uniform(200, 255, 3)).astype(np.float32)
    seen = [(0.0, SECONDS), (0.0, 0.55 * SECONDS), (0.45 * SECONDS, SECONDS)][int(rng.choice(3, p=(0.6, 0.2, 0.2)))]
    return RenderedLine(text, mask, height, ink, (x, y), velocity, seen)


def _cased(text: str, rng: Generator) -> str:
    return [text.upper(), text.lower(), text.title(), text.capitalize()][int(rng.integers(4))]


def _ink(text: str, height: int, rng: Generator) -> NDArray[np.float32]:
    if rng.random() < 0.15:
        scale, thick = height / 32, max(1, height // 14)
        face = int(rng.choice(_HERSHEY))
        (width, rise), below = cv2.getTextSize(text, face, scale, thick)
        canvas = np.zeros((rise + below + 8, width + 8), np.uint8)
        cv2.putText(canvas, text, (4, rise + 4), face, scale, 255, thick, cv2.LINE_AA)
        return canvas.astype(np.float32) / 255
    font = ImageFont.truetype(str(fonts()[int(rng.integers(len(fonts())))]), height)
    left, top, right, bottom = font.getbbox(text)
    picture = Image.new("L", (int(right - left) + 8, int(bottom - top) + 8))
    ImageDraw.Draw(picture).text((4 - left, 4 - top), text, font=font, fill=255)
    return np.asarray(picture, np.float32) / 255


def _ground(rng: Generator) -> NDArray[np.float32]:
    width, height = SIZE
    kind = int(rng.integers(4))
    base = rng.uniform(0, 70, 3) if rng.random() < 0.5 else rng.uniform(170, 255, 3)
    plain = np.broadcast_to(base, (height, width, 3)).astype(np.float32)
    if kind == 0:
        return plain
    if kind == 1:
        ramp = np.linspace(0.6, 1.0, width, dtype=np.float32)[None, :, None]
        return plain * ramp
    coarse = rng.normal(0, 1, (int(rng.choice([6, 20, 90])), int(rng.choice([10, 36, 160])), 3)).astype(np.float32)
    texture = cv2.resize(coarse, SIZE, interpolation=cv2.INTER_CUBIC)
    return np.clip(plain + texture * (12 if kind == 2 else 25), 0, 255).astype(np.float32)


def _picture(
    ground_HWC: NDArray[np.float32], lines: tuple[RenderedLine, ...], at: float, noise: float, rng: Generator
) -> NDArray[np.uint8]:
    picture = ground_HWC.copy()
    for line in lines:
        if line.seen[0] <= at < line.seen[1]:
            x, y = (begin + speed * at for begin, speed in zip(line.begin, line.velocity, strict=True))
            _draw(picture, line, x, y)
    picture += rng.normal(0, noise, picture.shape).astype(np.float32) if noise else 0
    return np.clip(picture, 0, 255).astype(np.uint8)


def _draw(picture: NDArray[np.float32], line: RenderedLine, x: float, y: float) -> None:
    shift = np.array([[1, 0, x], [0, 1, y]], np.float32)
    mask_HW = cv2.warpAffine(line.mask_HW, shift, SIZE)[:, :, None]
    picture += mask_HW * (line.ink - picture)
