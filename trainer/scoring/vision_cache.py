"""Vision features on disk, named by content: a frozen tower runs once, not every epoch."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import nn

from schemas.errors import OutputError
from schemas.problems import one_line
from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.family import ModelFamily, VisionFeatures
from trainer.atomic_file import write_whole


@dataclass(frozen=True)
class FeatureCache:
    """Features by family, dtype and pixels. Only for a frozen tower and projector: cached features have no gradient."""

    folder: Path
    """Holds the files; created on the first write."""
    family: ModelFamily

    def get(self, model: nn.Module, encoded: EncodedGroup) -> VisionFeatures:
        """The features of `encoded`'s visual, on the model's device: read, or computed and written.

        Raises:
            OutputError: a file of the cache is damaged, or cannot be written.
        """
        weights = next(model.parameters())
        file = self.path(encoded, weights.dtype)
        if file.exists():
            return _read(file, weights.device)
        with torch.no_grad():
            made = self.family.features(model, encoded)
        _write(file, made)
        return made

    def path(self, encoded: EncodedGroup, dtype: torch.dtype) -> Path:
        """The file of one visual: another checkpoint, processor, version of transformers or dtype is another file."""
        key = hashlib.sha256(f"{self.family.identity} {dtype} {encoded.vision_key}".encode()).hexdigest()
        return self.folder / key[:2] / f"{key}.safetensors"


def _read(file: Path, device: torch.device) -> VisionFeatures:
    try:
        held = load_file(file, device=str(device))
    except (SafetensorError, OSError) as error:
        raise OutputError(
            f"{file} of the feature cache is damaged ({one_line(error)}); delete it and run again"
        ) from error
    layers = {kind: tuple(held[name] for name in sorted(held) if name.startswith(kind)) for kind in ("pooled", "deep")}
    return VisionFeatures(layers["pooled"], layers["deep"])


def _write(file: Path, features: VisionFeatures) -> None:
    named = {f"pooled{i:03}": tensor for i, tensor in enumerate(features.pooled)}
    named |= {f"deep{i:03}": tensor for i, tensor in enumerate(features.deepstack)}
    content = save({name: tensor.detach().cpu().contiguous().clone() for name, tensor in named.items()})
    try:
        write_whole(file, content)
    except OSError as error:
        raise OutputError(
            f"the feature cache {file.parent.parent} cannot be written ({one_line(error)}); use another --out"
        ) from error
