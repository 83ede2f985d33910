"""The original Grounding DINO, the package groundingdino-py, which runs with an older transformers than ours.

This file is imported in that package's own environment alone (`make groundingdino`).
"""

import contextlib
import io
import pickle
from pathlib import Path

import groundingdino
import torch
from groundingdino.models import build_model
from groundingdino.util.misc import clean_state_dict
from groundingdino.util.slconfig import SLConfig
from torch import Tensor
from torchvision.transforms.v2 import functional

from schemas.errors import ModelError
from schemas.problems import one_line
from stages.models.detector_settings import GroundingdinoPySettings
from stages.models.text_detector import LONGEST_SIDE, SEPARATORS, TextDetector

_MEAN, _STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]  # of ImageNet, as the package normalises


class OriginalGroundingDino(TextDetector):
    """A live checkpoint of the package, on the GPU if there is one."""

    def __init__(self, settings: GroundingdinoPySettings) -> None:
        """Build the model and load its checkpoint. Raises ModelError."""
        super().__init__(settings.short_side, settings.batch)
        arguments = SLConfig.fromfile(str(_configuration(settings.config)))
        arguments.device = str(self.device)
        arguments.use_checkpoint = arguments.use_transformer_ckpt = False  # they save memory in training alone
        if settings.text_encoder is not None:
            arguments.text_encoder_type = settings.text_encoder
        try:
            with contextlib.redirect_stdout(io.StringIO()):  # it prints
                self._model = build_model(arguments).eval().to(self.device)
            _load(self._model, settings.checkpoint)
        except (OSError, ValueError, RuntimeError, KeyError) as error:
            raise ModelError(f"ground.search.groundingdino_py: the model does not load: {one_line(error)}") from error

    def token_ids(self, text: str) -> list[int]:
        """The token ids of a text, with those at its ends."""
        ids: list[int] = self._model.tokenizer(text)["input_ids"]
        return ids

    @property
    def separators(self) -> frozenset[int]:
        """The ids of SEPARATORS."""
        return frozenset(self._model.tokenizer.convert_tokens_to_ids(list(SEPARATORS)))

    def forward(self, frames_BCHW: Tensor, short_side: int, text: str) -> tuple[Tensor, Tensor]:
        """The model's logits and boxes; the caption is repeated for every frame, as the model wants it."""
        height, width = frames_BCHW.shape[2:]
        scale = min(short_side / min(height, width), LONGEST_SIDE / max(height, width))
        resized = functional.resize(frames_BCHW, [round(height * scale), round(width * scale)], antialias=True)
        images = functional.normalize(resized.float() / 255, _MEAN, _STD)
        output = self._model(images, captions=[text] * len(images))
        return output["pred_logits"], output["pred_boxes"]


def _configuration(name: str) -> Path:
    """A file of the package's own folder `config`, or any other file."""
    own = Path(groundingdino.__file__).parent / "config" / f"{name}.py"
    path = own if own.is_file() else Path(name)
    if not path.is_file():
        names = sorted(file.stem for file in own.parent.glob("GroundingDINO*.py"))
        raise ModelError(
            f"ground.search.groundingdino_py.config {name}: no such file; give a path or {', '.join(names)}"
        )
    return path


def _load(model: torch.nn.Module, checkpoint: str | None) -> None:
    if checkpoint is None:
        raise ModelError("ground.search.groundingdino_py.checkpoint is missing; give the path of a .pth file")
    try:
        weights = clean_state_dict(torch.load(checkpoint, map_location="cpu", weights_only=True)["model"])
    except (OSError, pickle.UnpicklingError, EOFError, KeyError, TypeError) as error:
        raise ModelError(
            f"ground.search.groundingdino_py.checkpoint {checkpoint} is no checkpoint of the package: "
            f"{type(error).__name__}; download it again"
        ) from error
    missing = model.load_state_dict(weights, strict=False).missing_keys
    if missing:
        raise ModelError(
            f"ground.search.groundingdino_py.checkpoint {checkpoint} lacks {len(missing)} weights of the model, "
            f"such as {missing[0]}; does it belong to ground.search.groundingdino_py.config?"
        )
