"""A training recipe: which rows, which loss, what is trained, and for how long."""

from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Self

from pydantic import Field, JsonValue, field_validator, model_validator

from schemas.claim import Axis
from schemas.record import Record
from schemas.visual_negative import VisualLevel
from trainer.data_settings import DataConfig, DifficultyMeasure, RowSelection, TrainingOrder, VisualChoice
from trainer.loss_settings import LossSettings, PairForm


class Method(StrEnum):
    """The loss that is computed from a group's scores."""

    SFT = "sft"
    """Negative log-likelihood of the chosen answer."""
    DPO = "dpo"
    """Each rejected answer against the chosen one; with axis weights this is VideoPASTA."""
    TWINS = "twins"
    """Each rejected answer against the chosen one, and each answer on the visual of which it is true against the visual
    of a twin: families of twins are trained on in one backward pass."""
    VISTADPO = "vistadpo"
    """Answers, visuals at three levels and tokens: L_r + w_v L_v + lambda L_c + mu L_o + rho L_t."""


class AdapterKind(StrEnum):
    """Which weights are trained."""

    LORA = "lora"
    """Low-rank adapters on all linear layers of the language model; the reference is the model without them."""
    QLORA = "qlora"
    """Low-rank adapters over weights in 4 bit, which need bitsandbytes."""
    FULL = "full"
    """Every weight of the language model; the reference's scores come from the cache."""


class Precision(StrEnum):
    """The type in which the model computes; adapters, optimiser and log-probabilities are always at least float32."""

    BFLOAT16 = "bfloat16"
    FLOAT32 = "float32"
    FLOAT64 = "float64"


class Sharding(StrEnum):
    """How several processes hold a model."""

    DDP = "ddp"
    """Each process holds all of it."""
    FSDP = "fsdp"
    """Each process holds a part of it."""


class Schedule(StrEnum):
    """How the learning rate falls after its warmup, by transformers' names; only those without further settings."""

    LINEAR = "linear"
    COSINE = "cosine"
    COSINE_WITH_RESTARTS = "cosine_with_restarts"
    POLYNOMIAL = "polynomial"
    INVERSE_SQRT = "inverse_sqrt"
    CONSTANT_WITH_WARMUP = "constant_with_warmup"
    CONSTANT = "constant"
    """Constant from the first step on, without warmup."""


class ExperimentTracker(StrEnum):
    """Where metrics are reported, besides the run's own log."""

    TENSORBOARD = "tensorboard"
    WANDB = "wandb"
    MLFLOW = "mlflow"


class AxisWeights(Record):
    """VideoPASTA's lambda for each axis."""

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
    """sft, dpo, twins or vistadpo."""
    axis_weights: AxisWeights | None = None
    """VideoPASTA's weighted sum over axes, only for method dpo; by default every row counts the same."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.axis_weights is not None and self.method is not Method.DPO:
            raise ValueError(f"axis_weights are only for method dpo, got {self.method.value}")
        if self.method is Method.VISTADPO and not (self.anchor or self.anchor_kl or self.vista.counts):
            raise ValueError("a term of vista must have a weight above 0, or anchor")
        if self.visual_weight != 1 and self.method is not Method.TWINS:
            raise ValueError(f"visual_weight is only for method twins, got {self.method.value}")
        if self.anchor_kl and self.method is Method.SFT:
            raise ValueError("anchor_kl holds a preference loss to its reference; method sft has none")
        shaped = self.form is not PairForm.SIGMOID or self.label_smoothing > 0
        if shaped and self.method not in (Method.DPO, Method.TWINS):
            raise ValueError(f"form and label_smoothing are only for method dpo or twins, got {self.method.value}")
        return self

    @property
    def needs_hidden(self) -> bool:
        """Whether the loss needs hidden states, for the exact KL of L_t or of anchor_kl."""
        return self.has_tokens_term or self.anchor_kl > 0

    @property
    def has_tokens_term(self) -> bool:
        """Whether the loss has VistaDPO's L_t."""
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
    """Rank of the low-rank matrices."""
    alpha: int = Field(default=32, ge=1)
    """Their product is scaled by alpha / rank."""
    dropout: float = Field(default=0.0, ge=0, lt=1)
    """Dropout on the input of the low-rank matrices."""
    train_vision: bool = False
    """Train vision tower and projector too; only for kind full."""
    train_head: bool = True
    """For kind full: train lm_head too. The token loss of vistadpo and anchor_kl need it unchanged."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.train_vision and self.kind is not AdapterKind.FULL:
            raise ValueError("train_vision needs kind full")
        return self


_SFT_RATES, _PREFERENCE_RATES = (1e-4, 1e-5), (1e-5, 5e-7)
"""Usual learning rates of adapters, and of a model's own weights; VistaDPO and LLaVA-Hound train these at 5e-7."""
_TOO_HIGH = 4.0
"""A model's own weights seldom stand a rate this many times as high as the usual one."""


