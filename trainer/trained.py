"""What a finished training tells beside its policy: evaluation shows as many frames, holds out the same videos, and
sets the policy beside the model that it came from.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from schemas.errors import ModelError
from trainer.recipe import TrainRecipe
from trainer.run import POLICY_FILE


@dataclass(frozen=True)
class Trained:
    """How a policy came to be."""

    recipe: TrainRecipe
    model: str
    """What it started from: folder or hub id."""
    num_frames: int
    """Of a clip, as it was shown."""


def trained_of(policy: str) -> Trained | None:
    """How the policy in this folder came to be; None where no training tells of it.

    ModelError where what is told cannot be read.
    """
    file = Path(policy) / POLICY_FILE
    if not file.is_file():
        return None
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return Trained(TrainRecipe.model_validate(told["recipe"]), str(told["model"]), int(told["num_frames"]))
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        said = " ".join(str(error).split())[:120]
        raise ModelError(f"--policy {policy}: {POLICY_FILE} cannot be read ({said}); train it again") from error
