"""policy.json, written as the last file of a training and read by everything that uses its policy."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from schemas.errors import ModelError
from schemas.policy import PolicyManifest
from schemas.problems import first_problem, one_line
from stages.visuals.resolution import Resolution
from trainer.atomic_file import write_whole
from trainer.recipe import TrainRecipe

POLICY_FILE = "policy.json"
CHECKPOINTS = "checkpoints"
"""The folder of a training's checkpoints, in its --out."""


@dataclass(frozen=True)
class Trained:
    """How a policy was trained."""

    manifest: PolicyManifest
    recipe: TrainRecipe
    """The manifest's recipe, validated."""

    @property
    def resolution(self) -> Resolution:
        """How large the policy was shown a frame at most."""
        limits = (self.manifest.short_side, self.recipe.data.short_side)
        short_side = min((limit for limit in limits if limit is not None), default=None)
        return Resolution(short_side, self.recipe.data.max_pixels)


def trained_of(policy: str, option: str = "--policy") -> Trained | None:
    """How the policy in this folder was trained; None if no training of vidpref made it.

    Args:
        policy: a folder or a hub id.
        option: how the user named it.

    Raises:
        ModelError: its training has not finished, or its policy.json is damaged.
    """
    folder = Path(policy)
    file = folder / POLICY_FILE
    if file.is_file():
        return _read(file, f"{option} {policy}")
    if (folder / CHECKPOINTS).is_dir():
        raise ModelError(
            f"{option} {policy}: its training has not finished: there is no {POLICY_FILE}; "
            "run the same vidpref train again"
        )
    return None


def write_manifest(out: Path, manifest: PolicyManifest) -> None:
    """Write policy.json: the training has finished."""
    write_whole(out / POLICY_FILE, manifest.model_dump_json(indent=1).encode())


def _read(file: Path, given: str) -> Trained:
    try:
        manifest = PolicyManifest.model_validate_json(file.read_bytes())
    except OSError as error:
        raise ModelError(f"{given}: {POLICY_FILE} cannot be read: {one_line(error)}") from error
    except ValidationError as error:
        raise _damaged(given, first_problem(error, PolicyManifest)) from error
    try:
        return Trained(manifest, TrainRecipe.model_validate(manifest.recipe))
    except ValidationError as error:
        raise _damaged(given, f"recipe: {first_problem(error, TrainRecipe)}") from error


def _damaged(given: str, problem: str) -> ModelError:
    return ModelError(f"{given}: {POLICY_FILE} is damaged: {problem}; train the policy again")
