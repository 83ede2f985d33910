"""A group becomes per-token log-probabilities. Axes: K answer, T answer token, D hidden size."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import pad_sequence

from schemas.errors import ModelError
from stages.models.video_llm.attention import answer_mask, row_mask
from stages.models.video_llm.chat import bare
from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.family import ModelFamily, VisionFeatures

HALF = (torch.float16, torch.bfloat16)
HALF_LIMIT = 0.1
"""Nats: in half precision two unshared runs of different shape differ by 0.01 to 0.03 already."""


class ScorePath(StrEnum):
    """How the answers share the prompt; every path has the same result."""

    UNSHARED = "unshared"
    """One row per answer: the oracle."""
    MASK = "mask"
    """One row for all, with a dense boolean mask."""
    SPLIT = "split"
    """One row for all, with attention split into prompt and answers: fast kernels, no dense mask."""


@dataclass(frozen=True)
class Scores:
    """log pi(y_t | visual, question, y_<t) of K answers, padded to the longest."""

    logprobs_KT: Tensor
    """float32, or float64 if the model is; 0 at padding."""
    mask_KT: Tensor
    """bool: True at the answers' tokens, EOS included."""
    hidden_KTD: Tensor | None = None
    """Hidden states that went into the head at those positions, on request; 0 at padding."""

    def to(self, device: torch.device) -> "Scores":
        """The same on another device."""
        hidden = None if self.hidden_KTD is None else self.hidden_KTD.to(device)
        return Scores(self.logprobs_KT.to(device), self.mask_KT.to(device), hidden)

    @property
    def sums_K(self) -> Tensor:
        """Log pi(y | visual, question), (K,)."""
        return self.logprobs_KT.sum(-1)

    @property
    def lengths_K(self) -> Tensor:
        """Tokens of each answer, (K,)."""
        return self.mask_KT.sum(-1)


@dataclass(frozen=True)
class PathCheck:
    """The result of the comparison of paths at the start of a run."""

    path: ScorePath
    """The path that the run should use."""
    largest_difference: float
    """Largest |delta logprob| of `split` against `unshared`, in nats."""
    limit: float
    """In nats."""
    warning: str | None
    """Null if `split` was exact in float32; else one line with the difference and the path that is used instead."""

    def line(self) -> str:
        """One line: how answers share their prompt, and how far that is from one plain row per answer."""
        if self.path is ScorePath.UNSHARED:
            return "answers do not share their prompt: unshared"
        return f"answers share their prompt: {self.path.value}, off by {self.largest_difference:.1e} nats"


def score(
    model: nn.Module,
    family: ModelFamily,
    encoded: EncodedGroup,
    *,
    path: ScorePath = ScorePath.SPLIT,
    features: VisionFeatures | None = None,
    hidden: bool = False,
) -> Scores:
    """Score the K answers of one group. Gradients flow; adapters are as the caller left them (off = reference).

    Args:
        model: what `family.load` gave, bare, under peft or under a distributed wrapper.
        family: its family.
        encoded: the group, on any device.
        path: `family.unshared_because` must be null for MASK and SPLIT.
        features: the visual's features if they are known; else the tower runs, once.
        hidden: return the hidden states at the answers' positions too.
    """
    if path is not ScorePath.UNSHARED and family.unshared_because:
        raise ModelError(f"{family.name} cannot be scored by path {path}: {family.unshared_because}; use unshared")
    encoded = encoded.to(next(model.parameters()).device)
    with _head_inputs(model, wanted=hidden) as seen:
        if path is ScorePath.UNSHARED:
            logits = _unshared(model, family, encoded, features)
        else:
            logits = _shared(model, family, encoded, features, path)
    return _gather(encoded, logits, seen if hidden else None)


def _unshared(
    model: nn.Module, family: ModelFamily, encoded: EncodedGroup, features: VisionFeatures | None
) -> list[Tensor]:
    """One forward per answer, no padding, no mask: logits (T_k, V) each."""
    features = features or family.features(model, encoded)
    logits = []
    for answer_ids_T in encoded.answer_ids:
        out = model(
            input_ids=torch.cat((encoded.prompt_ids_P, answer_ids_T))[None],
            position_ids=family.positions(model, encoded, answer_ids_T),
            mm_encoder_outputs=family.encoder_outputs(features),
            logits_to_keep=encoded.prompt_length - 1 + torch.arange(len(answer_ids_T), device=answer_ids_T.device),
            use_cache=False,
        )
        logits.append(out.logits[0])
    return logits


