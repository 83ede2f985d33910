"""What a training is told: which rows, which loss, what is trained, for how long."""

from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Self

from pydantic import Field, JsonValue, field_validator, model_validator

from schemas.claim import Axis
from schemas.pair import VisualLevel
from schemas.record import Record
from trainer.loss_settings import LossSettings, PairForm


class RowSelection(StrEnum):
    """Which rows a method trains on."""

    ALL = "all"
    """Every row (DPO)."""
    BEST_OF_EACH_KIND = "best_of_each_kind"
    """Of each group the clearest relevant and the clearest irrelevant row (VistaDPO)."""
    ADVERSARIES = "adversaries"
    """Rows that were made wrong on an axis (VideoPASTA)."""
    CHOSEN = "chosen"
    """The chosen answers alone (SFT)."""


class Method(StrEnum):
    """What a group's scores become."""

    SFT = "sft"
    """Negative log-likelihood of the chosen answer."""
    DPO = "dpo"
    """Each rejected answer against the chosen one; VideoPASTA is this with axis weights."""
    VISTADPO = "vistadpo"
    """Answers, visuals at three levels and tokens: L_r + w_v L_v + lambda L_c + mu L_o + rho L_t."""


class AdapterKind(StrEnum):
    """What is trained."""

    LORA = "lora"
    """Low-rank adapters on all linear layers of the language model; the reference is the model without them."""
    QLORA = "qlora"
    """The same over weights in 4 bit, which needs bitsandbytes."""
    FULL = "full"
    """Every weight of the language model; the reference comes from the cache."""


class Precision(StrEnum):
    """In what the model computes; adapters, optimiser and log-probabilities are float32 in any case."""

    BFLOAT16 = "bfloat16"
    FLOAT32 = "float32"
    FLOAT64 = "float64"


class Sharding(StrEnum):
    """How several processes share a model."""

    DDP = "ddp"
    """Each holds all of it."""
    FSDP = "fsdp"
    """Each holds a part of it."""


class Schedule(StrEnum):
    """How the learning rate falls after its warmup, by transformers' names: those that need no further settings."""

    LINEAR = "linear"
    COSINE = "cosine"
    COSINE_WITH_RESTARTS = "cosine_with_restarts"
    POLYNOMIAL = "polynomial"
    INVERSE_SQRT = "inverse_sqrt"
    CONSTANT_WITH_WARMUP = "constant_with_warmup"
    CONSTANT = "constant"
    """From the first step on: without warmup."""


class Report(StrEnum):
    """Who is told of the metrics, beside the run's own log."""

    TENSORBOARD = "tensorboard"
    WANDB = "wandb"
    MLFLOW = "mlflow"


class DataConfig(Record):
    """The section `data`."""

    rows: RowSelection = RowSelection.ALL
    """all, best_of_each_kind, adversaries or chosen."""
    num_frames: int | None = Field(default=None, ge=1)
    """Frames of a clip that the policy is shown; by default what its family was made for, else all that are stored."""
    held_out_share: float = Field(default=0.05, ge=0, lt=1)
    """Of the videos, where the set has no validation split of its own; chosen by hash of the video's id."""
    held_out_groups: int = Field(default=64, ge=1)
    """At most so many groups of the held-out videos are scored each time; of as many videos as possible."""
    probe_questions: int = Field(default=8, ge=0)
    """Questions about held-out videos that the policy answers in its own words each time."""
    max_groups: int | None = Field(default=None, ge=1)
    """Train on at most so many groups, the first in order of id; twins both or neither."""


class AxisWeights(Record):
    """VideoPASTA's lambda of each axis."""

    spatial: float = Field(default=1.0, ge=0)
    temporal: float = Field(default=1.0, ge=0)
    cross_frame: float = Field(default=1.0, ge=0)

    def by_axis(self) -> dict[Axis, float]:
        """The weight of each axis."""
        return {Axis(name): value for name, value in self.model_dump().items()}

    @model_validator(mode="after")
    def _one_counts(self) -> Self:
        if not any(self.by_axis().values()):
            raise ValueError("an axis must have a weight above 0")
        return self


