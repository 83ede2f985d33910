"""What bench-gpu measures beside whole steps: the tower, attention of a row, alignment, bfloat16's noise.

Axes: L row token, D hidden size, K answer, T answer token.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention as sdpa

from stages.models.video_llm.attention import SPLIT_ATTENTION, WINDOW_ATTENTION, answer_mask, row_mask
from stages.models.video_llm.score import score
from tests.benchmarks import gpu_attention as others
from tests.benchmarks import train_plain as theirs
from tests.benchmarks.gpu_flops import Costs
from tests.benchmarks.gpu_meter import Line, Meter
from tests.benchmarks.train_counts import Rows
from tests.benchmarks.train_model import Shape, family_of, make_group

ANSWERS = 2


def tower(meter: Meter, model: Any, shape: Shape) -> None:
    """Forward of the vision tower in three ways, each held against the first."""
    visual = model.get_base_model().model.visual
    group = make_group(shape, 1).to(model.device)
    pixels = group.vision["pixel_values_videos"].to(visual.dtype)
    kept: list[Tensor] = []

    def measure(name: str) -> Line:
        @torch.no_grad()
        def forward() -> Tensor:
            out = visual(pixels, grid_thw=group.vision["video_grid_thw"])
            return getattr(out, "pooler_output", out)

        with _attention_of(visual.config, name):
            made = _whole(forward()).float()
            kept.append(made)
            difference = float((made - kept[0]).abs().max() / kept[0].abs().max())
            return {**meter.timed(forward), "largest_relative_difference": difference}

    ways = {"python loop": "sdpa", "one batched call": WINDOW_ATTENTION, "varlen_attn": others.VARLEN_WINDOWS}
    for name, attention in ways.items():
        line = meter.attempt("tower", f"vision tower, {name}", lambda attention=attention: measure(attention))
        if "seconds" in line:
            line["flops_per_second"] = Costs(shape).tower() / line["seconds"]


def _whole(features: Any) -> Tensor:
    return torch.cat(tuple(features)) if isinstance(features, tuple | list) else features


@contextmanager
def _attention_of(config: Any, name: str) -> Iterator[None]:
    before = config._attn_implementation
    config._attn_implementation = name
    try:
        yield
    finally:
        config._attn_implementation = before


@dataclass(frozen=True)
class RowWay:
    """One way to send a prompt and its answers through the language model."""

    attention: str
    mask: Callable[[], Tensor | None]
    extra: Callable[[], dict[str, Any]]
    separate: bool = False
    """A row for each answer, and no shared prompt."""


def row_attention(meter: Meter, model: Any, shape: Shape) -> None:
    """Forward and backward of the language model over prompt and two answers, checkpointed, in five ways."""
    prompt, lengths = shape.prompt_tokens, (shape.answer_tokens,) * ANSWERS
    language = model.get_base_model().model.language_model
    embeds_LD = torch.randn(prompt + sum(lengths), shape.text["hidden_size"], device=model.device) * 0.02
    kept: list[Tensor] = []

    def small() -> Tensor:
        return answer_mask(prompt, lengths, meter.device)

    ways = {
        "two separate rows": RowWay(SPLIT_ATTENTION, lambda: None, dict, separate=True),
        "dense mask": RowWay(SPLIT_ATTENTION, lambda: row_mask(prompt, lengths, meter.device), dict),
        "split": RowWay(SPLIT_ATTENTION, small, lambda: {"split_at": prompt}),
        "varlen_attn": RowWay(others.VARLEN_ROW, small, lambda: {"split_at": prompt, "answer_lengths": lengths}),
        "flex_attention": RowWay(
            others.FLEX_ROW, small, lambda: {"block_mask": others.row_block_mask(prompt, lengths, meter.device)}
        ),
    }

    def measure(way: RowWay) -> Line:
        given = _row_inputs(way, embeds_LD.to(model.dtype), prompt, lengths)

        def forward() -> Tensor:
            answers_KTD = _answers(language(**given, use_cache=False).last_hidden_state, way, prompt, lengths)
            answers_KTD.float().square().mean().backward()
            return answers_KTD.detach()

        with _attention_of(language.config, way.attention), _autocast(meter):
            made = forward().float()
            kept.append(made)
            difference = float((made - kept[0]).abs().max() / kept[0].abs().max())
            line = meter.timed(forward)
        model.zero_grad(set_to_none=True)
        return {**line, "largest_relative_difference": difference}

    for name, way in ways.items():
        line = meter.attempt("attention", f"language model, {name}", lambda way=way: measure(way))
        if "seconds" in line:
            rows = Rows(ANSWERS if way.separate else 1, ANSWERS)
            line["tokens_per_second"] = rows.tokens(shape) / line["seconds"]


def _row_inputs(way: RowWay, embeds_LD: Tensor, prompt: int, lengths: tuple[int, ...]) -> dict[str, Any]:
    """Arguments of the language model; every answer's positions go on from the prompt's end."""
    answers = [torch.arange(prompt, prompt + length) for length in lengths]
    if way.separate:
        rows = [torch.cat((embeds_LD[:prompt], own)) for own in embeds_LD[prompt:].split(lengths)]
        embeds, places = torch.stack(rows), torch.stack([torch.cat((torch.arange(prompt), own)) for own in answers])
    else:
        embeds, places = embeds_LD[None], torch.cat((torch.arange(prompt), *answers))[None]
    return {
        "inputs_embeds": embeds.requires_grad_(),
        "position_ids": places.expand(3, -1, -1).to(embeds.device),
        "attention_mask": way.mask(),
        **way.extra(),
    }


def _answers(hidden_BLD: Tensor, way: RowWay, prompt: int, lengths: tuple[int, ...]) -> Tensor:
    """Hidden states at the answers' tokens, (K, T, D)."""
    own = hidden_BLD[:, prompt:]
    return own if way.separate else torch.stack(own[0].split(lengths))


