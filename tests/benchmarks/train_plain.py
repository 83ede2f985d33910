"""What others do, written plainly with transformers: a row for each answer, the video encoded for each row.

Rows go through the model two at a time, as trainers that put chosen and rejected answer side by side send them. Only
the answers' positions reach the head, and the vision tower makes one attention call a layer, which not all of them
have: both in their favour. The losses are written out here once more, from the papers, so that equal results say
something. Axes: B row, T answer token, V vocabulary.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import kl_div, logsigmoid

from stages.models.video_llm.encoded import EncodedGroup

BETA = 0.1
VISTA = {"relevant": 0.7, "irrelevant": 0.3, "instance": 0.8, "temporal": 0.6, "perceptive": 0.4, "tokens": 0.1}
"""The published weights: b_re, b_ir, w_v, lambda, mu, rho."""
TOKEN_BETA, TOKEN_ALPHA = 0.1, 0.5


@dataclass(frozen=True)
class Row:
    """A visual, a question, one answer."""

    group: EncodedGroup
    answer: int

    @property
    def ids_T(self) -> Tensor:
        """The answer's tokens."""
        return self.group.answer_ids[self.answer]


def logits_of(model: Any, rows: Sequence[Row]) -> Tensor:
    """Logits at the answers' tokens, (B, T, V), of rows of equal length: one forward, every row with its own visual."""
    device = next(model.parameters()).device
    ids = torch.stack([torch.cat((row.group.prompt_ids_P, row.ids_T)) for row in rows])
    types = torch.stack([torch.cat((row.group.token_types_P, torch.zeros_like(row.ids_T))) for row in rows])
    vision = {name: torch.cat([row.group.vision[name] for row in rows]).to(device) for name in rows[0].group.vision}
    kept = rows[0].ids_T.numel() + 1
    out = model(
        input_ids=ids.to(device),
        mm_token_type_ids=types.to(device),
        logits_to_keep=kept,
        use_cache=False,
        **vision,
    )
    return out.logits[:, :-1]


@dataclass(frozen=True)
class Answer:
    """What one sequence came to."""

    logprobs_V: Tensor
    """log pi of all tokens, (T, V); kept for the KL."""
    logprobs_T: Tensor
    """Of the answer's own."""


def score_rows(model: Any, rows: Sequence[Row]) -> list[Answer]:
    """The rows two at a time."""
    found = []
    for start in range(0, len(rows), 2):
        pair = rows[start : start + 2]
        logits_BTV = logits_of(model, pair)
        dtype = torch.promote_types(logits_BTV.dtype, torch.float32)
        for row, logits_TV in zip(pair, logits_BTV, strict=True):
            all_TV = logits_TV.to(dtype).log_softmax(-1)
            found.append(Answer(all_TV, all_TV.gather(-1, row.ids_T.to(all_TV.device)[:, None])[:, 0]))
    return found


def reference_of(model: Any, rows: Sequence[Row]) -> list[Answer]:
    """The same with the adapter off and without gradient: the reference, scored on the spot."""
    with torch.no_grad(), model.disable_adapter():
        return score_rows(model, rows)


def pair_step(model: Any, group: EncodedGroup) -> float:
    """DPO on chosen and every rejected answer, each pair for itself; gives the mean loss."""
    total, pairs = 0.0, group.answers - 1
    for rejected in range(1, group.answers):
        rows = [Row(group, 0), Row(group, rejected)]
        policy, reference = score_rows(model, rows), reference_of(model, rows)
        chosen, other = (delta(*answers) for answers in zip(policy, reference, strict=True))
        loss = -logsigmoid(BETA * (chosen - other)) / pairs
        loss.backward()
        total += loss.item()
    return total


def delta(policy: Answer, reference: Answer) -> Tensor:
    """Sum of log pi_theta - log pi_ref over the tokens of y."""
    return policy.logprobs_T.sum() - reference.logprobs_T.sum()


def vista_rows(visuals: Sequence[EncodedGroup]) -> list[Row]:
    """The eight scored answers: y_w, y_re, y_ir on the video; y_w on v_l, c_w, c_l, f_w, f_l."""
    own, *others = visuals
    return [Row(own, 0), Row(own, 1), Row(own, 2), *(Row(other, 0) for other in others)]


def vista_step(
    model: Any, visuals: Sequence[EncodedGroup], reference: Callable[[Sequence[Row]], list[Answer]]
) -> float:
    """VistaDPO's five terms, all eight answers with gradients."""
    rows = vista_rows(visuals)
    loss = vista_loss(score_rows(model, rows), reference(rows))
    loss.backward()
    return loss.item()


def released_step(model: Any, visuals: Sequence[EncodedGroup]) -> float:
    """The released trainer's work: 16 sequences by the policy and 16 by the reference, 2 of them with gradients.

    Which 16 they are does not matter for the work: here each of the eight twice. The loss has the same value, its
    gradient reaches y_w and y_re on the video alone.
    """
    rows = vista_rows(visuals)
    policy = score_rows(model, rows[:2])
    with torch.no_grad():
        policy += score_rows(model, rows[2:])
        score_rows(model, rows)
    reference = reference_of(model, rows)
    reference_of(model, rows)
    loss = vista_loss(policy, reference)
    loss.backward()
    return loss.item()


def vista_loss(policy: Sequence[Answer], reference: Sequence[Answer]) -> Tensor:
    """L_r + w_v L_v + lambda L_c + mu L_o + rho L_t (arXiv 2504.13122), L_t as TDPO2 (arXiv 2404.11999)."""
    w, re, ir, v_l, c_w, c_l, f_w, f_l = (delta(*answers) for answers in zip(policy, reference, strict=True))
    k_w, k_re = (sequential_kl(policy[number], reference[number]) for number in (0, 1))
    response = -logsigmoid(BETA * (w - VISTA["relevant"] * re - VISTA["irrelevant"] * ir))
    instance = -logsigmoid(BETA * (w - v_l))
    temporal = -logsigmoid(BETA * (c_w - c_l))
    perceptive = -logsigmoid(BETA * (f_w - f_l))
    tokens = -logsigmoid(TOKEN_BETA * (w - re - TOKEN_ALPHA * (k_re - k_w.detach())))
    return (
        response
        + VISTA["instance"] * instance
        + VISTA["temporal"] * temporal
        + VISTA["perceptive"] * perceptive
        + VISTA["tokens"] * tokens
    )


def sequential_kl(policy: Answer, reference: Answer) -> Tensor:
    """K(y): KL(pi_ref || pi_theta), summed over the answer's tokens."""
    return kl_div(policy.logprobs_V, reference.logprobs_V, log_target=True, reduction="sum")
