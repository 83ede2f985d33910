"""Attention in parts: what each token sees, and one call in place of transformers' many."""

from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention as sdpa
from transformers import AutoModelForImageTextToText
from transformers.integrations.sdpa_attention import sdpa_attention_forward

import stages.models.video_llm.attention
from stages.models.video_llm.attention import answer_mask, row_mask, split_attention, window_attention
from tests.trainer.checkpoints import checkpoint
from tests.trainer.groups_of_text import family_of, group_of, model_of


def test_an_answer_sees_the_prompt_and_itself() -> None:
    """Prompt of 2, answers of 2 and 1: rows say who sees whom, the second answer nothing of the first."""
    expected = [[1, 1, 1, 0, 0], [1, 1, 1, 1, 0], [1, 1, 0, 0, 1]]
    assert answer_mask(2, (2, 1))[0, 0].int().tolist() == expected
    assert row_mask(2, (2, 1))[0, 0].int().tolist() == [[1, 0, 0, 0, 0], [1, 1, 0, 0, 0], *expected]


def row(heads: int, tokens: int, seed: int) -> Tensor:
    """One row of noise, (1, heads, tokens, 8), float64."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(1, heads, tokens, 8, generator=generator, dtype=torch.float64)


@pytest.mark.parametrize("heads", [2, 6])
def test_split_is_attention_under_the_dense_mask(heads: int) -> None:
    """Grouped heads or not, the split gives what a dense mask over the whole row gives."""
    lengths = (3, 1, 4)
    query, key, value = row(heads, 13, 0), row(2, 13, 1), row(2, 13, 2)
    layer: Any = SimpleNamespace(num_key_value_groups=heads // 2)
    split, _ = split_attention(layer, query, key, value, answer_mask(5, lengths), split_at=5, scaling=0.3)
    wide = [x.repeat_interleave(heads // 2, 1) for x in (key, value)]
    dense = sdpa(query, *wide, attn_mask=row_mask(5, lengths), scale=0.3).transpose(1, 2)
    assert float((split - dense).abs().max()) <= 1e-14


@pytest.mark.parametrize(("queries", "grouped"), [(13, False), (1, True)])
def test_a_plain_prompt_has_no_weights_of_its_own_size(
    queries: int, grouped: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In float32 no kernel but the one with P x P weights takes grouped keys: a whole prompt repeats them. One new
    token after cached keys needs no more than transformers' own call. Both give what that call gives.
    """
    found: list[bool] = []

    def noted(*args: Any, enable_gqa: bool = False, **kwargs: Any) -> Tensor:
        found.append(enable_gqa)
        return sdpa(*args, enable_gqa=enable_gqa, **kwargs)

    query, key, value = row(6, queries, 0), row(2, 13, 1), row(2, 13, 2)
    layer: Any = SimpleNamespace(num_key_value_groups=3)
    expected, _ = sdpa_attention_forward(layer, query, key, value, None, scaling=0.3)
    monkeypatch.setattr(stages.models.video_llm.attention, "sdpa", noted)
    monkeypatch.setattr(torch.nn.functional, "scaled_dot_product_attention", noted)
    made, _ = split_attention(layer, query, key, value, None, scaling=0.3)
    assert found == [grouped]
    assert float((made - expected).abs().max()) <= 1e-14


def test_a_split_without_its_mask_is_refused() -> None:
    """A forward that lost the mask on its way does not go on causally."""
    query, key = row(2, 13, 0), row(2, 13, 1)
    layer: Any = SimpleNamespace(num_key_value_groups=1)
    with pytest.raises(ValueError, match="mask of the answers"):
        split_attention(layer, query, key, key, None, split_at=5)


