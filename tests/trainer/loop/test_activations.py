"""Activations of a training, measured on one layer and a few tokens, beside those of a whole pass measured apart."""

from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import linear
from torch.profiler import ProfilerActivity, profile

from stages.models.video_llm import open_family
from stages.models.video_llm.chat import bare
from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.score import ScorePath, score
from tests.trainer import checkpoints
from tests.trainer.checkpoints import FAMILIES, write
from tests.trainer.groups_of_text import ANSWERS, QUESTION, clip
from trainer.loop.activations import measured_activations, rows_of
from trainer.policy.policy import TrainedPolicy, open_policy
from trainer.policy.tiny_model import TinyShape
from trainer.recipe import AdapterConfig, AdapterKind, Precision

pytestmark = pytest.mark.slow(60)

WITHIN = 0.15
"""The estimate is demanded to be this close."""
TOKENS, LAYERS, WIDTH = 2048, 3, 128
OPTIONS = [(kind, again) for kind in (AdapterKind.LORA, AdapterKind.FULL) for again in (False, True)]

Opened = Callable[..., tuple[TrainedPolicy, EncodedGroup]]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """Policies of three layers, wide enough that what kernels use for themselves is little, and a group of so many
    tokens.
    """
    folder = tmp_path_factory.mktemp("wide")
    written: dict[str, Path] = {}
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(checkpoints, "SHAPE", TinyShape(hidden=WIDTH, layers=LAYERS))
        changed.setattr(checkpoints, "HIDDEN", WIDTH)

        def make(
            name: str, kind: AdapterKind, precision: Precision, *, checkpointing: bool, device: str = "cpu"
        ) -> tuple[TrainedPolicy, EncodedGroup]:
            if name not in written:
                written[name] = write(name, folder / name)
            family = open_family(str(written[name]))
            policy = open_policy(family, AdapterConfig(kind=kind), precision, device, checkpointing=checkpointing)
            one = family.encode(clip(frames=2), QUESTION, ANSWERS[:2]).prompt_length
            more = len(family.processor.tokenizer(f" {QUESTION}" * 8)["input_ids"]) / 8
            question = QUESTION + f" {QUESTION}" * round((TOKENS - one) / more)
            return policy, family.encode(clip(frames=2), question, ANSWERS[:2])

        yield make


def peak_of(policy: TrainedPolicy, group: EncodedGroup) -> int:
    """Most bytes of a whole forward and backward pass, as torch's own allocator counts them."""
    trained = [parameter for parameter in policy.model.parameters() if parameter.requires_grad]
    for parameter in trained:
        parameter.grad = torch.zeros_like(parameter)
    policy.model.train()
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiled:
        with policy.computing():
            scores = score(policy.model, policy.family, group)
        scores.logprobs_KT.sum().backward()
    events: Any = profiled.profiler.kineto_results.events()  # type: ignore[union-attr]  # there since it has run
    return max(accumulate(event.nbytes() for event in events if event.name() == "[memory]"))


@pytest.mark.parametrize(("kind", "checkpointing"), OPTIONS)
@pytest.mark.parametrize("name", FAMILIES)
def test_one_layer_tells_of_all(name: str, kind: AdapterKind, checkpointing: bool, opened: Opened) -> None:
    """From one layer and at most 256 tokens: within 15 % of what three layers take for 2,048 tokens."""
    policy, group = opened(name, kind, Precision.FLOAT32, checkpointing=checkpointing)
    assert abs(group.prompt_length - TOKENS) < 100
    estimated = measured_activations(policy, ScorePath.SPLIT).peak(rows_of(group, ScorePath.SPLIT))
    assert estimated == pytest.approx(peak_of(policy, group), rel=WITHIN)


@pytest.mark.parametrize(("kind", "checkpointing"), OPTIONS)
def test_in_half_precision_too(kind: AdapterKind, checkpointing: bool, opened: Opened) -> None:
    """As runs compute by default: weights that are trained are cast at each use."""
    policy, group = opened("qwen2_5_vl", kind, Precision.BFLOAT16, checkpointing=checkpointing)
    estimated = measured_activations(policy, ScorePath.SPLIT).peak(rows_of(group, ScorePath.SPLIT))
    assert estimated == pytest.approx(peak_of(policy, group), rel=WITHIN)