class LossConfig(LossSettings):
    """The section `loss`."""

    method: Method = Method.DPO
    """sft, dpo or vistadpo."""
    axis_weights: AxisWeights | None = None
    """VideoPASTA's sum over axes, of method dpo; by default every row counts the same."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.axis_weights is not None and self.method is not Method.DPO:
            raise ValueError(f"axis_weights belong to method dpo, got {self.method.value}")
        if self.method is Method.VISTADPO and not (self.anchor or self.vista.counts):
            raise ValueError("a term of vista must have a weight above 0, or anchor")
        shaped = self.form is not PairForm.SIGMOID or self.label_smoothing > 0
        if shaped and self.method is not Method.DPO:
            raise ValueError(f"form and label_smoothing belong to method dpo, got {self.method.value}")
        return self

    @property
    def needs_hidden(self) -> bool:
        """Whether the exact KL of L_t wants hidden states."""
        return self.method is Method.VISTADPO and self.vista.tokens > 0

    @property
    def visual_levels(self) -> frozenset[VisualLevel]:
        """The levels whose visual negatives are scored."""
        weights = {
            VisualLevel.INSTANCE: self.vista.instance,
            VisualLevel.TEMPORAL: self.vista.temporal,
            VisualLevel.PERCEPTIVE: self.vista.perceptive,
        }
        vista = self.method is Method.VISTADPO
        return frozenset(level for level, weight in weights.items() if vista and weight > 0)


class AdapterConfig(Record):
    """The section `adapter`."""

    kind: AdapterKind = AdapterKind.LORA
    """lora, qlora or full."""
    rank: int = Field(default=16, ge=1)
    """Of the low-rank matrices."""
    alpha: int = Field(default=32, ge=1)
    """Their product is scaled by alpha / rank."""
    dropout: float = Field(default=0.0, ge=0, lt=1)
    """Of what goes into them."""
    train_vision: bool = False
    """Train vision tower and projector too; only with kind full."""
    train_head: bool = True
    """With kind full, train lm_head too; the token loss of vistadpo needs it as it was."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.train_vision and self.kind is not AdapterKind.FULL:
            raise ValueError("train_vision needs kind full")
        return self


class OptimiserConfig(Record):
    """The section `optimiser`: AdamW."""

    learning_rate: float = Field(default=1e-5, gt=0)
    """At its highest."""
    schedule: Schedule = Schedule.LINEAR
    """How it falls afterwards: linear, cosine, constant_with_warmup, ..."""
    warmup: float = Field(default=0.1, ge=0, lt=1)
    """Share of all steps in which it rises."""
    weight_decay: float = Field(default=0.0, ge=0)
    """Of AdamW."""
    max_grad_norm: float = Field(default=1.0, gt=0)
    """Gradients are scaled down to it."""


class RunConfig(Record):
    """The section `run`."""

    epochs: int = Field(default=1, ge=1)
    """How often every group is seen."""
    max_steps: int | None = Field(default=None, ge=1)
    """End after so many optimiser steps."""
    pairs_per_step: int = Field(default=16, ge=1)
    """Loss rows of one optimiser step, over all processes: pairs for dpo, groups for sft and vistadpo."""
    precision: Precision = Precision.BFLOAT16
    """bfloat16, float32 or float64."""


class EngineConfig(Record):
    """The section `engine`: what belongs to the machine and is no part of a run's identity."""

    checkpointing: bool = True
    """Compute activations a second time instead of keeping them."""
    cache_features: bool = False
    """Keep on the disk what the frozen vision tower makes of each visual: faster from the second epoch on."""
    eight_bit_optimiser: bool = False
    """AdamW's states in 8 bit, which needs bitsandbytes."""
    sharding: Sharding = Sharding.DDP
    """With --workers: ddp or fsdp."""
    device: str | None = None
    """cuda or cpu; by default the GPU where there is one. Which GPU is CUDA_VISIBLE_DEVICES' choice."""
    save_every_steps: int = Field(default=50, ge=1)
    """Between two checkpoints."""
    keep_checkpoints: int = Field(default=2, ge=2)
    """So many are kept: one may be half written."""
    evaluate_every_steps: int = Field(default=50, ge=1)
    """Between two looks at the held-out groups."""
    log_every_steps: int = Field(default=1, ge=1)
    """Between two lines of metrics.jsonl."""
    report_to: tuple[Report, ...] = ()
    """tensorboard, wandb, mlflow: told as well, through transformers."""

    @field_validator("device")
    @classmethod
    def _has_no_number(cls, device: str | None) -> str | None:
        if device is not None and ":" in device:
            raise ValueError("which GPU is CUDA_VISIBLE_DEVICES' choice; give cuda or cpu")
        return device


class TrainRecipe(Record):
    """Everything that a training is told."""

    seed: int = Field(default=0, ge=0)
    """Of order, adapters and dropout."""
    data: DataConfig = DataConfig()
    """Rows and frames."""
    loss: LossConfig = LossConfig()
    """What is minimised."""
    adapter: AdapterConfig = AdapterConfig()
    """What is trained."""
    optimiser: OptimiserConfig = OptimiserConfig()
    """By which steps."""
    run: RunConfig = RunConfig()
    """For how long."""
    engine: EngineConfig = EngineConfig()
    """On what; outside the fingerprint."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.loss.method is not Method.SFT and self.data.rows is RowSelection.CHOSEN:
            raise ValueError(f"data.rows chosen has nothing to prefer to: loss.method {self.loss.method.value}")
        if self.engine.cache_features and self.adapter.train_vision:
            raise ValueError("engine.cache_features needs a frozen vision tower: adapter.train_vision must be false")
        if self.loss.needs_hidden and self.adapter.kind is AdapterKind.FULL and self.adapter.train_head:
            raise ValueError("the token loss needs lm_head as it was: adapter.train_head=false or loss.vista.tokens=0")
        return self

    def identity(self) -> dict[str, JsonValue]:
        """All of it that may change the weights."""
        return self.model_dump(mode="json", exclude={"seed", "engine"})


def recipe_folder() -> Traversable:
    """Where the recipes lie that come with the program."""
    return files("trainer") / "recipes"
