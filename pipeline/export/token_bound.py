"""How many tokens a row can have at most, whatever its tokenizer: for limits that cut nothing off."""

import math

from pipeline.export.question import Medium, StoredVisual

_PATCH = 28
"""Side in pixels of what one token shows, in Qwen2-VL, Qwen2.5-VL and (with 32) Qwen3-VL: the smallest of them."""
_AROUND_FRAME = 20
"""Marks and, in Qwen3-VL, the time around a frame."""
_AROUND_ROW = 128
"""The template around a question and its answer, a system prompt included."""
_STEP = 256
_LEAST_TOKENS = {Medium.FRAMES: 4, Medium.VIDEO: 128}
"""Small frames are enlarged to about this many tokens."""


def text_tokens(*texts: str) -> int:
    """The most tokens of some texts: no byte-level tokenizer makes more than one of a byte."""
    return sum(len(text.encode()) for text in texts)


def visual_tokens(visual: StoredVisual, medium: Medium) -> int:
    """The most tokens of a visual; two frames of a video share theirs."""
    grid = math.ceil(visual.width / _PATCH) * math.ceil(visual.height / _PATCH)
    least, slim = _LEAST_TOKENS[medium], visual.width / visual.height
    enlarged = math.ceil(math.sqrt(least * slim)) * math.ceil(math.sqrt(least / slim))
    shown = visual.count if medium is Medium.FRAMES else math.ceil(visual.count / 2)
    return shown * (max(grid, enlarged) + _AROUND_FRAME)


def length_limit(longest_tokens: int) -> int:
    """A limit that holds a row with so many tokens and the template around it, rounded up."""
    return math.ceil((longest_tokens + _AROUND_ROW) / _STEP) * _STEP
