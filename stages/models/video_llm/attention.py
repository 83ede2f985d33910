"""Attention over one row that holds a prompt once and K answers after it; and a vision tower's windows in one call.

Axes: B row, H head, Q query token, L key token, D head size, W window; P prompt tokens, S answer tokens of all answers.

SDPA's own kernels are used. On CUDA in half precision the prompt (nearly all of a row) runs as causal flash attention
on grouped keys, and equal windows run as one batch of flash attention; the answers, a few tokens each, have a mask and
run in the memory-efficient kernel. The precision is never lower than that of the tensors.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention as sdpa
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

SPLIT_ATTENTION = "vidpref_split"
"""Name of `split_attention` in transformers; the language model is loaded with it."""
WINDOW_ATTENTION = "vidpref_windows_flash"
"""Name of `window_attention`; towers pass all windows at once to names that contain "flash"."""


def split_attention(
    module: nn.Module,
    query_BHQD: Tensor,
    key_BHLD: Tensor,
    value_BHLD: Tensor,
    attention_mask: Tensor | None,
    *,
    split_at: int | None = None,
    **kwargs: Any,
) -> tuple[Tensor, None]:
    """Attention function of the language model: split if the forward was called with `split_at`, else plain SDPA.

    Args:
        module: the attention layer.
        query_BHQD: queries of the row, B = 1 if split.
        key_BHLD: keys, grouped heads not repeated.
        value_BHLD: values, grouped heads not repeated.
        attention_mask: if split, bool (1, 1, S, P + S): what each answer token sees (`answer_mask`).
        split_at: P, the prompt's length; 0 if the prompt is in the cache, and the queries are answers' tokens alone;
            null for plain attention.
        **kwargs: what transformers passes to every attention function.

    Returns:
        (B, Q, H, D), and no weights.
    """
    if split_at is None:
        return _plain(module, query_BHQD, key_BHLD, value_BHLD, attention_mask, **kwargs)
    if attention_mask is None or attention_mask.shape[-1] != key_BHLD.shape[2]:
        raise ValueError(f"a split at {split_at} needs the mask of the answers over the whole row")
    scale, dropout = kwargs.get("scaling"), kwargs.get("dropout", 0.0)
    if split_at == 0:
        alone = _masked(query_BHQD, key_BHLD, value_BHLD, attention_mask, scale=scale, dropout=dropout)
        return alone.transpose(1, 2).contiguous(), None
    prompt = _causal(*(x[:, :, :split_at] for x in (query_BHQD, key_BHLD, value_BHLD)), scale=scale, dropout=dropout)
    answers = _masked(query_BHQD[:, :, split_at:], key_BHLD, value_BHLD, attention_mask, scale=scale, dropout=dropout)
    return torch.cat((prompt, answers), dim=2).transpose(1, 2).contiguous(), None


def _plain(
    module: nn.Module, query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None, **kwargs: Any
) -> tuple[Tensor, None]:
    """Attention as transformers computes it, but a causal prompt never falls back to P x P weights."""
    if mask is None and 1 < query.shape[2] == key.shape[2]:
        out = _causal(query, key, value, scale=kwargs.get("scaling"), dropout=kwargs.get("dropout", 0.0))
        return out.transpose(1, 2).contiguous(), None
    return sdpa_attention_forward(module, query, key, value, mask, **kwargs)


def _causal(query: Tensor, key: Tensor, value: Tensor, *, scale: float | None, dropout: float) -> Tensor:
    """Causal attention of the prompt over itself."""
    groups = query.shape[1] // key.shape[1]
    if groups > 1 and not (query.is_cuda and query.dtype in (torch.float16, torch.bfloat16)):
        # Only flash attention takes grouped keys as they are; the other kernels would fall back to P x P weights.
        key, value, groups = key.repeat_interleave(groups, 1), value.repeat_interleave(groups, 1), 1
    return sdpa(query, key, value, is_causal=True, dropout_p=dropout, scale=scale, enable_gqa=groups > 1)


def _masked(query: Tensor, key: Tensor, value: Tensor, mask: Tensor, *, scale: float | None, dropout: float) -> Tensor:
    """Attention of the answers over the row; the queries of a key head are one block, so that no key is repeated."""
    batch, heads, answer_tokens, size = query.shape
    groups = heads // key.shape[1]
    blocked = query.reshape(batch, key.shape[1], groups * answer_tokens, size)
    out = sdpa(blocked, key, value, attn_mask=mask.repeat(1, 1, groups, 1), dropout_p=dropout, scale=scale)
    return out.reshape(batch, heads, answer_tokens, size)


def answer_mask(prompt_length: int, answer_lengths: tuple[int, ...], device: torch.device | str = "cpu") -> Tensor:
    """What each answer token sees, bool (1, 1, S, P + S): the prompt, and its own answer up to itself."""
    owner_S = torch.repeat_interleave(torch.arange(len(answer_lengths)), torch.tensor(answer_lengths)).to(device)
    own_SS = (owner_S[:, None] == owner_S[None]).tril()
    return torch.nn.functional.pad(own_SS, (prompt_length, 0), value=True)[None, None]


def row_mask(prompt_length: int, answer_lengths: tuple[int, ...], device: torch.device | str = "cpu") -> Tensor:
    """What each token of the row sees, bool (1, 1, P + S, P + S): the dense form of the split."""
    total = prompt_length + sum(answer_lengths)
    prompt = torch.ones(prompt_length, total, dtype=torch.bool, device=device).tril()
    return torch.cat((prompt[None, None], answer_mask(prompt_length, answer_lengths, device)), dim=2)


def window_attention(
    module: nn.Module,  # noqa: ARG001 (transformers calls every attention function with its layer)
    query_BHQD: Tensor,
    key_BHLD: Tensor,
    value_BHLD: Tensor,
    attention_mask: Tensor | None = None,  # noqa: ARG001 (the windows' borders are the mask)
    *,
    cu_seq_lens_q: Tensor,
    scaling: float | None = None,
    dropout: float = 0.0,
    **kwargs: Any,  # noqa: ARG001 (only flash-attn needs these)
) -> tuple[Tensor, None]:
    """Full attention inside each window of a vision tower, in one call for all windows: transformers would loop.

    Args:
        module: the attention layer.
        query_BHQD: B = 1, all windows one after another.
        key_BHLD: keys of all windows.
        value_BHLD: values of all windows.
        attention_mask: not used.
        cu_seq_lens_q: int (W + 1,), the start of each window, and the end of the last.
        scaling: factor on the scores; null for 1/sqrt(D).
        dropout: probability.
        **kwargs: not used.

    Returns:
        (1, Q, H, D), and no weights.
    """
    rows = [x[0].transpose(0, 1) for x in (query_BHQD, key_BHLD, value_BHLD)]
    lengths_W = cu_seq_lens_q.diff()
    longest = int(lengths_W.max())
    if len(rows[0]) == longest * len(lengths_W):
        query, key, value = (x.reshape(-1, longest, *x.shape[1:]).transpose(1, 2) for x in rows)
        out_WHLD = sdpa(query, key, value, dropout_p=dropout, scale=scaling)
        return out_WHLD.transpose(1, 2).flatten(0, 1)[None].contiguous(), None
    inside_WL = torch.arange(longest, device=lengths_W.device) < lengths_W[:, None]
    batches = [x.new_zeros(*inside_WL.shape, *x.shape[1:]).masked_scatter(inside_WL[..., None, None], x) for x in rows]
    query, key, value = (x.transpose(1, 2) for x in batches)
    out_WHLD = sdpa(query, key, value, attn_mask=inside_WL[:, None, None], dropout_p=dropout, scale=scaling)
    return out_WHLD.transpose(1, 2)[inside_WL][None], None


AttentionInterface.register(SPLIT_ATTENTION, split_attention)
AttentionInterface.register(WINDOW_ATTENTION, window_attention)
# Padding, sliding windows and generation work under the registered name as under "sdpa".
AttentionMaskInterface.register(SPLIT_ATTENTION, sdpa_mask)
