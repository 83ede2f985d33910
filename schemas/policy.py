"""policy.json: the record that a finished training writes beside its policy."""

from enum import StrEnum
from typing import Self

from pydantic import Field, JsonValue, model_validator

from schemas.drop import Drop
from schemas.record import Record

POLICY_VERSION = 2
"""The version of policy.json."""


class PolicyKind(StrEnum):
    """What the folder of a policy holds."""

    ADAPTER = "adapter"
    """Low-rank matrices that belong to a base model."""
    WEIGHTS = "weights"
    """A whole model."""


class WeightsType(StrEnum):
    """The type in which merged weights are written, by torch's name."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    FLOAT16 = "float16"


class UsedStep(StrEnum):
    """The step of a training whose weights become the policy."""

    LAST = "last"
    BEST = "best"
    """The first one with the highest held-out accuracy of those that were evaluated."""


class TrainSummary(Record):
    """How a training went."""

    steps: int = Field(ge=0)
    """Optimiser steps, over all runs of the training."""
    resumed_at: int = Field(ge=0)
    """The step from which the last run resumed; 0 if there was only one run."""
    loss: float | None
    """Mean loss over the steps of the last run; null if it made no step."""
    score_path: str
    """How answers shared their prompt: unshared, mask or split."""
    use: UsedStep = UsedStep.LAST
    """Whether the policy has the weights of the last step or of the best one."""
    best_step: int | None = None
    """The step with the highest held-out accuracy; null if nothing was held out."""
    best_accuracy: float | None = None
    """Its held-out accuracy: the share of pairs that are won."""


class StartAdapter(Record):
    """The adapter that a training went on from."""

    path: str
    """Its folder, as it was given."""
    sha256: str
    """SHA-256 of its adapter_model.safetensors."""


class TrainedSet(Record):
    """A data set that a policy was trained on."""

    path: str
    """As it was given."""
    fingerprint: str
    """Fingerprint of the set."""
    share: float | None = None
    """Its part of the pairs, relative to those of the other sets; null if all of it was used."""


class PolicyManifest(Record):
    """The whole of policy.json."""

    version: int
    """Version of this record."""
    kind: PolicyKind
    """Adapter or weights."""
    model: str
    """Folder or hub id of the base model: of the weights that an adapter belongs to."""
    start: StartAdapter | None = None
    """The adapter of the base model that the training went on from, and that was its reference; null if it started
    from the base model."""
    family: str
    """Architecture of the model, by transformers' name."""
    data: tuple[TrainedSet, ...] = Field(min_length=1)
    """The data sets, in the order in which they were given."""
    left_out_groups: int = Field(default=0, ge=0)
    """Groups of the sets, twins included, that were not used since people object to them."""
    dropped_pairs: int = Field(ge=0)
    """Pairs that were left out because the shown frames do not show their evidence."""
    dropped_groups: tuple[Drop, ...] = ()
    """Groups that could not be read or encoded; metrics.jsonl says why."""
    num_frames: int = Field(ge=1)
    """Frames of a clip that the policy was shown."""
    short_side: int | None = Field(default=None, ge=1)
    """Most pixels of the shorter side of the frames that the policy was shown; null if the sets do not say."""
    recipe_name: str
    """Name of the training recipe."""
    recipe: dict[str, JsonValue]
    """The training recipe with all its settings."""
    training: TrainSummary
    """How the training went."""

    @model_validator(mode="after")
    def _is_readable(self) -> Self:
        if self.version != POLICY_VERSION:
            raise ValueError(f"policy.json has version {self.version}, this program reads {POLICY_VERSION}")
        return self