class OptimiserConfig(Record):
    """The section `optimiser`: AdamW."""

    learning_rate: float | None = Field(default=None, gt=0)
    """Highest learning rate; by default what is usual for the method and for the weights that are trained."""
    schedule: Schedule = Schedule.LINEAR
    """How the learning rate falls: linear, cosine, constant_with_warmup, ..."""
    warmup: float = Field(default=0.1, ge=0, lt=1)
    """Share of all steps in which the learning rate rises."""
    weight_decay: float = Field(default=0.0, ge=0)
    """Weight decay of AdamW."""
    max_grad_norm: float = Field(default=1.0, gt=0)
    """Gradients with a larger norm are scaled down to it."""


class RunConfig(Record):
    """The section `run`."""

    epochs: int = Field(default=1, ge=1)
    """How often every group is trained on."""
    max_steps: int | None = Field(default=None, ge=1)
    """Stop after this many optimiser steps."""
    pairs_per_step: int = Field(default=16, ge=1)
    """Loss rows of one optimiser step, over all processes: pairs for dpo, groups for sft and vistadpo, families for
    twins."""
    precision: Precision = Precision.BFLOAT16
    """bfloat16, float32 or float64."""


class EngineConfig(Record):
    """The section `engine`: what depends on the machine and is not part of a run's identity."""

    checkpointing: bool = True
    """Recompute activations in the backward pass instead of keeping them."""
    cache_features: bool = False
    """Keep the features of the frozen vision tower on disk: faster from the second epoch on."""
    eight_bit_optimiser: bool = False
    """AdamW's states in 8 bit, which needs bitsandbytes."""
    sharding: Sharding = Sharding.DDP
    """ddp or fsdp, if --workers is above 1."""
    device: str | None = None
    """cuda or cpu; by default the GPU if there is one. CUDA_VISIBLE_DEVICES selects the GPU."""
    feeders: int | None = Field(default=None, ge=1)
    """Threads of each process that read, decode and encode groups ahead of the model, each on a core of its own and in
    about 0.5 GiB; by default up to 8 beside a GPU, and one without."""
    max_dropped_share: float = Field(default=0.01, ge=0, le=1)
    """Most groups, as a share of all, that may be left out since they cannot be read or do not fit into the model's
    context; the training stops if there are more."""
    save_every_steps: int = Field(default=50, ge=1)
    """Optimiser steps between two checkpoints."""
    keep_checkpoints: int = Field(default=2, ge=2)
    """Number of checkpoints kept besides that of the best step, at least 2 because the last may be incomplete."""
    evaluate_every_steps: int = Field(default=50, ge=1)
    """Optimiser steps between two evaluations of the held-out groups."""
    log_every_steps: int = Field(default=1, ge=1)
    """Optimiser steps between two lines of metrics.jsonl."""
    report_to: tuple[ExperimentTracker, ...] = ()
    """tensorboard, wandb, mlflow: transformers reports to these too."""

    @field_validator("device")
    @classmethod
    def _has_no_number(cls, device: str | None) -> str | None:
        if device is not None and ":" in device:
            raise ValueError("CUDA_VISIBLE_DEVICES selects the GPU; give cuda or cpu")
        return device


