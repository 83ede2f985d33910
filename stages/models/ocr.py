"""Reads the lines of writing in a picture: RapidOCR, whose weights come with its package, on one thread of the CPU."""

from dataclasses import dataclass
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


def versions() -> tuple[str, ...] | None:
    """Name and version of each package that reading needs; None if one is not installed."""
    try:
        return tuple(f"{name} {version(name)}" for name in PACKAGES)
    except PackageNotFoundError:
        return None


def read_lines(frame_HWC: NDArray[np.uint8]) -> tuple[OcrLine, ...]:
    """The lines in an RGB picture, from top to bottom.

    The first call loads the models, which stay loaded. ModuleNotFoundError if a package is missing.
    """
    found = _engine()(np.ascontiguousarray(frame_HWC[:, :, ::-1]))
    if found.txts is None:
        return ()
    lines = zip(found.txts, found.scores, found.boxes, strict=True)
    return tuple(OcrLine(text, float(score), np.asarray(box, np.float64)) for text, score, box in lines)


@cache
def _engine() -> "RapidOCR":
    from rapidocr import RapidOCR  # noqa: PLC0415  it takes long, and may be missing

    return RapidOCR(params=_SETTINGS)