class _FourBit(torch.autograd.Function):
    """Keeps what bitsandbytes' kernel keeps: the packed weight, and no activation; it is unpacked for each pass."""

    @staticmethod
    def forward(ctx: Any, inputs: Tensor, packed: Tensor) -> Tensor:
        ctx.save_for_backward(packed)
        return linear(inputs, packed.to(inputs.dtype))

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        [packed] = ctx.saved_tensors
        return gradient @ packed.to(gradient.dtype), None


class FourBitLinear(nn.Linear):
    """A linear layer whose weight is a quarter as large as in bfloat16."""

    def forward(self, inputs: Tensor) -> Tensor:
        """As `_FourBit` computes it."""
        made: Tensor = _FourBit.apply(inputs, self.weight)
        return made if self.bias is None else made + self.bias


@pytest.mark.parametrize("checkpointing", [False, True])
def test_weights_in_four_bit_are_measured_as_they_are(checkpointing: bool, opened: Opened) -> None:
    """Layers under adapters may be of any kind: here of one that keeps what bitsandbytes' layers keep.

    That is no activation, as a frozen plain layer keeps none; a pass holds one unpacked weight more at most.
    """
    policy, group = opened("llava_onevision", AdapterKind.LORA, Precision.BFLOAT16, checkpointing=checkpointing)
    plain = measured_activations(policy, ScorePath.SPLIT).peak(rows_of(group, ScorePath.SPLIT))
    layers = bare(policy.model).model.language_model.layers
    for module in list(layers.modules()):
        if type(module) is nn.Linear and module.weight.dtype is torch.bfloat16:
            module.__class__ = FourBitLinear
            module.weight = nn.Parameter(module.weight.to(torch.int8), requires_grad=False)
    packed = [module.weight for module in layers.modules() if isinstance(module, FourBitLinear)]
    estimated = measured_activations(policy, ScorePath.SPLIT).peak(rows_of(group, ScorePath.SPLIT))
    assert estimated == pytest.approx(peak_of(policy, group), rel=WITHIN)
    assert len(packed) == 7 * LAYERS
    assert plain <= estimated <= plain + 2 * max(weight.numel() for weight in packed)


def test_a_model_is_left_as_it_was(opened: Opened) -> None:
    """Layers, mode, gradients and the state of the random numbers are those from before."""
    policy, _ = opened("qwen2_5_vl", AdapterKind.LORA, Precision.FLOAT32, checkpointing=False)
    language = bare(policy.model).model.language_model
    layers, random, training = language.layers, torch.get_rng_state(), policy.model.training
    measured_activations(policy, ScorePath.SPLIT)
    assert language.layers is layers
    assert len(layers) == LAYERS
    assert policy.model.training == training
    assert torch.equal(torch.get_rng_state(), random)
    assert all(parameter.grad is None for parameter in policy.model.parameters())


def test_rows_of_a_part_are_held_together(opened: Opened) -> None:
    """Two rows take what one takes and what the other keeps: more than one, less than twice as much. Unshared, each
    answer has a row of its own.
    """
    policy, group = opened("qwen2_5_vl", AdapterKind.LORA, Precision.FLOAT32, checkpointing=False)
    found = measured_activations(policy, ScorePath.SPLIT)
    [row] = rows_of(group, ScorePath.SPLIT)
    assert 1.5 * found.peak([row]) < found.peak([row, row]) < 2 * found.peak([row])
    apart = rows_of(group, ScorePath.UNSHARED)
    assert [one.prompt for one in apart] == [row.prompt] * 2
    assert sum(one.answers for one in apart) == row.answers


@pytest.mark.gpu
@pytest.mark.parametrize(("kind", "checkpointing"), OPTIONS)
def test_the_allocator_of_a_gpu_agrees(kind: AdapterKind, checkpointing: bool, opened: Opened) -> None:
    """Within 15 % of the most that CUDA's allocator gave to a pass."""
    policy, group = opened("qwen2_5_vl", kind, Precision.BFLOAT16, checkpointing=checkpointing, device="cuda")
    estimated = measured_activations(policy, ScorePath.SPLIT).peak(rows_of(group, ScorePath.SPLIT))
    peak_of(policy, group)
    standing = torch.cuda.memory_allocated()
    torch.cuda.reset_peak_memory_stats()
    with policy.computing():
        scores = score(policy.model, policy.family, group)
    scores.logprobs_KT.sum().backward()
    assert estimated == pytest.approx(torch.cuda.max_memory_allocated() - standing, rel=WITHIN)