class TrainRecipe(Record):
    """All settings of a training."""

    seed: int = Field(default=0, ge=0)
    """Seed of the order of groups, of adapters and of dropout."""
    data: DataConfig = DataConfig()
    """Rows and frames."""
    loss: LossConfig = LossConfig()
    """The loss that is minimised."""
    adapter: AdapterConfig = AdapterConfig()
    """Which weights are trained."""
    optimiser: OptimiserConfig = OptimiserConfig()
    """How weights are updated."""
    run: RunConfig = RunConfig()
    """For how long."""
    engine: EngineConfig = EngineConfig()
    """Settings of the machine; not part of the fingerprint."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.loss.method is not Method.SFT and self.data.rows is RowSelection.CHOSEN:
            raise ValueError(
                f"data.rows chosen has no rejected answers: loss.method {self.loss.method.value} needs them"
            )
        self._refuse_unread_order()
        if self.engine.cache_features and self.adapter.train_vision:
            raise ValueError("engine.cache_features needs a frozen vision tower: adapter.train_vision must be false")
        if self.loss.needs_hidden and self.adapter.kind is AdapterKind.FULL and self.adapter.train_head:
            raise ValueError(
                "the token loss and anchor_kl need an unchanged lm_head: adapter.train_head=false or "
                "loss.vista.tokens=0 and loss.anchor_kl=0"
            )
        return self

    @property
    def usual_rate(self) -> float:
        """The learning rate that is usual for the method and for the weights that are trained."""
        adapters, own_weights = _SFT_RATES if self.loss.method is Method.SFT else _PREFERENCE_RATES
        return own_weights if self.adapter.kind is AdapterKind.FULL else adapters

    @property
    def learning_rate(self) -> float:
        """The highest learning rate of the training."""
        return self.optimiser.learning_rate or self.usual_rate

    def rate_warning(self) -> str | None:
        """A line if a model's own weights would be trained at a rate that suits adapters; else None."""
        if self.adapter.kind is not AdapterKind.FULL or self.learning_rate < _TOO_HIGH * self.usual_rate:
            return None
        return (
            f"optimiser.learning_rate={self.learning_rate:g} suits adapters; with adapter.kind=full a model soon "
            f"forgets what it knew: {self.usual_rate:g} is usual (--set optimiser.learning_rate=null)"
        )

    def _refuse_unread_order(self) -> None:
        """Raise ValueError for a setting of the order or of visual negatives that nothing would read."""
        data, method = self.data, self.loss.method
        easy_first = data.order is TrainingOrder.EASY_FIRST
        if easy_first and method is Method.SFT:
            raise ValueError("data.order easy_first compares answers, and method sft has chosen ones alone")
        if data.difficulty is not DifficultyMeasure.ROW and not easy_first:
            raise ValueError(f"data.difficulty {data.difficulty.value} needs data.order easy_first")
        if data.visual is not VisualChoice.BEST_KIND and not self.loss.visual_levels:
            raise ValueError(f"data.visual {data.visual.value} needs method vistadpo with a visual level")

    @property
    def asks_reference_first(self) -> bool:
        """Whether the reference's scores must be known before the first step: for the order, or to choose visuals."""
        return self.data.visual.asks_reference or self.data.difficulty is DifficultyMeasure.REFERENCE

    def identity(self) -> dict[str, JsonValue]:
        """All settings that may change the weights."""
        optimiser = self.optimiser.model_copy(update={"learning_rate": self.learning_rate})
        return self.model_copy(update={"optimiser": optimiser}).model_dump(mode="json", exclude={"seed", "engine"})


def recipe_folder() -> Traversable:
    """The folder of the recipes that come with the program."""
    return files("trainer") / "recipes"