def _autocast(meter: Meter) -> torch.autocast:
    return torch.autocast(meter.device, torch.bfloat16)


def alignment(meter: Meter, shape: Shape) -> None:
    """To which end varlen_attn aligns its causal mask where there are fewer queries than keys."""

    def measure() -> Line:
        heads, size, queries, keys = 4, shape.text["hidden_size"] // shape.text["num_attention_heads"], 60, 1000
        query, key, value = (
            torch.randn(length, heads, size, device=meter.device, dtype=torch.bfloat16)
            for length in (queries, keys, keys)
        )
        starts_q, starts_k = (torch.tensor([0, n], device=meter.device, dtype=torch.int32) for n in (queries, keys))
        made = others.varlen(query, key, value, starts_q, starts_k, causal=True)
        off = {}
        for end, first in (("bottom right", keys - queries), ("top left", 0)):
            sees = torch.ones(queries, keys, dtype=torch.bool, device=meter.device).tril(first)
            rows = (x.transpose(0, 1)[None].float() for x in (query, key, value))
            expected = sdpa(*rows, attn_mask=sees)[0].transpose(0, 1)
            off[end] = float((made.float() - expected).abs().max())
        return {"aligned": min(off, key=lambda end: off[end]), "largest_difference": off}

    meter.attempt("alignment", "varlen_attn, 60 queries over 1,000 keys, causal", measure)


def noise(meter: Meter, model: Any, shape: Shape) -> None:
    """|delta logprob| in bfloat16: shared against unshared, and unshared against unshared in another batch."""
    group = make_group(shape, ANSWERS).to(model.device)
    rows = [theirs.Row(group, answer) for answer in range(ANSWERS)]

    @torch.no_grad()
    def measure() -> Line:
        with _autocast(meter):
            shared = score(model, family_of(shape), group).logprobs_KT
            together = torch.stack([answer.logprobs_T for answer in theirs.score_rows(model, rows)])
            alone = torch.stack([theirs.score_rows(model, [row])[0].logprobs_T for row in rows])
        pairs = {"shared - batch of 2": shared - together, "shared - alone": shared - alone}
        pairs["batch of 2 - alone"] = together - alone
        return {
            name: {"largest": float(off.abs().max()), "mean": float(off.abs().mean())} for name, off in pairs.items()
        }

    model.eval()
    meter.attempt("noise", f"bfloat16 |delta logprob|, prompt of {shape.prompt_tokens:,}", measure)
    model.train()
