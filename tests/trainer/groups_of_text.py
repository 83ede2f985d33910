"""One group for the tests of scoring: a noisy clip, a question, four answers of unequal length."""

import functools

import numpy as np
import torch
from transformers import PreTrainedModel

from stages.models.video_llm import ModelFamily, open_family
from stages.models.video_llm.encoded import EncodedGroup
from stages.visuals.visual import Visual
from tests.trainer.checkpoints import checkpoint

QUESTION = "Which shape comes into view, and when?"
ANSWERS = (
    "The orange shape appears in the first half of the clip.",
    "The purple shape appears.",
    "Orange",
    "The purple shape appears in the second half of the clip, user.",
)


def clip(frames: int = 5, fps: float = 0.5, seed: int = 0) -> Visual:
    """Noise of 84 x 112 pixels, from 1 s on."""
    pixels = np.random.default_rng(seed).integers(0, 256, (frames, 84, 112, 3), dtype=np.uint8)
    return Visual(pixels, 1.0 + np.arange(frames) / fps)


@functools.cache
def family_of(name: str) -> ModelFamily:
    """The family, opened from the session's checkpoint."""
    return open_family(str(checkpoint(name)))


@functools.cache
def model_of(name: str, dtype: torch.dtype) -> PreTrainedModel:
    """Its model; not to be changed."""
    return family_of(name).load(dtype=dtype)


@functools.cache
def group_of(name: str, answers: int = len(ANSWERS), fps: float = 0.5) -> EncodedGroup:
    """The first `answers` answers, encoded."""
    return family_of(name).encode(clip(fps=fps), QUESTION, ANSWERS[:answers])
