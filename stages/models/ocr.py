"""Reads the lines of writing in a picture: RapidOCR, whose weights come with its package, on one thread of the CPU."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from rapidocr import RapidOCR

PACKAGES = ("rapidocr", "onnxruntime", "opencv-python")
"""What changes a reading or its score if its version changes."""
LEAST_SCORE = 0.3
"""Readings with a lower score are not given."""
SHORT_SIDE = 448
"""Pixels of the shorter side at which lines are searched for: a smaller picture is enlarged to it."""
_SETTINGS = {
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    "Global.log_level": "error",
    "Global.text_score": LEAST_SCORE,
    "Global.use_cls": False,  # it turns lines that stand on their heads
    "Det.limit_side_len": SHORT_SIDE,
    "Rec.rec_batch_num": 1,  # in a batch, what a line reads depends on the lines beside it
}


@dataclass(frozen=True)
class OcrLine:
    """A line that was read."""

    text: str
    score: float
    """How sure the reader is, 0..1."""
    corners_42: NDArray[np.float64]
    """(x, y) of its corners in pixels, clockwise from the top left."""

    @property
    def height_pixels(self) -> float:
        """Its height across the letters, also if it is slanted or stands on its side."""
        first, second, _, last = self.corners_42
        return float(min(np.linalg.norm(last - first), np.linalg.norm(second - first)))


@dataclass(frozen=True)
class KnownWriting:
    """What was found in pictures, by a hash of their pixels: slides show the same ones again."""

    places: dict[bytes, tuple[NDArray[np.float64], ...]] = field(default_factory=dict)
    """The corners of each line of a picture, as in `OcrLine`."""
    lines: dict[bytes, tuple[str, float]] = field(default_factory=dict)
    """Text and score of the line that fills a picture."""


def versions() -> tuple[str, ...] | None:
    """Name and version of each package that reading needs; None if one is not installed."""
    try:
        return tuple(f"{name} {version(name)}" for name in PACKAGES)
    except PackageNotFoundError:
        return None


def read_lines(
    frame_HWC: NDArray[np.uint8], known: KnownWriting, *, wanted: Callable[[NDArray[np.float64]], bool] | None = None
) -> tuple[OcrLine, ...]:
    """The lines in an RGB picture, from top to bottom.

    The first call loads the models, which stay loaded. ModuleNotFoundError if a package is missing.

    Args:
        frame_HWC: the picture.
        known: what was found already. No pixels that are among it are looked at again; the others are added.
        wanted: tells by its corners whether a line is to be read; None if all are.
    """
    frame_BGR = np.ascontiguousarray(frame_HWC[:, :, ::-1])
    key = _key(frame_BGR)
    if key not in known.places:
        known.places[key] = _places(frame_BGR)
    places = known.places[key]
    lines = (_line(frame_BGR, corners_42, known) for corners_42 in places if wanted is None or wanted(corners_42))
    return tuple(line for line in lines if line.text.strip() and line.score >= LEAST_SCORE)


def _key(picture_BGR: NDArray[np.uint8]) -> bytes:
    return hashlib.sha256(repr(picture_BGR.shape).encode() + picture_BGR.tobytes()).digest()


def _places(frame_BGR: NDArray[np.uint8]) -> tuple[NDArray[np.float64], ...]:
    """The corners of each line."""
    boxes = _finder()(frame_BGR).boxes
    return () if boxes is None else tuple(np.asarray(box, np.float64) for box in boxes)


def _line(frame_BGR: NDArray[np.uint8], corners_42: NDArray[np.float64], known: KnownWriting) -> OcrLine:
    from rapidocr.utils.process_img import get_rotate_crop_image  # noqa: PLC0415  it takes long, and may be missing

    crop_BGR = get_rotate_crop_image(frame_BGR, corners_42.astype(np.float32))
    key = _key(crop_BGR)
    if key not in known.lines:
        known.lines[key] = _read(crop_BGR)
    return OcrLine(*known.lines[key], corners_42)


def _read(crop_BGR: NDArray[np.uint8]) -> tuple[str, float]:
    """Text and score of one line; no text if nothing can be read."""
    found = _recogniser()(crop_BGR)
    return (found.txts[0], float(found.scores[0])) if found.txts else ("", 0.0)


@cache
def _finder() -> "RapidOCR":
    """Finds where lines are."""
    from rapidocr import RapidOCR  # noqa: PLC0415  it takes long, and may be missing

    keeps_memory = {"EngineConfig.onnxruntime.enable_cpu_mem_arena": True}  # fetching it anew takes a fifth of the time
    return RapidOCR(params={**_SETTINGS, **keeps_memory, "Global.use_rec": False})


@cache
def _recogniser() -> "RapidOCR":
    """Reads one line that fills a picture."""
    from rapidocr import RapidOCR  # noqa: PLC0415  it takes long, and may be missing

    return RapidOCR(params={**_SETTINGS, "Global.use_det": False, "Global.use_preprocess_img": False})
