"""Other ways to compute the attention of a shared row, and of a vision tower, to be measured beside the trainer's.

torch's varlen_attn (flash kernels over packed sequences) and its flex_attention, both behind the signature that
transformers calls. Axes: B row, H head, Q query token, L key token, D head size, W window; N packed sequence.
"""

import inspect
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.attention import flex_attention as flex
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.masking_utils import sdpa_mask

VARLEN_ROW, FLEX_ROW, VARLEN_WINDOWS = "benchmark_varlen", "benchmark_flex", "benchmark_varlen_flash"
"""Names in transformers; a tower hands over all windows at once to names that contain "flash"."""


def varlen(query_QHD: Tensor, key_LHD: Tensor, value_LHD: Tensor, starts_q: Tensor, starts_k: Tensor, **options: Any):
    """torch.nn.attention.varlen.varlen_attn over packed sequences; keys repeated where it takes no grouped ones.

    Args:
        query_QHD: queries of all sequences, one after another.
        key_LHD: keys likewise, maybe of fewer heads.
        value_LHD: likewise.
        starts_q: int (N + 1,), where each sequence's queries begin, and the end.
        starts_k: of its keys.
        **options: `causal` and `scale`.
    """
    from torch.nn.attention.varlen import varlen_attn

    causal, scale = options["causal"], options.get("scale")
    groups = query_QHD.shape[1] // key_LHD.shape[1]
    known = inspect.signature(varlen_attn).parameters
    named: dict[str, Any] = {"scale": scale} if "scale" in known else {}
    if "window_size" in known:
        named["window_size"] = (-1, 0) if causal else (-1, -1)
    else:
        named["is_causal"] = causal
    if groups > 1 and "enable_gqa" in known:
        named["enable_gqa"] = True
    elif groups > 1:
        key_LHD, value_LHD = key_LHD.repeat_interleave(groups, 1), value_LHD.repeat_interleave(groups, 1)
    longest_q, longest_k = int(starts_q.diff().max()), int(starts_k.diff().max())
    return varlen_attn(query_QHD, key_LHD, value_LHD, starts_q, starts_k, longest_q, longest_k, **named)


def varlen_row(
    module: nn.Module,  # noqa: ARG001 (transformers calls every attention function with its layer)
    query_BHQD: Tensor,
    key_BHLD: Tensor,
    value_BHLD: Tensor,
    attention_mask: Tensor | None,  # noqa: ARG001 (likewise)
    *,
    split_at: int,
    answer_lengths: tuple[int, ...],
    scaling: float | None = None,
    **_: Any,
) -> tuple[Tensor, None]:
    """A shared row as 1 + K packed sequences: the prompt over itself, each answer over prompt and itself.

    The causal mask of an answer has to be aligned with the ends of queries and keys.
    """
    query, key, value = (x[0].transpose(0, 1) for x in (query_BHQD, key_BHLD, value_BHLD))
    starts_q = torch.tensor([0, split_at, *answer_lengths], device=query.device).cumsum(0).int()[1:]
    starts_q = torch.nn.functional.pad(starts_q, (1, 0))
    keys_of = [split_at, *(split_at + length for length in answer_lengths)]
    starts_k = torch.nn.functional.pad(torch.tensor(keys_of, device=query.device).cumsum(0).int(), (1, 0))
    prompt_k, prompt_v = key[:split_at], value[:split_at]
    own_k, own_v = key[split_at:].split(answer_lengths), value[split_at:].split(answer_lengths)
    all_k = torch.cat((prompt_k, *(part for own in own_k for part in (prompt_k, own))))
    all_v = torch.cat((prompt_v, *(part for own in own_v for part in (prompt_v, own))))
    out_QHD = varlen(query, all_k, all_v, starts_q, starts_k, causal=True, scale=scaling)
    return out_QHD[None], None


def varlen_windows(
    module: nn.Module,  # noqa: ARG001 (as above)
    query_BHQD: Tensor,
    key_BHLD: Tensor,
    value_BHLD: Tensor,
    attention_mask: Tensor | None = None,  # noqa: ARG001 (as above)
    *,
    cu_seq_lens_q: Tensor,
    scaling: float | None = None,
    **_: Any,
) -> tuple[Tensor, None]:
    """A tower's windows as packed sequences."""
    query, key, value = (x[0].transpose(0, 1) for x in (query_BHQD, key_BHLD, value_BHLD))
    starts_W = cu_seq_lens_q.int()
    return varlen(query, key, value, starts_W, starts_W, causal=False, scale=scaling)[None], None


def flex_row(
    module: nn.Module,  # noqa: ARG001 (as above)
    query_BHQD: Tensor,
    key_BHLD: Tensor,
    value_BHLD: Tensor,
    attention_mask: Tensor | None,  # noqa: ARG001 (as above)
    *,
    block_mask: flex.BlockMask,
    scaling: float | None = None,
    **_: Any,
) -> tuple[Tensor, None]:
    """A shared row under a block mask, compiled where there is a GPU to compile for."""
    attend = _compiled() if query_BHQD.is_cuda else flex.flex_attention
    grouped = query_BHQD.shape[1] != key_BHLD.shape[1]
    out_BHQD = attend(query_BHQD, key_BHLD, value_BHLD, block_mask=block_mask, scale=scaling, enable_gqa=grouped)
    return out_BHQD.transpose(1, 2).contiguous(), None


_COMPILED: list[Any] = []


def _compiled() -> Any:
    if not _COMPILED:
        _COMPILED.append(torch.compile(flex.flex_attention))
    return _COMPILED[0]


def row_block_mask(prompt: int, answer_lengths: tuple[int, ...], device: str) -> flex.BlockMask:
    """What each token of a shared row sees, for flex_attention: -1 owns the prompt, k the k-th answer."""
    lengths = torch.tensor([prompt, *answer_lengths])
    owner_L = torch.repeat_interleave(torch.arange(-1, len(answer_lengths)), lengths).to(device)

    def sees(_b: Tensor, _h: Tensor, q: Tensor, k: Tensor) -> Tensor:
        return (q >= k) & ((owner_L[k] == -1) | (owner_L[k] == owner_L[q]))

    total = int(lengths.sum())
    return flex.create_block_mask(sees, None, None, total, total, device=device)


for _name, _function in ((VARLEN_ROW, varlen_row), (FLEX_ROW, flex_row), (VARLEN_WINDOWS, varlen_windows)):
    AttentionInterface.register(_name, _function)
    AttentionMaskInterface.register(_name, sdpa_mask)