def _shared(
    model: nn.Module, family: ModelFamily, encoded: EncodedGroup, features: VisionFeatures | None, path: ScorePath
) -> list[Tensor]:
    """One forward over the row [prompt][answer 1]...[answer K]: logits (T_k, V) each."""
    prompt, lengths, device = encoded.prompt_length, encoded.answer_lengths, encoded.prompt_ids_P.device
    if features is None:
        visual: dict[str, Any] = dict(
            encoded.vision
        )  # through the forward, where distributed wrappers have gathered the tower
    else:
        visual = {"mm_encoder_outputs": family.encoder_outputs(features)}
    if path is ScorePath.SPLIT:
        attention: dict[str, Any] = {"attention_mask": answer_mask(prompt, lengths, device), "split_at": prompt}
    else:
        attention = {"attention_mask": row_mask(prompt, lengths, device)}
    out = model(
        input_ids=torch.cat((encoded.prompt_ids_P, *encoded.answer_ids))[None],
        position_ids=_row_positions(model, family, encoded),
        logits_to_keep=_predicting(prompt, lengths).to(device),
        use_cache=False,
        **visual,
        **attention,
    )
    return list(torch.split(out.logits[0], list(lengths)))


def _row_positions(model: nn.Module, family: ModelFamily, encoded: EncodedGroup) -> Tensor:
    """The prompt's positions once, then those of each answer as if it were alone after the prompt."""
    alone = [family.positions(model, encoded, answer_ids_T) for answer_ids_T in encoded.answer_ids]
    return torch.cat((alone[0], *(places[..., encoded.prompt_length :] for places in alone[1:])), dim=-1)


def _predicting(prompt_length: int, answer_lengths: tuple[int, ...]) -> Tensor:
    """Index in the row of the token that predicts each answer token: the prompt's last, or the one before."""
    rows, start = [], prompt_length
    for length in answer_lengths:
        rows += [prompt_length - 1, *range(start, start + length - 1)]
        start += length
    return torch.tensor(rows)


@contextmanager
def _head_inputs(model: nn.Module, *, wanted: bool) -> Iterator[list[Tensor]]:
    """Collect what goes into the head, only at the kept positions, whatever wraps the model."""
    seen: list[Tensor] = []
    if not wanted:
        yield seen
        return
    hook = bare(model).get_output_embeddings().register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0][0]))
    try:
        yield seen
    finally:
        hook.remove()


def _gather(encoded: EncodedGroup, logits: list[Tensor], head_inputs: list[Tensor] | None) -> Scores:
    """Log softmax at each answer's own tokens, in float32 or better, padded to (K, T)."""
    logprobs = [
        -cross_entropy(rows_TV if rows_TV.dtype == torch.float64 else rows_TV.float(), ids_T, reduction="none")
        for rows_TV, ids_T in zip(logits, encoded.answer_ids, strict=True)
    ]
    lengths_K = torch.tensor(encoded.answer_lengths, device=encoded.prompt_ids_P.device)
    mask_KT = torch.arange(int(lengths_K.max()), device=lengths_K.device) < lengths_K[:, None]
    hidden = None
    if head_inputs is not None:
        hidden = pad_sequence(list(torch.split(torch.cat(head_inputs), list(encoded.answer_lengths))), batch_first=True)
    return Scores(pad_sequence(logprobs, batch_first=True), mask_KT, hidden)


