"""What a finished training tells beside its policy: evaluation shows as many frames, holds out the same videos."""

import json
from pathlib import Path

from pydantic import ValidationError

from schemas.errors import ModelError
from trainer.recipe import TrainRecipe
from trainer.run import POLICY_FILE


def recipe_of(policy: str) -> TrainRecipe | None:
    """The recipe that the policy in this folder was trained by; None where no training tells of it.

    ModelError where what is told cannot be read.
    """
    file = Path(policy) / POLICY_FILE
    if not file.is_file():
        return None
    try:
        return TrainRecipe.model_validate(json.loads(file.read_text(encoding="utf-8"))["recipe"])
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        said = " ".join(str(error).split())[:120]
        raise ModelError(f"--policy {policy}: {POLICY_FILE} cannot be read ({said}); train it again") from error
