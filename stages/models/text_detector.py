"""The loop of every text-prompted detector: texts that fit into it, batches of frames, scores of phrases."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from schemas.errors import ModelError
from stages.models.detections import Detection, FrameDetections
from stages.models.phrase_scores import detections_of, over_texts, phrase_chunks, text_of, token_runs

SEPARATORS = ("[CLS]", "[SEP]", ".", "?")
"""The tokens between phrases; the models have them built in."""
LONGEST_SIDE = 1333
"""Pixels that the longer side of a frame is given at most, as the models were trained."""


class TextDetector(ABC):
    """A live model that scores the tokens of a text in every frame."""

    def __init__(self, short_side: int, batch: int) -> None:
        """`short_side`: pixels that the shorter side is raised to; `batch`: frames that the model sees at once."""
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        if self.device.type == "cpu":
            torch.set_num_threads(1)  # with more, sums come in another order, and rows would change with the machine
        self._short_side, self._batch = short_side, batch

    @abstractmethod
    def token_ids(self, text: str) -> list[int]:
        """The token ids of a text, with those at its ends."""

    @property
    @abstractmethod
    def separators(self) -> frozenset[int]:
        """The ids of SEPARATORS."""

    @abstractmethod
    def forward(self, frames_BCHW: Tensor, short_side: int, text: str) -> tuple[Tensor, Tensor]:
        """(logits [B, Q, T], boxes as centre, width and height [B, Q, 4]) of uint8 RGB frames at that short side."""

    def detect(
        self, frames_NHWC: NDArray[np.uint8], phrases: Sequence[str], least_scores: Sequence[float]
    ) -> list[FrameDetections]:
        """As `FrameDetector.detect`."""
        texts = [
            list(self._of_text(frames_NHWC, phrases[first:end], least_scores[first:end]))
            for first, end in phrase_chunks(phrases, self.token_ids)
        ]
        return [over_texts([text[number] for text in texts]) for number in range(len(frames_NHWC))]

    def _of_text(
        self, frames_NHWC: NDArray[np.uint8], phrases: Sequence[str], least_scores: Sequence[float]
    ) -> Iterator[list[Detection]]:
        text = text_of(phrases)
        runs = token_runs(self.token_ids(text), self.separators, phrases)
        for start in range(0, len(frames_NHWC), self._batch):
            frames = torch.from_numpy(frames_NHWC[start : start + self._batch]).permute(0, 3, 1, 2).to(self.device)
            short_side = max(self._short_side, min(frames.shape[2:]))  # never made smaller
            with torch.inference_mode(), self._half_precision(), _memory_errors(self._batch):
                logits_BQT, boxes_BQ4 = self.forward(frames, short_side, text)
                found = detections_of(logits_BQT, boxes_BQ4, runs, phrases, least_scores)
            yield from found

    @contextmanager
    def _half_precision(self) -> Iterator[None]:
        """bfloat16 on a GPU; on a CPU float32, which is as fast there."""
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            yield


@contextmanager
def _memory_errors(batch: int) -> Iterator[None]:
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise ModelError(f"the GPU has no memory for {batch} frames at once; lower the detector's batch") from error