@pytest.mark.parametrize("lengths", [(4, 4, 4), (4, 2, 4, 1)])
def test_windows_in_one_call_are_windows_one_by_one(lengths: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal or unequal, padded windows in a single call give what a loop over them gives, gradients too."""
    calls: list[int] = []

    def counted(*args: Any, **kwargs: Any) -> Tensor:
        calls.append(1)
        return sdpa(*args, **kwargs)

    monkeypatch.setattr(stages.models.video_llm.attention, "sdpa", counted)
    borders = torch.tensor((0, *lengths)).cumsum(0)
    inputs = [row(2, sum(lengths), seed).requires_grad_() for seed in range(3)]
    weights = row(2, sum(lengths), 3).transpose(1, 2)
    found, _ = window_attention(torch.nn.Identity(), *inputs, cu_seq_lens_q=borders, scaling=0.3)
    looped = torch.cat(
        [sdpa(*(x[:, :, a:b] for x in inputs), scale=0.3) for a, b in pairwise(borders)], dim=2
    ).transpose(1, 2)
    assert len(calls) == 1
    assert float((found - looped).detach().abs().max()) <= 1e-14
    ours, theirs = (torch.autograd.grad((weights * out).sum(), inputs) for out in (found, looped))
    assert all(float((a - b).abs().max()) <= 1e-14 for a, b in zip(ours, theirs, strict=True))


@pytest.mark.parametrize("name", ["qwen2_5_vl", "qwen3_vl"])
def test_a_tower_makes_one_attention_call_a_layer(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two layers, two calls, whatever the number of windows and frame pairs."""
    calls: list[int] = []

    def counted(*args: Any, **kwargs: Any) -> Tensor:
        calls.append(1)
        return sdpa(*args, **kwargs)

    monkeypatch.setattr(stages.models.video_llm.attention, "sdpa", counted)
    monkeypatch.setattr(torch.nn.functional, "scaled_dot_product_attention", counted)
    with torch.no_grad():
        family_of(name).features(model_of(name, torch.float32), group_of(name))
    assert len(calls) == 2


def test_generation_under_padding_is_that_of_plain_sdpa() -> None:
    """Two prompts of unequal length, padded on the left, are continued as a model loaded with SDPA continues them."""
    group = group_of("llava_onevision")
    plain = AutoModelForImageTextToText.from_pretrained(checkpoint("llava_onevision"), dtype=torch.float64)
    ids_L = group.prompt_ids_P[-12:]
    rows = {"input_ids": torch.stack((ids_L, ids_L.roll(5))), "attention_mask": torch.ones(2, 12, dtype=torch.long)}
    rows["attention_mask"][1, :5] = 0
    options: dict[str, Any] = {"max_new_tokens": 6, "do_sample": False, "output_logits": True}
    options["return_dict_in_generate"] = True
    ours, theirs = (m.generate(**rows, **options) for m in (model_of("llava_onevision", torch.float64), plain))
    assert ours.sequences.tolist() == theirs.sequences.tolist()
    assert all(float((a - b).abs().max()) <= 1e-10 for a, b in zip(ours.logits, theirs.logits, strict=True))


@pytest.mark.gpu
@pytest.mark.parametrize(("dtype", "limit"), [(torch.float32, 1e-4), (torch.bfloat16, 2e-2)], ids=str)
def test_split_on_cuda_is_attention_under_the_dense_mask(dtype: torch.dtype, limit: float) -> None:
    """The kernels of a GPU give what float64 gives on the CPU, to their own precision."""
    lengths, layer = (3, 1, 4), SimpleNamespace(num_key_value_groups=3)
    query, key, value = row(6, 13, 0), row(2, 13, 1), row(2, 13, 2)
    exact, _ = split_attention(layer, query, key, value, answer_mask(5, lengths), split_at=5)
    there = [x.to("cuda", dtype) for x in (query, key, value)]
    found, _ = split_attention(layer, *there, answer_mask(5, lengths, "cuda"), split_at=5)
    assert float((found.cpu().double() - exact).abs().max()) <= limit


@pytest.mark.gpu
def test_kernels_on_cuda_are_the_fast_ones() -> None:
    """In bfloat16 the prompt is flash attention, the answers memory-efficient: nothing holds P x P weights."""
    query, key, value = (row(heads, 13, 0).to("cuda", torch.bfloat16) for heads in (6, 2, 2))
    with sdpa_kernel(SDPBackend.FLASH_ATTENTION):
        stages.models.video_llm.attention._causal(query, key, value, scale=None, dropout=0.0)
    with sdpa_kernel(SDPBackend.EFFICIENT_ATTENTION):
        layer: Any = SimpleNamespace(num_key_value_groups=3)
        split_attention(layer, query.float(), key.float(), value.float(), None)  # the unshared check in float32
        stages.models.video_llm.attention._masked(
            query[:, :, 5:], key, value, answer_mask(5, (8,), "cuda"), scale=None, dropout=0.0
        )
