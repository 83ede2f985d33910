"""One group as a model sees it: token ids and the visual's tensors. Axes: K answer, P prompt token, T answer token."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor


@dataclass(frozen=True)
class EncodedGroup:
    """One visual, one question and K answers as input of `score`. Made by a `ModelFamily`, on the CPU."""

    prompt_ids_P: Tensor
    """int64: all tokens before the answer, with the visual's placeholders and the generation prompt."""
    answer_ids: tuple[Tensor, ...]
    """K times int64 (T_k,): each answer's tokens; only the last is EOS."""
    vision: Mapping[str, Tensor]
    """The visual as keyword arguments of the model (pixel_values_videos, video_grid_thw, second_per_grid_ts, ...)."""
    token_types_P: Tensor | None = None
    """int64: 0 text, 1 image, 2 video, for each prompt token; null if the family has no such input."""

    def __post_init__(self) -> None:
        if not self.answer_ids or any(ids.ndim != 1 or ids.numel() == 0 for ids in self.answer_ids):
            raise ValueError(f"each answer needs at least one token, got {[tuple(i.shape) for i in self.answer_ids]}")

    @property
    def answers(self) -> int:
        """K."""
        return len(self.answer_ids)

    @property
    def prompt_length(self) -> int:
        """P, in tokens."""
        return int(self.prompt_ids_P.numel())

    @cached_property
    def answer_lengths(self) -> tuple[int, ...]:
        """T_k, in tokens, with EOS."""
        return tuple(int(ids.numel()) for ids in self.answer_ids)

    @cached_property
    def vision_key(self) -> str:
        """SHA-256 of `vision`: the name of the visual in caches."""
        digest = hashlib.sha256()
        for name, tensor in sorted(self.vision.items()):
            digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
            digest.update(tensor.detach().cpu().contiguous().numpy().data)
        return digest.hexdigest()

    def to(self, device: torch.device) -> "EncodedGroup":
        """The group on another device."""
        types = None if self.token_types_P is None else self.token_types_P.to(device)
        vision = {name: tensor.to(device) for name, tensor in self.vision.items()}
        return EncodedGroup(self.prompt_ids_P.to(device), tuple(x.to(device) for x in self.answer_ids), vision, types)

    @property
    def shared_tokens(self) -> int:
        """Tokens of the row that holds the prompt once: P + sum T_k."""
        return self.prompt_length + sum(self.answer_lengths)
