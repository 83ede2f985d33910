"""Grounding DINO by transformers, and what loads as one of its kind: MM Grounding DINO, LLMDet."""

from pathlib import Path
from typing import Any

from torch import Tensor
from transformers import AutoConfig, AutoModelForZeroShotObjectDetection, AutoProcessor, PreTrainedConfig
from transformers.utils.logging import disable_progress_bar

from schemas.errors import ModelError
from schemas.problems import one_line
from stages.models.text_detector import LONGEST_SIDE, SEPARATORS, TextDetector
from stages.models.video_llm.opening import names_folder

MODEL_TYPES = ("grounding-dino", "mm-grounding-dino")
"""What config.json may give as `model_type`; the checkpoints of LLMDet give the second one."""
_KEY = "ground.search.grounding_dino.checkpoint"


class GroundingDino(TextDetector):
    """A live checkpoint, on the GPU if there is one."""

    def __init__(self, checkpoint: str, short_side: int, batch: int) -> None:
        """Load the checkpoint, a folder or a hub id. Raises ModelError."""
        super().__init__(short_side, batch)
        disable_progress_bar()  # type: ignore[no-untyped-call]  # transformers' own
        self._processor = processor_of(checkpoint)
        try:
            self._model = AutoModelForZeroShotObjectDetection.from_pretrained(checkpoint).eval().to(self.device)
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelError(f"{checkpoint}: its weights do not load: {one_line(error)}; download it again") from error

    def token_ids(self, text: str) -> list[int]:
        """The token ids of a text, with those at its ends."""
        ids: list[int] = self._processor.tokenizer(text)["input_ids"]
        return ids

    @property
    def separators(self) -> frozenset[int]:
        """The ids of SEPARATORS."""
        return frozenset(self._processor.tokenizer.convert_tokens_to_ids(list(SEPARATORS)))

    def forward(self, frames_BCHW: Tensor, short_side: int, text: str) -> tuple[Tensor, Tensor]:
        """The model's logits and boxes; the text is repeated for every frame, as the model wants it."""
        size = {"shortest_edge": short_side, "longest_edge": LONGEST_SIDE}
        images = self._processor.image_processor(images=list(frames_BCHW), size=size, return_tensors="pt")
        texts = self._processor.tokenizer([text] * len(frames_BCHW), return_tensors="pt")
        output = self._model(**{name: one.to(self.device) for name, one in {**images, **texts}.items()})
        return output.logits, output.pred_boxes


def require_checkpoint(checkpoint: str) -> None:
    """Raise ModelError if the checkpoint cannot be used, as far as that shows without reading its weights."""
    processor_of(checkpoint)
    folder = Path(checkpoint)
    if folder.is_dir() and not any([*folder.glob("*.safetensors"), *folder.glob("pytorch_model*.bin")]):
        raise ModelError(f"{_KEY} {checkpoint} has no weights (*.safetensors, pytorch_model*.bin); download it again")


def processor_of(checkpoint: str) -> Any:
    """The processor of a checkpoint of MODEL_TYPES; no weights are read. Raises ModelError."""
    config = _config_of(checkpoint)
    if config.model_type not in MODEL_TYPES:
        raise ModelError(
            f"{_KEY} {checkpoint}: {config.model_type} is not supported; supported are {', '.join(MODEL_TYPES)}"
        )
    try:
        return AutoProcessor.from_pretrained(checkpoint)  # type: ignore[no-untyped-call]  # its own
    except (OSError, ValueError, TypeError, ImportError) as error:
        raise ModelError(
            f"{_KEY} {checkpoint}: its processor does not load: {one_line(error)}; copy it beside the weights"
        ) from error


def _config_of(checkpoint: str) -> PreTrainedConfig:
    if names_folder(checkpoint) and not Path(checkpoint).is_dir():
        raise ModelError(f"{_KEY} {checkpoint}: there is no such folder; give one with config.json or a hub model's id")
    try:
        config: PreTrainedConfig = AutoConfig.from_pretrained(checkpoint)
    except (OSError, ValueError, KeyError) as error:
        why = one_line(error).rstrip(". ")
        raise ModelError(f"{_KEY} {checkpoint}: {why}; give a folder with config.json or a hub model's id") from error
    return config