def compare_paths(
    model: nn.Module,
    family: ModelFamily,
    encoded: EncodedGroup,
    *,
    limit: float = 1e-4,
    warn: Callable[[str], None] | None = None,
) -> PathCheck:
    """Compare SPLIT with UNSHARED in float32 on one group; if they differ, fall back to MASK, then to UNSHARED.

    A model in half precision is converted to float32 for it and back, bit for bit, so call this before a distributed
    wrapper holds the weights. If memory does not allow it, the comparison is in half precision, up to `HALF_LIMIT`.
    `warn` gets a line about a fallback, and about that.
    """
    if family.unshared_because:
        reason = f"{family.name} is scored unshared, each answer with its own prompt: {family.unshared_because}"
        return _warned(PathCheck(ScorePath.UNSHARED, 0.0, limit, reason), warn)
    in_float32 = _in_float32(model, family, encoded)
    if in_float32 is None:
        release_memory()
        limit = HALF_LIMIT
    precision = "float32" if in_float32 else "half precision (no memory for float32)"
    split, mask = in_float32 or _in_half(model, family, encoded)
    found = f"split differs from unshared by {split:.1e} nats in {precision}, limit {limit:.0e}"
    if split <= limit:
        return _warned(PathCheck(ScorePath.SPLIT, split, limit, None if precision == "float32" else found), warn)
    if mask <= limit:
        return _warned(PathCheck(ScorePath.MASK, split, limit, f"{found}: scored by mask, slower"), warn)
    reason = f"{found}, mask by {mask:.1e}: scored unshared, each answer with its own prompt"
    return _warned(PathCheck(ScorePath.UNSHARED, split, limit, reason), warn)


def _in_float32(model: nn.Module, family: ModelFamily, encoded: EncodedGroup) -> tuple[float, float] | None:
    """`_differences` in float32; None if memory does not allow it.

    Both `except` blocks are left before anything else is allocated: an error that is being handled keeps the tensors
    of the failed pass alive, and the way back to half precision needs memory too.
    """
    try:
        with _at_least_float32(model):
            try:
                return _differences(model, family, encoded)
            except torch.OutOfMemoryError:
                pass
            release_memory()
    except torch.OutOfMemoryError:
        pass
    return None


def _in_half(model: nn.Module, family: ModelFamily, encoded: EncodedGroup) -> tuple[float, float]:
    """`_differences` in half precision, float32 weights too, be they adapters'."""
    weights = list(model.parameters())
    dtype = next((weight.dtype for weight in weights if weight.dtype in HALF), torch.bfloat16)
    with torch.autocast(weights[0].device.type, dtype):
        return _differences(model, family, encoded)


def release_memory() -> None:
    """Give memory that no tensor holds back to the device."""
    gc.collect()
    torch.cuda.empty_cache()


@torch.no_grad()
def _differences(model: nn.Module, family: ModelFamily, encoded: EncodedGroup) -> tuple[float, float]:
    """Largest |delta logprob| of SPLIT and MASK against UNSHARED, without dropout, which differs in every pass."""
    with evaluating(model):
        oracle = score(model, family, encoded, path=ScorePath.UNSHARED).logprobs_KT
        split, mask = (
            score(model, family, encoded, path=path).logprobs_KT for path in (ScorePath.SPLIT, ScorePath.MASK)
        )
    return float((split - oracle).abs().max()), float((mask - oracle).abs().max())


def _warned(check: PathCheck, warn: Callable[[str], None] | None) -> PathCheck:
    if warn is not None and check.warning is not None:
        warn(check.warning)
    return check


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Put a model in evaluation mode; every module's mode is restored."""
    training = [module for module in model.modules() if module.training]
    model.eval()
    try:
        yield
    finally:
        for module in training:
            module.training = True


@contextmanager
def _at_least_float32(model: nn.Module) -> Iterator[None]:
    """Half-precision weights become float32, and quantised ones compute in it; the way back is exact."""
    halves = [x for x in (*model.parameters(), *model.buffers()) if x.dtype in HALF]
    quantised: list[Any] = [module for module in model.modules() if getattr(module, "compute_dtype", None) in HALF]
    dtypes = [tensor.dtype for tensor in halves]
    compute_dtypes = [module.compute_dtype for module in quantised]
    try:
        for tensor in halves:
            tensor.data = tensor.data.float()
        for module in quantised:
            module.compute_dtype = torch.float32
        yield
    finally:
        for tensor, dtype in zip(halves, dtypes, strict=True):
            tensor.data = tensor.data.to(dtype)
        for module, dtype in zip(quantised, compute_dtypes, strict=True):
            module.compute_dtype = dtype
