"""The right answer to a question, as the one text that a trainer hands to its reward.

Each truth says what chance would give, which the reward subtracts: then an answer that is guessed is worth nothing on
average, whatever is asked.
"""

import json
from functools import lru_cache
from string import ascii_uppercase

import numpy as np
from numpy.typing import NDArray

THOUSANDTHS = 1000
"""Boxes are asked for, and answered, in thousandths of the frame."""
_MOMENTS = (np.arange(20) + 0.5) / 20
"""Guesses begin and end at the centres of twentieths of the clip, or of the frame's width and height."""


def choice_truth(right: int, options: int) -> str:
    """The right one of some options, counted from 0; chance is one of them."""
    return _text("choice", ascii_uppercase[right], 1 / options)


def interval_truth(start: float, end: float, seconds: float) -> str:
    """An interval of a clip of that length, in seconds; chance is the mean overlap of all intervals in the clip."""
    shared, together = _shared_and_together(start / seconds, end / seconds)
    return _text("interval", [round(start, 2), round(end, 2)], float((shared / together).mean()))


def box_truth(left: float, top: float, right: float, bottom: float) -> str:
    """A box, in fractions of the frame; chance is the mean overlap of all boxes in the frame."""
    wide, _ = _shared_and_together(left, right)
    high, _ = _shared_and_together(top, bottom)
    starts, ends = _guesses()
    shared = wide[:, None] * high
    together = (ends - starts)[:, None] * (ends - starts) + (right - left) * (bottom - top) - shared
    corners = [round(THOUSANDTHS * edge) for edge in (left, top, right, bottom)]
    return _text("box", corners, float((shared / together).mean()))


def _text(kind: str, answer: str | list[float] | list[int], chance: float) -> str:
    return json.dumps({"kind": kind, "answer": answer, "chance": round(chance, 4)})


def _shared_and_together(start: float, end: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of each guess and the interval: the length that they share, and the length of both together."""
    starts, ends = _guesses()
    shared = np.maximum(0, np.minimum(ends, end) - np.maximum(starts, start))
    return shared, (ends - starts) + (end - start) - shared


@lru_cache(maxsize=1)
def _guesses() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where each guess starts and ends: any two moments of a length of 1."""
    one, other = (moment.ravel() for moment in np.meshgrid(_MOMENTS, _MOMENTS))
    return np.minimum(one, other), np.maximum(one, other)
