"""The model that is trained: opened, frozen but for what is trained, with or without adapters, and saved."""

import importlib.util
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from peft.tuners.tuners_utils import BaseTunerLayer
from torch import nn

from schemas.errors import ModelError
from schemas.problems import one_line
from stages.models.video_llm.chat import bare
from stages.models.video_llm.family import ModelFamily
from trainer.losses.sequential_kl import Head
from trainer.policy.saved_adapter import SavedAdapter
from trainer.recipe import AdapterConfig, AdapterKind, Precision


@dataclass(frozen=True)
class TrainedPolicy:
    """A model some of whose weights are trained."""

    family: ModelFamily
    model: nn.Module
    config: AdapterConfig
    compute: torch.dtype
    """Precision of the computation; trained weights are float32 or better."""
    start: SavedAdapter | None = None
    """The adapter that the training goes on from."""

    @property
    def keeps_reference(self) -> bool:
        """Whether the model that the policy started from is at hand at every step: the model without its adapter."""
        return self.config.kind is not AdapterKind.FULL and self.start is None

    @contextmanager
    def as_reference(self) -> Iterator[nn.Module]:
        """The model that the policy started from: the adapter off, no dropout, no gradient.

        Unless the policy `keeps_reference` it is the model itself, so use it before the first step.
        """
        training = self.model.training
        self.model.eval()
        try:
            with torch.no_grad():
                if self.keeps_reference and isinstance(self.model, PeftModel):
                    with self.model.disable_adapter():
                        yield self.model
                else:
                    yield self.model
        finally:
            self.model.train(training)

    @property
    def device(self) -> torch.device:
        """Where the model is."""
        return next(self.model.parameters()).device

    def computing(self) -> AbstractContextManager[Any]:
        """A context in which float32 weights, be they adapters', compute in the recipe's precision.

        The optimiser needs them in float32. No cast weight is kept for another use: each is used once in a forward
        pass, and with checkpointing all of them would stay until the end of it.
        """
        if self.compute is torch.bfloat16:
            return torch.autocast(self.device.type, torch.bfloat16, cache_enabled=False)
        return nullcontext()

    @property
    def head(self) -> Head:
        """lm_head, which does not change if only adapters are trained."""
        layer = bare(self.model).get_output_embeddings()
        return Head(layer.weight, getattr(layer, "bias", None))

    @property
    def head_is_frozen(self) -> bool:
        """Whether lm_head stays equal to the reference's, so that hidden states give the reference's distribution."""
        return self.config.kind is not AdapterKind.FULL or not self.config.train_head

    def save(self, folder: Path) -> None:
        """Write the adapter, or whole weights if these are trained."""
        model: Any = self.model
        if isinstance(model, PeftModel):
            model.save_pretrained(str(folder))
        else:
            model.to(self.compute).save_pretrained(folder)


def open_policy(
    family: ModelFamily,
    config: AdapterConfig,
    precision: Precision,
    device: str,
    *,
    checkpointing: bool,
    start: SavedAdapter | None = None,
) -> TrainedPolicy:
    """The model on its device, ready to be trained; `start` gives the adapter its first weights.

    ModelError if a package is missing, or if `start` does not fit.
    """
    compute: torch.dtype = getattr(torch, precision.value)
    options: dict[str, Any] = {}
    if config.kind is AdapterKind.QLORA:
        options = four_bit(compute, device, "adapter.kind=qlora", "adapter.kind=lora")
    dtype = torch.promote_types(compute, torch.float32) if config.kind is AdapterKind.FULL else compute
    model: Any = family.load(dtype=dtype, device=device, **options)
    model.config.use_cache = False
    model.requires_grad_(requires_grad=False)
    if config.kind is AdapterKind.FULL:
        _unfreeze(model, config)
    else:
        model = with_adapter(model, family, config)
        if start is not None:
            start.load_into(model)
    if checkpointing:
        _checkpoint(model)
    return TrainedPolicy(family, model, config, compute, start)


def with_adapter(model: Any, family: ModelFamily, config: AdapterConfig) -> Any:
    """Put adapters on every linear layer of the language model; they are float32, or float64 if the model is.

    They take their input as it is, which `TrainedPolicy.computing` makes fit: peft would copy it to float32 first.
    """
    lora = LoraConfig(
        r=config.rank,
        lora_alpha=config.alpha,
        lora_dropout=config.dropout,
        target_modules=family.lora_targets,
        bias="none",
        task_type="CAUSAL_LM",
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # peft asks transformers by an older name
            adapted = get_peft_model(model, lora)
    except ValueError as error:
        raise ModelError(f"{family.path}: no adapter fits it: {one_line(error)[:200]}") from error
    for module in adapted.modules():
        if isinstance(module, BaseTunerLayer):
            setattr(module, "cast_input_dtype_enabled", False)  # noqa: B010 (a plain attribute, unknown to nn.Module)
    return adapted


def _unfreeze(model: Any, config: AdapterConfig) -> None:
    (model if config.train_vision else model.model.language_model).requires_grad_(requires_grad=True)
    model.get_output_embeddings().requires_grad_(requires_grad=config.train_head)


def _checkpoint(model: Any) -> None:
    """Recompute activations in the backward pass, in the form that needs no input with a gradient."""
    bare(model).activation_checkpointing_enable(activation_checkpointing_kwargs={"use_reentrant": False})


def four_bit(compute: torch.dtype, device: str, wanted_by: str, instead: str) -> dict[str, Any]:
    """Options with which a family loads its weights in 4 bit. ModelError if bitsandbytes is not installed."""
    require_package("bitsandbytes", wanted_by, instead)
    from transformers import BitsAndBytesConfig  # noqa: PLC0415 an extra that most machines lack

    config = BitsAndBytesConfig(  # type: ignore[no-untyped-call]  # transformers' own
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=compute,
    )
    return {"quantization_config": config, "device_map": {"": device}}


def require_package(name: str, wanted_by: str, instead: str) -> None:
    """Raise ModelError if a package that only some recipes need is not installed."""
    if importlib.util.find_spec(name) is None:
        raise ModelError(f"{wanted_by} needs {name}, which is not installed; pip install it, or use {instead}")
