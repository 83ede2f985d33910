"""K answers continue one prompt side by side: its keys and values are in memory once, and read once for each token.

The K newest tokens are one row after the prompt, and a mask shows each of them the prompt and its own answer. A token
is drawn by inverting the cumulative distribution at a given number, so that the noise is the caller's.

Axes: K answer, T new token, V vocabulary, S tokens written so far by all answers.
"""

from collections.abc import Collection
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from stages.models.video_llm.generate import Prefix


@dataclass(frozen=True)
class TokenDraw:
    """How tokens are drawn."""

    temperature: float = 1.0
    """0 for the likeliest token."""
    top_p: float = 1.0
    """Only the likeliest tokens that have this share of the probability together may be drawn."""

    def drawn(self, logits_KV: Tensor, noise_K: Tensor) -> Tensor:
        """One token for each row, (K,); `noise_K`: a number from 0 to below 1 for each."""
        if self.temperature == 0:
            return logits_KV.argmax(-1)
        ordered = logits_KV.double().div(self.temperature).softmax(-1).sort(dim=-1, descending=True, stable=True)
        share_KV = ordered.values.cumsum(-1)
        before_KV = share_KV - ordered.values
        within_K = (before_KV < self.top_p).sum(-1, keepdim=True)  # the likeliest token always is
        target_K1 = noise_K.to(share_KV)[:, None] * share_KV.gather(-1, within_K - 1)
        place_K1 = torch.searchsorted(share_KV, target_K1, right=True).minimum(within_K - 1)
        return ordered.indices.gather(-1, place_K1)[:, 0]


@torch.no_grad()
def samples(
    model: nn.Module,
    prefix: Prefix,
    noise_KT: Tensor,
    sampling: TokenDraw,
    stops: Collection[int],
    *,
    shared: bool = True,
) -> list[list[int]]:
    """The tokens of K answers, each up to a stop and with it, or as many as there are positions.

    Args:
        model: as for `read_prompt`.
        prefix: the prompt; its cache is used up.
        noise_KT: for each token of each answer the number by which it is drawn, from 0 to below 1.
        sampling: how.
        stops: tokens that end an answer.
        shared: whether answers share the prompt; if not, they are written one after the other (`unshared_because`).
    """
    noise_KT = noise_KT.to(prefix.logits_V.device)
    if not shared:
        copies = [replace(prefix, cache=deepcopy(prefix.cache)) for _ in noise_KT]
        alone = zip(copies, noise_KT, strict=True)
        return [_side_by_side(model, one, noise_T[None], sampling, stops, mask=False)[0] for one, noise_T in alone]
    return _side_by_side(model, prefix, noise_KT, sampling, stops, mask=True)


def _side_by_side(
    model: nn.Module, prefix: Prefix, noise_KT: Tensor, sampling: TokenDraw, stops: Collection[int], *, mask: bool
) -> list[list[int]]:
    written: list[list[int]] = [[] for _ in noise_KT]
    cache, room, read = prefix.cache, prefix.positions.shape[-1], prefix.cache.get_seq_length()
    open_K = torch.arange(len(noise_KT), device=noise_KT.device)
    owner_S = open_K[:0]
    logits_KV = prefix.logits_V.expand(len(noise_KT), -1)
    for place in range(room):
        tokens_K = sampling.drawn(logits_KV, noise_KT[open_K, place])
        for answer, token in zip(open_K.tolist(), tokens_K.tolist(), strict=True):
            written[answer].append(token)
        going = [written[answer][-1] not in stops for answer in open_K.tolist()]
        if place == room - 1 or not any(going):
            break
        open_K, tokens_K = open_K[going], tokens_K[going]
        owner_S = torch.cat((owner_S, open_K))
        out = model(
            input_ids=tokens_K[None],
            position_ids=prefix.positions[..., place : place + 1].expand(*prefix.positions.shape[:-1], len(open_K)),
            past_key_values=cache,
            use_cache=True,
            **(_attention(owner_S, open_K, read) if mask else {}),
        )
        logits_KV = out.logits[0]
    return written


def _attention(owner_S: Tensor, open_K: Tensor, read: int) -> dict[str, Any]:
    """Each newest token sees the prompt, of that many tokens, and its own answer up to itself."""
    own_KS = owner_S[None] == open_K[:, None]
    return {"attention_mask": pad(own_KS, (read, 0), value=True)[None, None], "split_at": 0}
